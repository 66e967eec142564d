import type { Analysis, SessionReport } from '../../report/contract.js'

/** Characters of base64 that are decoded at a time; a multiple of four. */
const SLICE = 1 << 20

/**
 * The analysis that a page contains (written by `src/report/page/embed.ts`): JSON, or gzip in base64 with one JSON
 * value per line.
 */
export async function loadAnalysis(text: string, type: string): Promise<Analysis> {
  if (type === 'application/json') return JSON.parse(text) as Analysis
  let analysis: Analysis | null = null
  const sessions: SessionReport[] = []
  for await (const line of linesOf(text.replaceAll('\n', ''))) {
    if (analysis) sessions.push(JSON.parse(line) as SessionReport)
    else analysis = JSON.parse(line) as Analysis
  }
  if (!analysis) throw new Error('The page contains no analysis')
  // The position of `sessions` among the keys stays the same, and with it the order in which they are saved.
  return Object.assign(analysis, { sessions })
}

async function* linesOf(base64: string): AsyncGenerator<string, void, undefined> {
  const compressed = new Blob(
    Array.from({ length: Math.ceil(base64.length / SLICE) }, (_, at) =>
      bytesOf(base64.slice(at * SLICE, (at + 1) * SLICE)),
    ),
  )
  const reader = compressed
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let rest = ''
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** The bytes of base64; `Uint8Array.fromBase64` is too new for browsers in use. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
