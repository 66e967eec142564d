import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { frameBytes, join, pcap, Pcapng } from './build.js'
import { pieces, read } from './read.js'

/** The largest lengths in 32 bits: the maximum, and the largest multiple of 4, which pcapng requires. */
const CLAIMS = [0xffff_ffff, 0xffff_fffc, 0x8000_0000, 0x7fff_fffc]
const ORDERS = [true, false]
const cases = CLAIMS.flatMap((claim) => ORDERS.map((little) => [claim, little ? 'little' : 'big', little] as const))

/** What follows the length: far fewer bytes than it claims. */
const REST = new Uint8Array(300_000)
/** Largest allocation allowed: all bytes given, in a buffer that doubles as they arrive. */
const MOST_ALLOCATED = 2 * (REST.length + 1000)

let largest = 0

beforeEach(() => {
  largest = 0
  vi.stubGlobal(
    'Uint8Array',
    class extends Uint8Array<ArrayBuffer> {
      constructor(...from: [ArrayBuffer]) {
        super(...from)
        largest = Math.max(largest, this.buffer.byteLength)
      }
    },
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** Reads the file whole and in pieces; both must give the same result, with the one frame before the length. */
function reading(file: Uint8Array): string[] {
  const outcomes = [read([file]), read([file], pieces(4096))]
  const [whole, cut] = outcomes
  expect(cut!.anomalies).toEqual(whole!.anomalies)
  for (const { frames, files } of outcomes) {
    expect(frames).toHaveLength(1)
    expect(files[0]!.failure).not.toBeNull()
  }
  expect(largest).toBeLessThan(MOST_ALLOCATED)
  return whole!.anomalies.map(({ kind }) => kind)
}

const frame = frameBytes(60)

describe('A pcap record that claims', () => {
  it.each(cases)('%i bytes, %s-endian, ends the reading of the file, with an anomaly', (claim, _order, little) => {
    for (const magic of [0xa1b2c3d4, 0xa1b23c4d]) {
      for (const onWire of [60, claim]) {
        for (const snapLength of [65_535, 0, 0xffff_ffff]) {
          const file = pcap([{ data: frame }, { captured: claim, onWire }], { little, magic, snapLength })
          expect(reading(join(file, REST))).toEqual(['capture-incomplete-file'])
        }
      }
    }
  })

  it.each(cases)(
    'a length on the wire of %i, %s-endian, keeps the bytes that were captured',
    (claim, _order, little) => {
      const { frames, anomalies } = read([pcap([{ data: frame, onWire: claim }], { little })])
      expect(frames).toMatchObject([{ data: [...frame], wireLength: claim }])
      expect(anomalies).toEqual([])
      expect(largest).toBeLessThan(MOST_ALLOCATED)
    },
  )
})

describe('A pcapng block that claims', () => {
  // Section, interface, three kinds of packets, name resolution, statistics, secrets, systemd journal, custom, unknown.
  const types = [0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 9, 10, 0xbad, 0x1234_5678]

  it.each(cases)(
    '%i bytes, %s-endian, of any type, is an anomaly, and no memory is allocated for it',
    (claim, _order, little) => {
      const file = new Pcapng(little)
      const start = join(file.section(), file.nic(), file.packet(0n, frame))
      for (const type of types) {
        // A section must begin with its byte order, or it would be rejected for another reason.
        const body = type === 0x0a0d0d0a ? file.section().slice(8, 24) : REST
        const block = file.block(type, body, claim, claim).slice(0, -4)
        expect(reading(join(start, block, REST)), `type ${type}`).toContain('capture-incomplete-file')
      }
    },
  )

  it.each(cases)('a frame of %i bytes, %s-endian, is an anomaly if the block is shorter', (claim, _order, little) => {
    const file = new Pcapng(little)
    const start = join(file.section(), file.nic(), file.packet(0n, frame))
    expect(reading(join(start, file.packet(0n, frame, { captured: claim }), REST))).toEqual(['capture-incomplete-file'])
    expect(reading(join(start, file.simplePacket(frame, claim), REST))).toEqual(['capture-incomplete-file'])
  })

  it.each(cases)('secrets of %i bytes, %s-endian, yields only those that are there', (claim, _order, little) => {
    const file = new Pcapng(little)
    const secrets = file.secrets(0x544c534b, frame, claim)
    const { frames, files } = read([join(file.section(), file.nic(), secrets, file.packet(0n, frame))])
    expect(files[0]!.secrets.every(({ bytes }) => bytes.length <= frame.length)).toBe(true)
    expect(frames.length).toBeLessThanOrEqual(1)
    expect(largest).toBeLessThan(MOST_ALLOCATED)
  })
})
