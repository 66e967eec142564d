import { CR, DEL, LF, SPACE, TAB } from '../../bytes/ascii.js'

/** C1 controls lie between ASCII and the bytes of national characters. */
const FIRST_NATIONAL = 0xa0

/** Whether a payload can be shown as text. */
export function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    const isShown = (byte >= SPACE && byte < DEL) || byte >= FIRST_NATIONAL
    if (!isShown && byte !== CR && byte !== LF && byte !== TAB) return false
  }
  return true
}
