import type { SessionReport } from './contract.js'
import { plainStyle, type Style } from './style.js'
import { type TimeZone, UTC } from './time-zone.js'
import type { ReportWriter } from './writer.js'

/** What a row of a table can be. */
export const ROW_KINDS = ['sessions', 'transfers', 'exchanges', 'findings'] as const
export type RowKind = (typeof ROW_KINDS)[number]

/** How a report for people is laid out (ignored by formats for programs), and which sessions it shows. */
export interface ReportOptions {
  /** Width of a line in columns. */
  width: number
  style: Style
  /**
   * Sessions requested by id: these are shown with all details, whatever their verdict; `null` for the default choice.
   */
  chosen: ReadonlySet<number> | null
  /**
   * Whether a session belongs in the report; called once for each, as soon as its final id is known. `ids` are those of
   * all sessions that are this one at other places.
   */
  takes: (session: SessionReport, ids?: readonly number[]) => boolean
  /** List all sessions, and show all that are not ok in full, however many there are. */
  all: boolean
  rows: RowKind
  /** The zone of times in text, Markdown and CSV. */
  zone: TimeZone
  /** Approximate bytes of sessions that a format may keep which needs all of them; later ones are only counted. */
  mostKept: number
}

export const DEFAULT_OPTIONS: ReportOptions = {
  width: 100,
  style: plainStyle,
  chosen: null,
  takes: () => true,
  all: false,
  rows: 'sessions',
  zone: UTC,
  mostKept: Infinity,
}

/** One format of an analysis. */
export type ReportFormat = (options: ReportOptions) => ReportWriter
