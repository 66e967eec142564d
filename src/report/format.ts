import type { Analysis, SessionReport } from './contract.js'
import type { Utf8Encoder } from './json/json-store.js'
import { plainStyle, type Style } from './style.js'

/** What a table has a row for. */
export const ROW_KINDS = ['sessions', 'transfers', 'exchanges', 'findings'] as const
export type RowKind = (typeof ROW_KINDS)[number]

/** How a report for people looks; formats for programs ignore what does not concern them. */
export interface ReportOptions {
  /** Columns that a line may take. */
  width: number
  style: Style
  /** Sessions asked for by id: these are shown with all details, whatever their verdict; `null` for the usual choice. */
  chosen: ReadonlySet<number> | null
  /** All sessions, and all that are not ok in full, however many there are. */
  all: boolean
  rows: RowKind
}

export const DEFAULT_OPTIONS: ReportOptions = {
  width: 100,
  style: plainStyle,
  chosen: null,
  all: false,
  rows: 'sessions',
}

/** One way to write an analysis down. */
export interface ReportFormat {
  /** The report in pieces, each of whole or partial lines, to be written one behind the other. */
  report(analysis: Analysis, options: ReportOptions): Iterable<string>
  /** For formats that can write each session as it ends, so that none is kept. */
  parts?: ReportParts
  /** For formats that can write each session down as it ends, though it stands behind what is known last. */
  gather?(utf8: Utf8Encoder): GatheredReport
}

/** A report that keeps of each session what it writes of it, which is less than the analysis would keep. */
export interface GatheredReport {
  add(session: SessionReport): void
  /** The id that a session has in the report, when all have been added (`AnalyzeOptions.idOf`). */
  idOf(id: number): number
  /** With the analysis of the input, which holds no sessions. */
  report(analysis: Analysis): Iterable<string | Uint8Array>
}

/** A report as what stands before the sessions, each session, and what comes once the analysis, then without sessions, is known. */
export interface ReportParts {
  head(options: ReportOptions): string
  session(session: SessionReport, options: ReportOptions): string
  tail(analysis: Analysis, options: ReportOptions): string
}

/** The format that is made of these parts. */
export function formatOf(parts: ReportParts): ReportFormat {
  return {
    parts,
    *report(analysis, options) {
      yield parts.head(options)
      for (const session of analysis.sessions) yield parts.session(session, options)
      yield parts.tail(analysis, options)
    },
  }
}
