import type { SessionReport } from './contract.js'
import type { Numbered } from './summary/session-order.js'

/** Takes each session as it ends; the analysis then contains none, and memory does not grow with their number. */
export interface SessionSink {
  session(session: SessionReport): void
  /** A session that was not chosen, which is numbered among the others. */
  leftOut?(session: Numbered): void
  /**
   * The id under which a session is shown, for the summary; called after the last session was passed on. By default it
   * is the session's own id: sessions are numbered as they begin, or when their content is recognized, whereas an
   * analysis that contains its sessions numbers them by their first frames.
   */
  idOf?(id: number): number
}
