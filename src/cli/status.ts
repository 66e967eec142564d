/** Exit status of the program. */
export const Status = {
  Done: 0,
  /** Analyzed, and `--fail-on` met; compared with an earlier run, and worse. */
  FindingsMet: 1,
  /** Wrong usage, unreadable or unrecognized input, even if the rest was reported; a report that cannot be written. */
  Failed: 2,
} as const
export type Status = (typeof Status)[keyof typeof Status]
