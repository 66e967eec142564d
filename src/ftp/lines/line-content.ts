/** What the bytes of a line tell before they are read as a command or a reply. */
import type { Line } from './line-splitter.js'

/** Controls that stand in no text: not those from backspace to CR, nor ESC, which colours banners. */
export function hasControls(line: Line): boolean {
  for (let i = 0; i < line.length; i++) {
    const byte = line.bytes[i]!
    if (byte < 32 && (byte < 8 || byte > 13) && byte !== 27) return true
  }
  return false
}

export function isBlank(line: Line): boolean {
  for (let i = 0; i < line.length; i++) if (line.bytes[i]! > 32) return false
  return true
}
