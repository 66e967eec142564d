import type { SessionReport } from '../../report/contract.js'

/** Sessions that are printed below the table of several. */
const MOST = 10

/**
 * What is printed below a table of several sessions: of each cause one session, of the most frequent causes first,
 * since others of that cause differ in addresses and times. Empty if all worked.
 */
export function examplesOfCauses(sessions: readonly SessionReport[]): SessionReport[] {
  const byCause = new Map<string, { first: SessionReport; count: number }>()
  for (const session of sessions) {
    const { outcome, cause } = session.verdict
    if (outcome === 'ok') continue
    const known = byCause.get(cause ?? outcome)
    if (known) known.count++
    else byCause.set(cause ?? outcome, { first: session, count: 1 })
  }
  return [...byCause.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST)
    .map(({ first }) => first)
}
