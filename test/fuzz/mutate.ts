import type { Random } from './random.js'
import { EDGES, MAGICS, WORDS } from './words.js'

/** Longer inputs cost time without saying more. */
export const LARGEST_INPUT = 48 * 1024

/** A changed copy of an input, one to a few changes away; `other` is another input to take pieces from. */
export function mutateBytes(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = input
  const changes = 1 + random.below(random.chance(0.3) ? 8 : 2)
  for (let i = 0; i < changes; i++) bytes = random.pick(CHANGES)(bytes, other, random)
  return bytes.subarray(0, LARGEST_INPUT)
}

type Change = (bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array

const CHANGES: readonly Change[] = [
  (bytes, _other, random) =>
    written(bytes, random.below(bytes.length), (at) => Uint8Array.of(at ^ (1 << random.below(8)))),
  (bytes, _other, random) => written(bytes, random.below(bytes.length), () => Uint8Array.of(random.below(256))),
  (bytes, _other, random) =>
    written(bytes, random.below(bytes.length), (at) => Uint8Array.of(at + random.pick([-1, 1, -8, 8]))),
  (bytes, _other, random) => written(bytes, random.below(bytes.length), () => number(random.pick(EDGES), random)),
  (bytes, _other, random) => written(bytes, random.below(bytes.length), () => number(random.pick(MAGICS), random)),
  (bytes, _other, random) => written(bytes, random.below(bytes.length), () => latin1(random.pick(WORDS))),
  (bytes, _other, random) => inserted(bytes, random.below(bytes.length + 1), latin1(random.pick(WORDS))),
  (bytes, _other, random) => inserted(bytes, random.below(bytes.length + 1), piece(bytes, random)),
  (bytes, other, random) => inserted(bytes, random.below(bytes.length + 1), piece(other, random)),
  (bytes, other, random) =>
    joined(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))),
  (bytes, _other, random) => {
    const from = random.below(bytes.length)
    return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(random.chance(0.5) ? 8 : 400)))
  },
  (bytes, _other, random) => {
    const copy = bytes.slice()
    const from = random.below(copy.length)
    copy.copyWithin(random.below(copy.length), from, from + 1 + random.below(64))
    return copy
  },
  (bytes, _other, random) => bytes.subarray(0, random.below(bytes.length + 1)),
]

function written(bytes: Uint8Array, at: number, value: (old: number) => Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes
  const copy = bytes.slice()
  copy.set(value(copy[at]!).subarray(0, copy.length - at), at)
  return copy
}

function inserted(bytes: Uint8Array, at: number, what: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), what, bytes.subarray(at))
}

function piece(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length)
  return bytes.subarray(from, from + 1 + random.below(random.chance(0.7) ? 40 : 1000))
}

/** A number in 1, 2 or 4 bytes of either order. */
function number(value: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(random.pick([1, 2, 4]))
  for (let i = 0; i < bytes.length; i++) bytes[i] = value / 2 ** (8 * i)
  return random.chance(0.5) ? bytes : bytes.reverse()
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const each of pieces) {
    whole.set(each, at)
    at += each.length
  }
  return whole
}
