import { u16be } from '../../bytes/read.js'

/** A part of a packet that a checksum covers; it begins at an even offset of what is summed. */
export type Covered = readonly [from: number, to: number]

/**
 * Writes the checksum of what was changed: it is as right, or as wrong, as it was before (RFC 1624 §3). Bytes that were
 * not captured count as unchanged. Zero stays, where nothing was computed. `rest`: what is summed besides.
 */
export function carryChecksum(
  before: Uint8Array,
  after: Uint8Array,
  at: number,
  covered: readonly Covered[],
  rest: number,
): void {
  const old = u16be(before, at)
  if (old === 0 && folded(sumOf(before, covered, -1) + rest) !== 0xffff) {
    put(after, at, 0)
    return
  }
  const removed = sumOf(before, covered, at)
  const added = sumOf(after, covered, at)
  const sum = folded((~old & 0xffff) + (~folded(removed) & 0xffff) + folded(added))
  // Zero means that there is none.
  put(after, at, ~sum & 0xffff || 0xffff)
}

/** What a sender leaves to its network card: the sum of the pseudo-header, with or without length, or its inverse. */
export function carryPartial(
  before: Uint8Array,
  after: Uint8Array,
  at: number,
  addresses: readonly Covered[],
  rest: number,
  length: number,
): boolean {
  const old = u16be(before, at)
  for (const more of [rest, rest + (length & 0xffff) + (length >>> 16)]) {
    const was = folded(sumOf(before, addresses, -1) + more)
    const is = folded(sumOf(after, addresses, -1) + more)
    if (old === was) put(after, at, is)
    else if (old === (~was & 0xffff)) put(after, at, ~is & 0xffff)
    else continue
    return true
  }
  return false
}

/** Sum of 16-bit words, without the field itself. */
function sumOf(bytes: Uint8Array, covered: readonly Covered[], field: number): number {
  let sum = 0
  for (const [from, to] of covered)
    for (let at = from; at < to; at += 2)
      if (at !== field) sum += (bytes[at]! << 8) | (at + 1 < to ? bytes[at + 1]! : 0)
  return sum
}

function folded(sum: number): number {
  let rest = sum
  while (rest > 0xffff) rest = (rest % 0x10000) + Math.floor(rest / 0x10000)
  return rest
}

function put(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value & 0xff
}
