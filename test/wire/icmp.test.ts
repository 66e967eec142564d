import { describe, expect, it } from 'vitest'
import { addressText } from '../../src/wire/address.js'
import { PacketKind } from '../../src/wire/packet.js'
import {
  CLIENT,
  CLIENT6,
  SERVER,
  SERVER6,
  be16,
  be32,
  bytes,
  ethernetFrame,
  extension,
  fragmentHeader,
  ipv4Packet,
  ipv6Packet,
  tcpSegment,
  udpDatagram,
} from './build.js'
import { Decoding, destination, source } from './decoding.js'

const ROUTER = '203.0.113.254'
const ROUTER6 = '2001:db8:ffff::fe'
const syn = tcpSegment({ flags: 2, sequence: 0xcafe0001, acknowledgment: 5, options: [2, 4, 5, 0xb4] })

const icmpFrame = (type: number, code: number, rest: number[], quoted: Uint8Array) =>
  ethernetFrame(
    0x0800,
    ipv4Packet(
      { source: ROUTER, destination: CLIENT, protocol: 1, hopLimit: 250 },
      bytes(type, code, be16(0), rest, quoted),
    ),
  )
const icmpv6Frame = (type: number, code: number, rest: number[], quoted: Uint8Array) =>
  ethernetFrame(
    0x86dd,
    ipv6Packet({ source: ROUTER6, destination: CLIENT6, nextHeader: 58 }, bytes(type, code, be16(0), rest, quoted)),
  )

