/** Exit status of the program. */
export const Status = {
  Done: 0,
  /** Analysed, and a finding as severe as `--fail-on` names is there. */
  FindingsMet: 1,
  /** Usage, unreadable or unrecognised input, report that cannot be written. */
  Failed: 2,
} as const
export type Status = (typeof Status)[keyof typeof Status]
