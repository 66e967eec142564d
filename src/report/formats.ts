import type { ReportFormat } from './format.js'

/** What a format needs besides the analysis. */
export interface Assets {
  /** The page that shows an analysis, as a template (`src/report/page/template.ts`). */
  page: () => Promise<string>
}

/** Every format by the name that `--format` takes. A format is loaded when it is asked for. */
export const FORMATS = {
  text: async (): Promise<ReportFormat> => (await import('./text/report.js')).text,
  json: async (): Promise<ReportFormat> => (await import('./json/json.js')).json,
  ndjson: async (): Promise<ReportFormat> => (await import('./json/ndjson.js')).ndjson,
  markdown: async (): Promise<ReportFormat> => (await import('./markdown/report.js')).markdown,
  csv: async (): Promise<ReportFormat> => (await import('./csv/report.js')).csv,
  html: async ({ page }: Assets): Promise<ReportFormat> => (await import('./page/report.js')).htmlFormat(await page()),
} as const

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]
