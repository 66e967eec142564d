import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toPcap } from '../support/pcap-writer.js'
import { transportBytes } from '../support/packet-writer.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import { authenticated, extension, fragmentHeader } from '../wire/build.js'
import { cases, check } from './check.js'
import { randomOf } from './disorder.js'
import { analyzed, essenceOf } from './essence.js'
import { SCENES } from './scenes.js'

const Header = { HopByHop: 0, Routing: 43, Fragment: 44, Authentication: 51, DestinationOptions: 60 } as const
type Headers = readonly (readonly [type: number, length: number])[]

/** Extension headers in the order of RFC 8200 §4.1, each present or not. */
const before: fc.Arbitrary<Headers> = fc
  .tuple(optional(Header.HopByHop), optional(Header.DestinationOptions), optional(Header.Routing))
  .map((all) => all.flat())
/** Those that only the destination reads: they are fragmented together with the segment. */
const within: fc.Arbitrary<Headers> = fc
  .tuple(optional(Header.Authentication), optional(Header.DestinationOptions))
  .map((all) => all.flat())

function optional(type: number): fc.Arbitrary<Headers> {
  const length = fc.integer({ min: 1, max: 6 }).map((blocks) => 8 * blocks)
  return fc.option(length, { nil: null }).map((bytes) => (bytes === null ? [] : [[type, bytes] as const]))
}

/** `body` after the headers; `protocol` is the type of the first one. */
function after(headers: Headers, protocol: number, body: Uint8Array): { protocol: number; bytes: Uint8Array } {
  return headers.reduceRight(
    (rest, [type, length]) => ({ protocol: type, bytes: headerOf(type, length, rest.protocol, rest.bytes) }),
    { protocol, bytes: body },
  )
}

function headerOf(type: number, length: number, next: number, rest: Uint8Array): Uint8Array {
  if (type === Header.Authentication) return authenticated(next, rest)
  // A routing header without segments left: bytes 2 and 3 are its type and that number (RFC 8200 §4.4).
  const header = extension(next, length, rest)
  if (type === Header.Routing) header.fill(0, 2, 8)
  return header
}

interface Recipe {
  before: Headers
  within: Headers
  /** Probability that the datagram is cut at a block of 8 bytes. */
  density: number
  /** Whether fragments come in any order, and some twice. */
  disorderly: boolean
}

/**
 * The IPv6 packets that carry one segment, cut at any of its blocks; a datagram in one piece may still have a fragment
 * header (RFC 6946).
 */
function fragments(packet: ScenePacket, recipe: Recipe, identification: number, random: () => number): ScenePacket[] {
  const fragmentable = after(recipe.within, packet.protocol, transportBytes(packet))
  const whole = fragmentable.bytes
  const blocks = Array.from({ length: Math.ceil(whole.length / 8) - 1 }, (_, i) => 8 * (i + 1))
  const edges = [0, ...blocks.filter(() => random() < recipe.density), whole.length]
  const pieces = edges.slice(1).map((end, i) => {
    const part = whole.subarray(edges[i], end)
    const more = end < whole.length
    const chain = after(
      recipe.before,
      Header.Fragment,
      fragmentHeader(fragmentable.protocol, edges[i]!, more, identification, part),
    )
    return clonePacket(packet, { tcp: null, protocol: chain.protocol, payload: chain.bytes })
  })
  if (!recipe.disorderly) return pieces
  // Repetitions come before the last piece, or they would begin a new datagram.
  const sorted = pieces.map((piece) => ({ piece, key: random() })).sort((a, b) => a.key - b.key)
  return sorted.flatMap(({ piece }, i) => (i < sorted.length - 1 && random() < 0.2 ? [piece, piece] : [piece]))
}

describe('A session over IPv6 means the same', () => {
  const { packets, start } = SCENES['overIpv6']!()
  const meaning = essenceOf(analyzed(toPcap(packets, { start })))
  const recipes = fc.record({
    before,
    within,
    density: fc.constantFrom(0, 0.02, 0.2, 1),
    disorderly: fc.boolean(),
  })

  it('with extension headers before its segments', () => {
    check(
      fc.property(before, within, (outer, inner) => {
        const wrapped = packets.map((packet) => {
          const { protocol, bytes } = after([...outer, ...inner], packet.protocol, transportBytes(packet))
          return clonePacket(packet, { tcp: null, protocol, payload: bytes })
        })
        expect(essenceOf(analyzed(toPcap(wrapped, { start })))).toEqual(meaning)
      }),
      cases(3, 15),
    )
  })

  it('in fragments cut anywhere, inside extension headers too, in any order', () => {
    check(
      fc.property(recipes, fc.integer({ min: 1, max: 1_000_000 }), (recipe, seed) => {
        const random = randomOf(seed)
        const cut = packets.flatMap((packet, index) => fragments(packet, recipe, seed + index, random))
        const analysis = analyzed(toPcap(cut, { start }))
        expect(essenceOf(analysis)).toEqual(meaning)
        expect(analysis.capture.anomalies.filter(({ kind }) => kind !== 'fragment-overlap')).toEqual([])
      }),
      cases(10, 60),
    )
  })
})
