import type { Analysis, SessionReport } from './contract.js'
import { plainStyle, type Style } from './style.js'

/** How a report for people looks; formats for programs ignore it. */
export interface ReportOptions {
  /** Columns that a line may take. */
  width: number
  style: Style
  /** Sessions asked for by id: these are shown with all details, whatever their verdict; `null` for the usual choice. */
  chosen: ReadonlySet<number> | null
}

export const DEFAULT_OPTIONS: ReportOptions = { width: 100, style: plainStyle, chosen: null }

/** One way to write an analysis down. */
export interface ReportFormat {
  /** The report in pieces, each of whole or partial lines, to be written one behind the other. */
  report(analysis: Analysis, options: ReportOptions): Iterable<string>
  /** For formats that write each session as it ends: the analysis given to `report` then holds no sessions. */
  session?: (session: SessionReport) => string
}

/** What a format needs besides the analysis. */
export interface Assets {
  /** The page that shows an analysis, as a template (`src/report/page/template.ts`). */
  page: () => Promise<string>
}

/** Every format by the name that `--format` takes. A format is loaded when it is asked for. */
export const FORMATS = {
  text: async (): Promise<ReportFormat> => (await import('./text.js')).text,
  json: async (): Promise<ReportFormat> => (await import('./json.js')).json,
  ndjson: async (): Promise<ReportFormat> => (await import('./ndjson.js')).ndjson,
  html: async ({ page }: Assets): Promise<ReportFormat> => (await import('./html.js')).htmlFormat(await page()),
} as const

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]
