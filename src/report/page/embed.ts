import { base64 } from '@scure/base'
import { Deflate } from 'pako'
import type { Analysis } from '../contract.js'
import { safeJson } from '../json/safe-json.js'
import { ANALYSIS_ELEMENT } from './template.js'

/** Characters of JSON that a page contains uncompressed; longer JSON is compressed. */
const PLAIN = 1_000_000

/**
 * The analysis as an element of the page that the browser does not execute: JSON or, if it is long, gzip in base64 with
 * one JSON value per line: the analysis without its sessions first, then each session, so that no string exceeds the
 * engine's limit.
 */
export function* embedded(analysis: Analysis, plain = PLAIN): Iterable<string> {
  if (isShort(analysis, plain)) {
    yield `<script type="application/json" id="${ANALYSIS_ELEMENT}">${inert(safeJson(analysis))}</script>`
    return
  }
  yield `<script type="application/octet-stream" id="${ANALYSIS_ELEMENT}">\n`
  yield* compressed(lines(analysis))
  yield '</script>'
}

function isShort({ sessions }: Analysis, plain: number): boolean {
  let length = 0
  for (const session of sessions) {
    length += safeJson(session).length
    if (length > plain) return false
  }
  return true
}

/** Inside a script element only `<` can end it or change how it is read (HTML §13.2.5.4 and following). */
export function inert(json: string): string {
  return json.replaceAll('<', '\\u003c')
}

function* lines(analysis: Analysis): Iterable<string> {
  yield safeJson({ ...analysis, sessions: [] }) + '\n'
  for (const session of analysis.sessions) yield safeJson(session) + '\n'
}

/** Bytes of gzip that become one line of base64: a multiple of three, so that only the last line is padded. */
const LINE_LENGTH = 3 * 16384

function* compressed(texts: Iterable<string>): Iterable<string> {
  const output: Uint8Array[] = []
  const deflate = new Deflate({ gzip: true, chunkSize: LINE_LENGTH })
  deflate.onData = (chunk) => {
    output.push(chunk)
  }
  const encoded = (): string[] => output.splice(0).map((chunk) => base64.encode(chunk) + '\n')
  for (const text of texts) {
    deflate.push(text)
    yield* encoded()
  }
  deflate.push('', true)
  yield* encoded()
}
