import type { SessionReport } from './contract.js'

/** Takes each session as it ends; the analysis then holds none, and memory does not grow with their number. */
export interface SessionSink {
  session(session: SessionReport): void
  /**
   * The id under which a session is shown, which the summary then names; asked when the last one has been handed out. Without it that is
   * the session's own: sessions are numbered as they begin, those found by their content when they are found, whereas an analysis that
   * holds its sessions numbers them by their first frames.
   */
  idOf?(id: number): number
}
