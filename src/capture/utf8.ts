const REPLACEMENT = 0xfffd
/** Least code point of a sequence of 2, 3 and 4 bytes: a smaller one is over-long and thus not UTF-8 (RFC 3629 §3). */
const LEAST = [0, 0, 0x80, 0x800, 0x10000]

/** Text of UTF-8 bytes; each byte that is no part of a valid sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = []
  let points: number[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
    const point = length === 1 ? first : length === 0 ? -1 : decodeSequence(bytes, at, length)
    points.push(point < 0 ? REPLACEMENT : point)
    at += point < 0 ? 1 : length
    if (points.length >= 4096) {
      parts.push(String.fromCodePoint(...points))
      points = []
    }
  }
  return parts.join('') + String.fromCodePoint(...points)
}

function decodeSequence(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) return -1
  let point = bytes[at]! & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!
    if ((next & 0xc0) !== 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  return point < LEAST[length]! || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? -1 : point
}
