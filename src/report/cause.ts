import type { SessionReport } from './contract.js'

/** The finding that the verdict names; `undefined` if it names none. */
export function causeOf<Finding extends { id: string }>(session: {
  findings: readonly Finding[]
  verdict: { cause: string | null }
}): Finding | undefined {
  return session.findings.find(({ id }) => id === session.verdict.cause)
}

/** The cause of a session's outcome in a few words, for tables; empty if the session worked. */
export function causeWords({ verdict }: SessionReport): string {
  return verdict.why ?? ''
}