describe('ICMP errors', () => {
  it.each([
    ['destination unreachable', 3, 13],
    ['source quench', 4, 0],
    ['redirect', 5, 1],
    ['time exceeded', 11, 0],
    ['parameter problem', 12, 0],
  ])('name the segment that %s quotes', (_, type, code) => {
    const decoding = new Decoding()
    expect(decoding.decode(icmpFrame(type, code, be32(0), ipv4Packet({}, syn)))).toBe(PacketKind.IcmpError)
    const packet = decoding.packet
    expect(packet).toMatchObject({
      icmpType: type,
      icmpCode: code,
      icmpMtu: 0,
      hopLimit: 250,
      version: 4,
      sourcePort: 40000,
      destinationPort: 21,
      sequence: 0xcafe0001,
      acknowledgment: 5,
      flags: 2,
      window: 502,
      payloadLength: 0,
      maximumSegmentSize: -1,
    })
    expect([source(packet), destination(packet)]).toEqual([ROUTER, CLIENT])
    expect(addressText(packet.bytes, packet.quotedSourceAt, 4)).toBe(CLIENT)
    expect(addressText(packet.bytes, packet.quotedDestinationAt, 4)).toBe(SERVER)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('need only the 8 bytes that RFC 792 requires', () => {
    const decoding = new Decoding()
    decoding.decode(ethernetFrame(0x0800, ipv4Packet({}, syn)))
    const quoted = ipv4Packet({ options: [1, 1, 1, 0] }, syn).subarray(0, 24 + 8)
    expect(decoding.decode(icmpFrame(3, 1, be32(0), quoted))).toBe(PacketKind.IcmpError)
    expect(decoding.packet).toMatchObject({
      destinationPort: 21,
      sequence: 0xcafe0001,
      acknowledgment: 0,
      flags: 0,
      window: 0,
    })
    expect(decoding.packet.maximumSegmentSize).toBe(-1)
  })

  it('have the next hop’s MTU if fragmentation is needed', () => {
    const decoding = new Decoding()
    decoding.decode(icmpFrame(3, 4, [0, 0, ...be16(1400)], ipv4Packet({}, syn)))
    expect(decoding.packet.icmpMtu).toBe(1400)
  })

  it('that quote less than the ports and sequence number are an anomaly', () => {
    const decoding = new Decoding()
    expect(decoding.decode(icmpFrame(3, 1, be32(0), ipv4Packet({}, syn).subarray(0, 27)))).toBe(PacketKind.Other)
    expect(decoding.decode(icmpFrame(3, 1, be32(0), ipv4Packet({}, syn).subarray(0, 19)))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual(['icmp-quoted-segment-truncated', 'icmp-quote-truncated'])
  })

  it.each([
    ['a UDP datagram', ipv4Packet({ protocol: 17 }, udpDatagram(53, new Uint8Array(20)))],
    ['a later fragment', ipv4Packet({ fragmentation: 0x2010 }, syn)],
    ['something that is not IPv4', ipv6Packet({}, syn)],
  ])('that quote %s are ignored', (_, quoted) => {
    const decoding = new Decoding()
    expect(decoding.decode(icmpFrame(3, 1, be32(0), quoted))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('inside a tunnel are found', () => {
    const decoding = new Decoding()
    const inner = icmpFrame(11, 0, be32(0), ipv4Packet({}, syn)).subarray(14)
    expect(decoding.decode(ethernetFrame(0x0800, ipv4Packet({ protocol: 4 }, inner)))).toBe(PacketKind.IcmpError)
    expect(source(decoding.packet)).toBe(ROUTER)
  })
})

describe('ICMPv6 errors', () => {
  it.each([
    ['destination unreachable', 1, 4],
    ['packet too big', 2, 0],
    ['time exceeded', 3, 0],
    ['parameter problem', 4, 1],
  ])('name the segment that %s quotes', (_, type, code) => {
    const decoding = new Decoding()
    expect(decoding.decode(icmpv6Frame(type, code, be32(1280), ipv6Packet({}, syn)))).toBe(PacketKind.IcmpError)
    const packet = decoding.packet
    expect(packet).toMatchObject({
      icmpType: type,
      icmpCode: code,
      version: 6,
      sourcePort: 40000,
      sequence: 0xcafe0001,
      flags: 2,
    })
    expect(packet.icmpMtu).toBe(type === 2 ? 1280 : 0)
    expect([source(packet), destination(packet)]).toEqual([ROUTER6, CLIENT6])
    expect(addressText(packet.bytes, packet.quotedSourceAt, 6)).toBe(CLIENT6)
    expect(addressText(packet.bytes, packet.quotedDestinationAt, 6)).toBe(SERVER6)
  })

  it('may quote a packet with extension headers', () => {
    const decoding = new Decoding()
    const first = ipv6Packet({ nextHeader: 0 }, extension(44, 8, fragmentHeader(6, 0, true, 7, syn)))
    expect(decoding.decode(icmpv6Frame(1, 1, be32(0), first))).toBe(PacketKind.IcmpError)
    expect(decoding.packet.sequence).toBe(0xcafe0001)
    const later = ipv6Packet({ nextHeader: 44 }, fragmentHeader(6, 800, true, 7, syn))
    expect(decoding.decode(icmpv6Frame(1, 1, be32(0), later))).toBe(PacketKind.Other)
  })

  it('that are truncated are an anomaly', () => {
    const decoding = new Decoding()
    expect(decoding.decode(icmpv6Frame(1, 1, be32(0), ipv6Packet({}, syn).subarray(0, 39)))).toBe(PacketKind.Other)
    expect(decoding.decode(icmpv6Frame(1, 1, be32(0), ipv6Packet({}, syn).subarray(0, 47)))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual(['icmpv6-quote-truncated', 'icmp-quoted-segment-truncated'])
  })

  it('are ignored in IPv4, as ICMP errors are in IPv6', () => {
    const decoding = new Decoding()
    const icmp = bytes(3, 1, be16(0), be32(0), ipv4Packet({}, syn))
    const icmpv6 = bytes(1, 1, be16(0), be32(0), ipv6Packet({}, syn))
    expect(decoding.decode(ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 1 }, icmp)))).toBe(PacketKind.Other)
    expect(decoding.decode(ethernetFrame(0x0800, ipv4Packet({ protocol: 58 }, icmpv6)))).toBe(PacketKind.Other)
  })
})
