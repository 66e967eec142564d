import type { ReportFormat } from './format.js'
import type { BlockCodec, Utf8Encoder } from './json/json-store.js'

/** What formats need from outside. */
export interface Assets {
  /** The page that shows an analysis, as a template (`src/report/page/template.ts`). */
  page: () => Promise<string>
  /** The page that explains a finding, in Markdown, for a report that contains them. */
  explanation?: (id: string) => string
  utf8: Utf8Encoder
  /** Compresses what `json` keeps of sessions until the end. */
  blocks?: () => Promise<BlockCodec>
}

/** Every format by the name that `--format` takes. A format is loaded when it is requested. */
export const FORMATS = {
  text: async (): Promise<ReportFormat> => (await import('./text/report.js')).textReport,
  json: async ({ utf8, blocks }: Assets): Promise<ReportFormat> =>
    (await import('./json/json.js')).jsonReport(utf8, await blocks?.()),
  ndjson: async (): Promise<ReportFormat> => (await import('./json/ndjson.js')).ndjsonReport,
  markdown: async (): Promise<ReportFormat> => (await import('./markdown/report.js')).markdownReport,
  csv: async (): Promise<ReportFormat> => (await import('./csv/report.js')).csvReport,
  html: async ({ page, explanation }: Assets): Promise<ReportFormat> =>
    (await import('./page/report.js')).pageReport(await page(), explanation),
} as const

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]
