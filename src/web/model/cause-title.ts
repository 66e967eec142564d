import type { SessionReport } from '../../report/contract.js'
import { printable } from '../../report/text/printable.js'

/** Why a session went as it did, in the few words of a table; empty where all went well. */
export function causeTitle({ verdict, findings }: SessionReport): string {
  if (verdict.cause === null) return ''
  return printable(findings.find(({ id }) => id === verdict.cause)?.title ?? verdict.cause)
}
