/** Remedies of which one is enough, best first: all but the first begin with "or"; those that do not apply are null. */
export function alternatives(...lines: readonly (string | null | false)[]): string[] {
  return lines
    .filter((line): line is string => typeof line === 'string')
    .map((line, index) => (index === 0 ? line : `or ${line}`))
}
