import type { SessionReport } from './contract.js'
import { plainStyle, type Style } from './style.js'
import type { ReportWriter } from './writer.js'

/** What a table has a row for. */
export const ROW_KINDS = ['sessions', 'transfers', 'exchanges', 'findings'] as const
export type RowKind = (typeof ROW_KINDS)[number]

/** How a report for people looks, which formats for programs ignore, and which sessions it shows. */
export interface ReportOptions {
  /** Columns that a line may take. */
  width: number
  style: Style
  /** Sessions asked for by id: these are shown with all details, whatever their verdict; `null` for the usual choice. */
  chosen: ReadonlySet<number> | null
  /** Whether a session belongs in the report; asked once for each, as soon as it is known under which id it is shown. */
  takes: (session: SessionReport) => boolean
  /** All sessions, and all that are not ok in full, however many there are. */
  all: boolean
  rows: RowKind
}

export const DEFAULT_OPTIONS: ReportOptions = {
  width: 100,
  style: plainStyle,
  chosen: null,
  takes: () => true,
  all: false,
  rows: 'sessions',
}

/** One way to write an analysis down. */
export type ReportFormat = (options: ReportOptions) => ReportWriter
