import { base64nopad } from '@scure/base'
import { decodeText } from '../../bytes/text.js'

/** Bytes 80 to 9F in Windows-1252, where Latin-1 has controls. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** A text that is not ASCII as hosts write it that take UTF-8 for Latin-1 or Windows-1252, or those for UTF-8. */
export function misread(text: string): string[] {
  if (!/[^\0-\x7f]/.test(text)) return []
  const bytes = utf8(text)
  const latin1 = String.fromCharCode(...bytes)
  const windows = latin1.replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]!)
  const codes = Array.from(text, (character) => character.codePointAt(0)!)
  const read = codes.every((code) => code < 0x100) ? [decodeText(Uint8Array.from(codes))] : []
  return [latin1, windows, ...read]
}

/** Base64 of a text's UTF-8, without padding. */
export function inBase64(text: string): string {
  if (/[^\0-\x7f]/.test(text)) return base64nopad.encode(Uint8Array.from(utf8(text)))
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return base64nopad.encode(bytes)
}

/** UTF-8 (RFC 3629 §3). */
function utf8(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!).flatMap((code) => {
    if (code < 0x80) return [code]
    const last = 0x80 | (code & 0x3f)
    if (code < 0x800) return [0xc0 | (code >> 6), last]
    const middle = 0x80 | ((code >> 6) & 0x3f)
    if (code < 0x10000) return [0xe0 | (code >> 12), middle, last]
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), middle, last]
  })
}
