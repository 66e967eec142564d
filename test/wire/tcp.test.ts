import { describe, expect, it } from 'vitest'
import { PacketKind, TcpFlag } from '../../src/wire/packet.js'
import { be16, be32, ethernetFrame, ipv4Packet, tcpSegment, text } from './build.js'
import { Decoding, payload } from './decoding.js'

const carry = (segment: Uint8Array) => ethernetFrame(0x0800, ipv4Packet({}, segment))
const mss = [2, 4, ...be16(1460)]
const scale = [3, 3, 7]
const sack = [4, 2]
const timestamps = [8, 10, ...be32(0xfedcba98), ...be32(0)]
const absent = { maximumSegmentSize: -1, windowScale: -1, sackPermitted: false, timestampValue: -1 }

describe('TCP', () => {
  it('reads numbers above 2^31 as unsigned', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ sequence: 0xfffffff0, acknowledgment: 0x80000000, sourcePort: 65535 })))
    expect(decoding.packet).toMatchObject({ sequence: 0xfffffff0, acknowledgment: 0x80000000, sourcePort: 65535 })
  })

  it('keeps the six flags of RFC 793 and drops those of ECN', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ flags: 0xc2 })))
    expect(decoding.packet.flags).toBe(TcpFlag.Syn)
  })

  it('reads the options of a SYN', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ flags: 2, options: [...mss, ...sack, ...timestamps, 1, ...scale] })))
    expect(decoding.packet).toMatchObject({
      maximumSegmentSize: 1460,
      windowScale: 7,
      sackPermitted: true,
      timestampValue: 0xfedcba98,
    })
    expect(decoding.packet.payloadLength).toBe(0)
  })

  it('clears the options of a SYN with the next segment and does not read those of other segments', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ flags: 2, options: [...mss, ...sack, ...timestamps, 1, ...scale] })))
    decoding.decode(carry(tcpSegment({ flags: 0x10, options: [1, 1, ...timestamps] }, text('data'))))
    expect(decoding.packet).toMatchObject(absent)
    expect(payload(decoding.packet)).toBe('data')
  })

  it('counts a window scale above 14 as 14', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ flags: 2, options: [3, 3, 200] })))
    expect(decoding.packet.windowScale).toBe(14)
  })

  it('stops at the end of the option list', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment({ flags: 2, options: [...mss, 0, ...scale] })))
    expect(decoding.packet).toMatchObject({ ...absent, maximumSegmentSize: 1460 })
  })

  it.each([
    ['zero', [...mss, 99, 0, 1, 1]],
    ['one', [...mss, 3, 1, 1, 1]],
    ['beyond the header', [...mss, 8, 10, 1, 1]],
    ['missing', [...mss, 1, 1, 1, 8]],
  ])('keeps the options before one whose length is %s', (_, options) => {
    const decoding = new Decoding()
    expect(decoding.decode(carry(tcpSegment({ flags: 2, options })))).toBe(PacketKind.Tcp)
    expect(decoding.packet).toMatchObject({ ...absent, maximumSegmentSize: 1460 })
    expect(decoding.anomalyKinds()).toEqual(['tcp-option-length'])
  })

  it('does not report options that were snapped', () => {
    const decoding = new Decoding()
    const frame = carry(tcpSegment({ flags: 2, options: [...mss, ...timestamps, 1, 1] }))
    expect(decoding.decode(frame.subarray(0, 60), { wireLength: frame.length })).toBe(PacketKind.Tcp)
    expect(decoding.packet).toMatchObject({ ...absent, maximumSegmentSize: 1460, payloadLength: 0 })
    expect(decoding.packet.payloadEnd).toBe(decoding.packet.payloadStart)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('decodes a header that was snapped after the window', () => {
    const decoding = new Decoding()
    const frame = carry(tcpSegment({ options: timestamps }, text('data')))
    expect(decoding.decode(frame.subarray(0, 34 + 16), { wireLength: frame.length })).toBe(PacketKind.Tcp)
    expect(decoding.packet).toMatchObject({ window: 502, checksum: 0, payloadLength: 4 })
    expect(decoding.packet.payloadEnd).toBe(decoding.packet.payloadStart)
  })

  it.each([
    ['below the header', 4],
    ['beyond the segment', 15],
  ])('records a data offset %s', (_, dataOffset) => {
    const decoding = new Decoding()
    expect(decoding.decode(carry(tcpSegment({ dataOffset }, text('four'))))).toBe(PacketKind.Other)
    expect(decoding.anomalies.list()[0]).toMatchObject({ kind: 'tcp-data-offset', firstFrame: 1 })
  })

  it('has the number and time of its frame', () => {
    const decoding = new Decoding()
    decoding.decode(carry(tcpSegment()), { time: 5 })
    decoding.decode(carry(tcpSegment()), { time: -7 })
    expect(decoding.packet).toMatchObject({ frame: 2, time: -7 })
  })
})
