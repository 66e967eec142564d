import type { Session } from '../../correlate/model.js'
import type { SessionFacts } from '../facts/session-facts.js'
import type { Redactor } from '../words/quote.js'

/** What remedies depend on: the session, its facts, and its software as reports show it. */
export interface RemedyContext {
  readonly session: Session
  readonly facts: SessionFacts
  /** Names from the wire, without secrets; `null` if not recognized. */
  readonly serverSoftware: string | null
  readonly clientSoftware: string | null
}

export function remedyContext(session: Session, facts: SessionFacts, redact: Redactor): RemedyContext {
  const { serverSoftware, clientSoftware } = session.dialogue
  return {
    session,
    facts,
    serverSoftware: serverSoftware === null ? null : redact(serverSoftware),
    clientSoftware: clientSoftware === null ? null : redact(clientSoftware),
  }
}
