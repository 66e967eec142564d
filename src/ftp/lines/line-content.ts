/** What the bytes of a line tell before they are read as a command or a reply. */
import { BACKSPACE, CR, ESC, SPACE } from '../../bytes/ascii.js'
import type { Line } from './line-splitter.js'

/** Controls that stand in no text: not those from backspace to CR, nor ESC, which colours banners. */
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
