import type { Analysis } from '../report/contract.js'
import { DEFAULT_OPTIONS } from '../report/format.js'
import type { ReportFormat } from '../report/format.js'
import { jsonReport } from '../report/json/json.js'
import { pageReport } from '../report/page/report.js'
import { pageTemplate } from '../report/page/template.js'
import { pageParts } from './page-parts.js'
import { explanations } from './state.js'

/** What `--format json` writes. */
export async function saveJson(analysis: Analysis): Promise<void> {
  download(await written(jsonReport(new TextEncoder()), analysis, 'application/json'), `${nameOf(analysis)}.json`)
}

/** What `--format html` writes: this page with the analysis inside. */
export async function saveReport(analysis: Analysis): Promise<void> {
  const pages = explanations.value
  const format = pageReport(pageTemplate(pageParts()), (id) => pages.get(id))
  download(await written(format, analysis, 'text/html'), `${nameOf(analysis)}.html`)
}

/** Milliseconds after which the page gets a turn to respond before more is written. */
const TURN = 40

async function written(format: ReportFormat, analysis: Analysis, type: string): Promise<Blob> {
  const parts: Blob[] = []
  let pieces: BlobPart[] = []
  let turn = performance.now()
  for (const piece of format(DEFAULT_OPTIONS).end(analysis)) {
    pieces.push(piece)
    if (performance.now() - turn < TURN) continue
    parts.push(new Blob(pieces))
    pieces = []
    await new Promise((resolve) => setTimeout(resolve))
    turn = performance.now()
  }
  return new Blob([...parts, ...pieces], { type })
}

/** The capture's name without directory and extensions. */
function nameOf({ capture }: Analysis): string {
  const name = capture.files[0]?.path.split(/[/\\]/).at(-1) ?? ''
  const bare = name.replace(/(?:\.(?:pcapng|pcap|cap|dmp|gz|zst))+$/i, '').replace(/[^\w.-]+/g, '_')
  return bare === '' ? 'ftpscope' : bare
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser begins to read the blob after this turn.
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
  }, 60_000)
}
