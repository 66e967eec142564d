import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketKind } from '../../src/wire/packet.js'
import {
  bytes,
  ethernetFrame,
  extension,
  fragmentHeader,
  ipv4Packet,
  ipv6Packet,
  tagged,
  tcpSegment,
  text,
  udpDatagram,
  vxlanDatagram,
} from './build.js'
import { Decoding, payload, summary } from './decoding.js'

const message = '226 Transfer complete.\r\n'.repeat(20)
const segment = tcpSegment({ sourcePort: 21, destinationPort: 40000 }, text(message))
const whole = '192.0.2.1:21 > 198.51.100.2:40000 ' + message
const whole6 = '2001:db8::1:21 > 2001:db8::2:40000 ' + message

interface FragmentFields {
  protocol?: number
  id?: number
  more?: boolean
}

function fragment4(part: Uint8Array, offset: number, fields: FragmentFields = {}): Uint8Array {
  const { protocol = 6, id = 99, more = true } = fields
  const fragmentation = offset / 8 + (more ? 0x2000 : 0)
  return ethernetFrame(0x0800, ipv4Packet({ protocol, identification: id, fragmentation }, part))
}

function fragment6(part: Uint8Array, offset: number, fields: FragmentFields = {}): Uint8Array {
  const { protocol = 6, id = 0x12345678, more = true } = fields
  return ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 44 }, fragmentHeader(protocol, offset, more, id, part)))
}

/** Frames of a datagram split at `cuts`, multiples of 8. */
function cut(
  data: Uint8Array,
  cuts: readonly number[],
  make: typeof fragment4,
  fields: FragmentFields = {},
): Uint8Array[] {
  const edges = [0, ...cuts, data.length]
  return edges
    .slice(1)
    .map((end, i) => make(data.subarray(edges[i], end), edges[i]!, { ...fields, more: end < data.length }))
}

/** The result for each frame: the packet in one line, or `none`. */
function decodeAll(decoding: Decoding, frames: readonly Uint8Array[]): string[] {
  return frames.map((frame) => (decoding.decode(frame) === PacketKind.Tcp ? summary(decoding.packet) : 'none'))
}

