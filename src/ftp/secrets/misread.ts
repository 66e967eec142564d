import { base64nopad } from '@scure/base'
import { decodeText } from '../../bytes/text.js'
import { encodeUtf8 } from '../../bytes/utf8.js'

/** Bytes 80 to 9F in Windows-1252, where Latin-1 has controls. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** A text that is not ASCII as hosts write it that take UTF-8 for Latin-1 or Windows-1252, or those for UTF-8. */
export function misread(text: string): string[] {
  if (!/[^\0-\x7f]/.test(text)) return []
  const bytes = encodeUtf8(text)
  const latin1 = String.fromCharCode(...bytes)
  const windows = latin1.replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]!)
  const codes = Array.from(text, (character) => character.codePointAt(0)!)
  const read = codes.every((code) => code < 0x100) ? [decodeText(Uint8Array.from(codes))] : []
  return [latin1, windows, ...read]
}

/** Base64 of a text's UTF-8, without padding. */
export function inBase64(text: string): string {
  if (/[^\0-\x7f]/.test(text)) return base64nopad.encode(encodeUtf8(text))
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return base64nopad.encode(bytes)
}
