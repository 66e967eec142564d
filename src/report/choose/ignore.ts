import type { SessionReport } from '../contract.js'

/** A session without the findings to be ignored, unless one of them explains why it did not work. */
export function withoutIgnored(session: SessionReport, ignored: ReadonlySet<string>): SessionReport {
  const { findings, verdict } = session
  const isKept = ({ id }: { id: string }): boolean => !ignored.has(id) || id === verdict.cause
  return ignored.size === 0 || findings.every(isKept) ? session : { ...session, findings: findings.filter(isKept) }
}
