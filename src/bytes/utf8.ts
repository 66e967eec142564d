/** Text in UTF-8; of a lone surrogate, the replacement character. At most `most` bytes, whole characters only. */
export function encodeUtf8(text: string, most = Infinity): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code
    const encoded = encodePoint(point)
    if (bytes.length + encoded.length > most) break
    bytes.push(...encoded)
  }
  return Uint8Array.from(bytes)
}

/** RFC 3629 §3. */
function encodePoint(point: number): number[] {
  if (point < 0x80) return [point]
  if (point < 0x800) return [0xc0 | (point >> 6), tail(point)]
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(point >> 6), tail(point)]
  return [0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point)]
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f)
}
