import type { Session } from '../../correlate/model.js'
import type { SessionFacts } from '../facts/session-facts.js'

/** What remedies depend on: the session, its facts, and its software. */
export interface RemedyContext {
  readonly session: Session
  readonly facts: SessionFacts
  /** Names from the wire; `null` if not recognized. */
  readonly serverSoftware: string | null
  readonly clientSoftware: string | null
}

export function remedyContext(session: Session, facts: SessionFacts): RemedyContext {
  const { serverSoftware, clientSoftware } = session.dialogue
  return { session, facts, serverSoftware, clientSoftware }
}
