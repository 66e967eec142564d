/** Tests on the bytes of a line before it is parsed as a command or a reply. */
import { BACKSPACE, CR, ESC, SPACE } from '../../bytes/ascii.js'
import type { LineEnd } from '../model.js'
import type { Line } from './line-splitter.js'

/** Controls that do not occur in text; backspace to CR do, and so does ESC, which colors banners. */
export function hasControls(line: Line): boolean {
  for (let i = 0; i < line.length; i++) {
    const byte = line.bytes[i]!
    if (byte < SPACE && (byte < BACKSPACE || byte > CR) && byte !== ESC) return true
  }
  return false
}

export function isBlank(line: Line): boolean {
  for (let i = 0; i < line.length; i++) if (line.bytes[i]! > SPACE) return false
  return true
}

/** The line end of a clipped line was not captured: it is taken for the usual one. */
export function lineEndOf({ bareLineFeed, unterminated }: Line): LineEnd {
  if (unterminated) return 'none'
  return bareLineFeed ? 'lf' : 'crlf'
}
