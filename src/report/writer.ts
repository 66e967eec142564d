import type { Analysis, SessionReport } from './contract.js'
import type { Numbered } from './summary/session-order.js'

/**
 * Writes one report. It receives each session as it ends, then the analysis; or, for a finished analysis, all sessions
 * with the analysis.
 */
export interface ReportWriter {
  /**
   * What it keeps of the sessions until the end: nothing if it writes each at once, their texts, or all of them. If
   * nothing, text is written while captures are read; if all, holding back sessions saves no memory.
   */
  readonly keeps: 'nothing' | 'texts' | 'sessions'
  /**
   * The next session that has ended, under the id that it had while it was open; returns the text that is ready to be
   * written.
   */
  session(session: SessionReport): string
  /** A session that is not to be shown, which is numbered among the others. */
  leftOut?(session: Numbered): void
  /** The id under which the report shows a session, by the one passed to `session`; called after the last session. */
  idOf(id: number): number
  /**
   * The rest of the report in pieces, each of whole or partial lines. `analysis` contains the sessions that were not
   * passed before.
   */
  end(analysis: Analysis): Iterable<string | Uint8Array<ArrayBuffer>>
}
