import type { SessionReport } from './contract.js'

/** The finding that the verdict names; `undefined` where it names none. */
export function causeOf<Finding extends { id: string }>(session: {
  findings: readonly Finding[]
  verdict: { cause: string | null }
}): Finding | undefined {
  return session.findings.find(({ id }) => id === session.verdict.cause)
}

/** Why a session went as it did, in the few words of a table; empty where all went well. */
export function causeTitle(session: SessionReport): string {
  return causeOf(session)?.title ?? session.verdict.cause ?? ''
}
