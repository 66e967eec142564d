import { DEFAULT_OPTIONS } from '../../report/format.js'
import type { OutputStream } from '../process-io.js'

/**
 * Limits within which a report follows the terminal's width: if narrower, tables break; if wider, lines are hard to
 * read.
 */
const NARROWEST = 60
const WIDEST = 160

export function widthOf(stream: OutputStream): number {
  if (!stream.isTTY || !stream.columns) return DEFAULT_OPTIONS.width
  return Math.min(WIDEST, Math.max(NARROWEST, stream.columns))
}