describe('Fragments', () => {
  it.each([
    ['IPv4', fragment4, whole, 99],
    ['IPv6', fragment6, whole6, 0x12345678],
  ])('of %s yield the packet with the frame that completes it', (_, make, expected, identification) => {
    const decoding = new Decoding()
    expect(decodeAll(decoding, cut(segment, [160, 320], make))).toEqual(['none', 'none', expected])
    expect(decoding.packet).toMatchObject({
      frame: 3,
      reassembled: true,
      identification,
      payloadLength: message.length,
      checksum: 0xbeef,
    })
    expect(decoding.anomalyKinds()).toEqual([])
    decoding.decode(ethernetFrame(0x0800, ipv4Packet({}, segment)))
    expect(decoding.packet.reassembled).toBe(false)
  })

  it('yield the same packet however the datagram is split, in any order, with repetitions', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: Math.floor(segment.length / 8) }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(cuts, fc.boolean(), fc.array(fc.nat(), { minLength: 13, maxLength: 13 }), (blocks, six, keys) => {
        const frames = cut(
          segment,
          blocks.sort((a, b) => a - b).map((block) => block * 8),
          six ? fragment6 : fragment4,
        )
        const shuffled = frames.map((frame, i) => ({ frame, key: keys[i]! })).sort((a, b) => a.key - b.key)
        // Repetitions come before the last fragment, or they would start another datagram.
        const order = shuffled.flatMap(({ frame }, i) =>
          i < shuffled.length - 1 && i % 3 === 0 ? [frame, frame] : [frame],
        )
        const decoding = new Decoding()
        const results = decodeAll(decoding, order)
        expect(results.pop()).toBe(six ? whole6 : whole)
        expect(new Set(results)).toEqual(new Set(results.length > 0 ? ['none'] : []))
        expect(decoding.anomalyKinds()).toEqual([])
      }),
    )
  })

  it('are matched by address, identification, protocol and VLAN', () => {
    const [first, second] = cut(segment, [160], fragment4) as [Uint8Array, Uint8Array]
    const [, otherId] = cut(segment, [160], fragment4, { id: 100 })
    const [, otherProtocol] = cut(segment, [160], fragment4, { protocol: 17 })
    const otherVlan = ethernetFrame(0x8100, tagged(5, 0x0800, second.subarray(14)))
    const otherSource = Uint8Array.from(second, (byte, i) => (i === 14 + 15 ? 77 : byte))
    const results = decodeAll(new Decoding(), [first, otherId!, otherProtocol!, otherVlan, otherSource, second])
    expect(results).toEqual([...Array<string>(5).fill('none'), whole])
  })

  it('that repeat a whole datagram yield its packet twice', () => {
    const frames = cut(segment, [160], fragment4)
    expect(decodeAll(new Decoding(), [...frames, ...frames])).toEqual(['none', whole, 'none', whole])
  })

  it('of a tunnel’s outer packet yield the inner packet', () => {
    const vxlan = vxlanDatagram(ethernetFrame(0x86dd, ipv6Packet({}, segment)))
    const frames = cut(vxlan, [160, 320], fragment4, { protocol: 17 })
    expect(decodeAll(new Decoding(), frames)).toEqual(['none', 'none', whole6])
  })

  it('of an inner and an outer packet are reassembled one after the other', () => {
    const inner = cut(segment, [240], fragment4).map((frame) => frame.subarray(14))
    const frames = inner.flatMap((packet, i) => cut(packet, [80], fragment6, { protocol: 4, id: i }))
    expect(decodeAll(new Decoding(), frames)).toEqual(['none', 'none', 'none', whole])
  })

  it('may have destination options in the fragmented part of IPv6', () => {
    const frames = cut(extension(6, 16, segment), [160], fragment6, { protocol: 60 })
    expect(decodeAll(new Decoding(), frames)).toEqual(['none', whole6])
  })

  it('of IPv6 have the protocol of the first one', () => {
    const [first] = cut(segment, [160], fragment6) as [Uint8Array]
    const [, second] = cut(segment, [160], fragment6, { protocol: 17 })
    expect(decodeAll(new Decoding(), [second!, first])).toEqual(['none', whole6])
  })

  it('that overlap are an anomaly, and the bytes that came first are kept', () => {
    const evil = segment.slice()
    evil.fill(0x58, 200)
    const [first] = cut(segment, [240], fragment4) as [Uint8Array]
    const overlapping = fragment4(evil.subarray(160), 160, { more: false })
    const decoding = new Decoding()
    expect(decoding.decode(first)).toBe(PacketKind.Other)
    expect(decoding.decode(overlapping)).toBe(PacketKind.Tcp)
    expect(payload(decoding.packet)).toBe(message.slice(0, 220) + 'X'.repeat(message.length - 220))
    expect(decoding.anomalyKinds()).toEqual(['fragment-conflict'])
  })

  it('that overlap with the same bytes are another anomaly', () => {
    const decoding = new Decoding()
    const results = decodeAll(decoding, [
      fragment4(segment.subarray(0, 240), 0),
      fragment4(segment.subarray(160), 160, { more: false }),
    ])
    expect(results).toEqual(['none', whole])
    expect(decoding.anomalyKinds()).toEqual(['fragment-overlap'])
  })

  it('that disagree about the end are resolved in favor of the first', () => {
    const decoding = new Decoding()
    const results = decodeAll(decoding, [
      fragment4(segment.subarray(320), 320, { more: false }),
      fragment4(segment.subarray(320, 400), 320, { more: false }),
      fragment4(new Uint8Array(80), 560),
      fragment4(segment.subarray(0, 320), 0),
    ])
    expect(results).toEqual(['none', 'none', 'none', whole])
    expect(decoding.anomalies.list()).toMatchObject([{ kind: 'fragment-conflict', count: 2, firstFrame: 2 }])
  })

  it('that disagree about the end leave no partial block', () => {
    const decoding = new Decoding()
    const results = decodeAll(decoding, [
      fragment4(segment.subarray(400), 400, { more: false }),
      fragment4(segment.subarray(160, 163), 160, { more: false }),
      fragment4(segment.subarray(0, 400), 0),
    ])
    expect(results).toEqual(['none', 'none', whole])
  })

  it('of a large datagram keep their bytes while the buffer grows', () => {
    const large = Array.from({ length: 9000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('')
    const edges = Array.from({ length: 8 }, (_, i) => (i + 1) * 1080)
    const decoding = new Decoding()
    const frames = cut(tcpSegment({}, text(large)), edges, fragment4)
    const kinds = [0, 4, 0, 1, 2, 3, 5, 6, 7, 8].map((i) => decoding.decode(frames[i]!))
    expect(kinds).toEqual([...Array<PacketKind>(9).fill(PacketKind.Other), PacketKind.Tcp])
    expect(payload(decoding.packet)).toBe(large)
  })

  it('that have timed out are dropped with the next fragment of any datagram', () => {
    const decoding = new Decoding()
    const [first] = cut(segment, [160], fragment4) as [Uint8Array]
    const [other] = cut(segment, [160], fragment4, { id: 100 }) as [Uint8Array]
    decoding.decode(first, { time: 0 })
    decoding.decode(other, { time: 30e9 + 1 })
    expect(decoding.anomalyKinds()).toEqual(['fragments-incomplete'])
  })

  it('time out after 30 seconds for IPv4 and 60 for IPv6, by the clock of the capture', () => {
    const second = 1e9
    for (const [make, timeout] of [
      [fragment4, 30 * second],
      [fragment6, 60 * second],
    ] as const) {
      const [first, last] = cut(segment, [160], make) as [Uint8Array, Uint8Array]
      const inTime = new Decoding()
      inTime.decode(first, { time: 0 })
      expect(inTime.decode(last, { time: timeout })).toBe(PacketKind.Tcp)
      const late = new Decoding()
      late.decode(first, { time: 0 })
      expect(late.decode(last, { time: timeout + 1 })).toBe(PacketKind.Other)
      expect(late.anomalyKinds()).toEqual(['fragments-incomplete'])
    }
  })

  it('time out even if an older datagram has a longer timeout', () => {
    const decoding = new Decoding()
    const [first, last] = cut(segment, [160], fragment4) as [Uint8Array, Uint8Array]
    decoding.decode(cut(segment, [160], fragment6)[0]!, { time: 0 })
    decoding.decode(first, { time: 1 })
    expect(decoding.decode(last, { time: 40e9 })).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual(['fragments-incomplete'])
  })

  it('that were snapped cannot be reassembled, but the first one’s headers are read', () => {
    const [first, second] = cut(segment, [160], fragment4) as [Uint8Array, Uint8Array]
    const decoding = new Decoding()
    expect(decoding.decode(first.subarray(0, 96), { wireLength: first.length })).toBe(PacketKind.Tcp)
    expect(decoding.packet).toMatchObject({ sourcePort: 21, payloadLength: 140, reassembled: false })
    expect(decoding.decode(second.subarray(0, 96), { wireLength: second.length })).toBe(PacketKind.Other)
    expect(decoding.anomalies.list()).toMatchObject([{ kind: 'fragment-snapped', count: 2 }])
  })

  it('without a whole block of payload are rejected', () => {
    const decoding = new Decoding()
    expect(decodeAll(decoding, [fragment4(bytes(1, 2, 3), 0), fragment4(bytes(), 8, { more: false })])).toEqual([
      'none',
      'none',
    ])
    expect(decoding.anomalies.list()).toMatchObject([{ kind: 'fragment-empty', count: 2 }])
  })

  it('that reach beyond the largest datagram are rejected', () => {
    const decoding = new Decoding()
    expect(decoding.decode(fragment4(new Uint8Array(1400), 65528, { more: false }))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual(['fragment-too-large'])
  })

  it('of protocols that cannot carry TCP take no memory', () => {
    const decoding = new Decoding({ maxFragmentedDatagrams: 1 })
    for (let id = 0; id < 3; id++) decoding.decode(fragment4(new Uint8Array(800), 0, { protocol: 1, id }))
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('of UDP other than VXLAN are ignored', () => {
    const decoding = new Decoding()
    const results = decodeAll(decoding, cut(udpDatagram(2049, new Uint8Array(400)), [160], fragment4, { protocol: 17 }))
    expect(results).toEqual(['none', 'none'])
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('beyond the limit of open datagrams evict the oldest', () => {
    const decoding = new Decoding({ maxFragmentedDatagrams: 2 })
    const [a, b, c] = [1, 2, 3].map((id) => cut(segment, [160], fragment4, { id }) as [Uint8Array, Uint8Array])
    expect(decodeAll(decoding, [a![0], b![0], c![0], b![1], c![1], a![1]])).toEqual([
      'none',
      'none',
      'none',
      whole,
      whole,
      'none',
    ])
    expect(decoding.anomalies.list()).toMatchObject([{ kind: 'fragment-table-full', count: 1, firstFrame: 3 }])
  })

  it('beyond the memory limit evict the oldest, even if small fragments claim large offsets', () => {
    const decoding = new Decoding({ maxFragmentBytes: 200_000 })
    for (let id = 0; id < 1000; id++) decoding.decode(fragment4(new Uint8Array(8), 65000, { id }))
    const full = decoding.anomalies.list().find((anomaly) => anomaly.kind === 'fragment-table-full')
    expect(full).toMatchObject({ count: 998 })
    expect(decodeAll(decoding, cut(segment, [160], fragment4, { id: 5000 }))).toEqual(['none', whole])
  })

  it('of a datagram are reassembled from the smallest pieces, the last one first', () => {
    const large = tcpSegment({}, new Uint8Array(64_000))
    const edges = Array.from({ length: large.length / 8 - 1 }, (_, i) => (i + 1) * 8)
    const frames = cut(large, edges, fragment4).reverse()
    const decoding = new Decoding()
    const kinds = frames.map((frame) => decoding.decode(frame))
    expect(kinds.pop()).toBe(PacketKind.Tcp)
    expect(kinds.every((kind) => kind === PacketKind.Other)).toBe(true)
    expect(decoding.packet.payloadLength).toBe(64_000)
  })
})
