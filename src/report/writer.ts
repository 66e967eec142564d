import type { Analysis, SessionReport } from './contract.js'

/** Writes one report. It is given each session as it ends, then the analysis; or, of a finished analysis, all sessions with that. */
export interface ReportWriter {
  /**
   * What it holds of the sessions that it was given until the end: nothing when it writes each at once, their text, or all of them.
   * With nothing, text comes while captures are read; with all, it is of no use to hold back sessions to save memory.
   */
  readonly keeps: 'nothing' | 'texts' | 'sessions'
  /** The next session that has ended, under the id that it had while it was open; returns the text to be written by now. */
  session(session: SessionReport): string
  /** The id under which the report shows a session that was given so; asked when all have been. */
  idOf(id: number): number
  /** The rest of the report in pieces, each of whole or partial lines. `analysis` holds the sessions that were not given before. */
  end(analysis: Analysis): Iterable<string | Uint8Array<ArrayBuffer>>
}
