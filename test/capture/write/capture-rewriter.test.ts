import { describe, expect, it } from 'vitest'
import { ALL, copied, type Cut } from '../../slice/copies.js'
import { frameBytes, join, pcap, type PcapOptions, Pcapng, text } from '../build.js'
import { VARIANTS } from '../pcap-variants.js'
import { pieces, read } from '../read.js'

const T = 1_700_000_000_000_000n
const A = frameBytes(61, 1)
const B = frameBytes(40, 2)

/** A section with blocks of every kind, all with options. */
function section(little: boolean): Uint8Array {
  const ng = new Pcapng(little)
  const options = [[1, text('kept')] as const, [0x8001, frameBytes(5)] as const]
  return join(
    ng.section(options),
    ng.nic(1, 0, options),
    ng.nic(113, 96, [[9, Uint8Array.of(9)], ...options]),
    ng.block(4, join(frameBytes(0), Uint8Array.of(0, 0, 0, 0))),
    ng.secrets(0x544c534b, text('CLIENT_RANDOM')),
    ng.packet(T, A, { options }),
    ng.packet(T * 1000n, B, { nic: 1, onWire: 1514 }),
    ng.obsoletePacket(T + 1n, B),
    ng.simplePacket(A),
    ng.packet(T + 2n, A, { nic: 7 }),
    ng.block(5, frameBytes(12)),
    ng.block(0xbad, frameBytes(9)),
    ng.block(0x40000bad, frameBytes(8)),
    ng.block(9, frameBytes(16)),
    ng.block(0x7777, frameBytes(33)),
  )
}

const CUTS: readonly (readonly [string, Cut])[] = [
  ['as a whole', (bytes) => [bytes]],
  ['byte by byte', pieces(1)],
  ['in pieces of 37', pieces(37)],
]

describe('a copy of pcapng', () => {
  it.each(CUTS)('is the same, byte by byte, in both byte orders and several sections, pushed %s', (_, cut) => {
    const file = join(section(true), section(false), section(true))
    expect(Buffer.from(copied(ALL, [file], cut)).equals(file)).toBe(true)
  })

  it('has blocks that are too long to be held', () => {
    const file = join(section(false), new Pcapng(false).block(0x7777, frameBytes(17 * 1024 * 1024)), section(true))
    expect(Buffer.from(copied(ALL, [file], pieces(1_000_003))).equals(file)).toBe(true)
    const without = copied({ ...ALL, longBlock: () => false }, [file], pieces(1_000_003))
    expect(Buffer.from(without).equals(join(section(false), section(true)))).toBe(true)
  })

  it('states no section length, which may have changed', () => {
    const file = section(true)
    const stated = file.slice()
    stated.set(Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0), 16)
    expect(Buffer.from(copied(ALL, [stated])).equals(file)).toBe(true)
  })

  it.each([
    ['is cut off', (file: Uint8Array) => file.slice(0, -5)],
    ['has a wrong length', (file: Uint8Array) => join(file, new Pcapng().block(6, frameBytes(40), 6))],
    ['has lengths that differ', (file: Uint8Array) => join(file, new Pcapng().block(6, frameBytes(40), 52, 56))],
    [
      'claims more than there may be',
      (file: Uint8Array) => join(file, new Pcapng().block(6, frameBytes(40), 0x7ffffff0)),
    ],
  ])('ends before a block that %s', (_, damage) => {
    const file = join(section(true), new Pcapng().packet(T, A))
    const damaged = damage(file)
    const copy = copied(ALL, [damaged], pieces(100))
    expect(read([copy]).frames).toEqual(read([damaged]).frames)
    expect(read([copy]).files[0]!.failure).toBeNull()
  })
})

describe('a pcap file as pcapng', () => {
  const records = [
    { seconds: 1_700_000_000, fraction: 999_999, data: A, onWire: 99 },
    { seconds: 1_700_000_001, fraction: 0, data: B },
    { seconds: 4_000_000_000, fraction: 1, data: A },
  ]
  const seen = (file: Uint8Array) => {
    const { frames, reader, files } = read([file])
    const { linkTypes, snapLength, timestampDigits } = files[0]!
    return { frames, epoch: reader.epoch, linkTypes, snapLength, timestampDigits }
  }

  it.each<readonly [string, PcapOptions]>([
    ['little-endian, µs', {}],
    ['big-endian, µs', { little: false }],
    ['little-endian, ns', { magic: 0xa1b23c4d }],
    ['big-endian, ns', { magic: 0xa1b23c4d, little: false }],
    ['another link type', { network: 113 }],
    ...Object.entries(VARIANTS).map(([name, { options }]) => [name, options] as const),
  ])('has its frames, times, lengths, link type and precision: %s', (_, options) => {
    const file = pcap(records, options)
    for (const [, cut] of CUTS) expect(seen(copied(ALL, [file], cut))).toEqual(seen(file))
  })

  it('is in its own byte order, with the length of the frame check sequence', () => {
    const copy = copied(ALL, [pcap(records, { little: false, network: 0x24000001 })])
    expect([...copy.subarray(0, 12)]).toEqual([10, 13, 13, 10, 0, 0, 0, 40, 0x1a, 0x2b, 0x3c, 0x4d])
    // if_fcslen, in bits.
    expect(Buffer.from(copy).indexOf(Uint8Array.of(0, 13, 0, 1, 32, 0, 0, 0))).toBeGreaterThan(0)
  })

  it('has its interface even without frames', () => {
    expect(seen(copied(ALL, [pcap([])]))).toEqual(seen(pcap([])))
  })

  it('is a section after those of the files before it', () => {
    const files = [pcap(records), section(false), pcap(records, { little: false })]
    const { frames, files: found } = read([copied(ALL, files)])
    expect(found).toHaveLength(1)
    expect(frames.map(({ data }) => data)).toEqual(read(files).frames.map(({ data }) => data))
  })
})
