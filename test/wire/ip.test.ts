import { describe, expect, it } from 'vitest'
import { PacketKind } from '../../src/wire/packet.js'
import { be16, be32, bytes, ethernetFrame, fragmentHeader, ipv4Packet, ipv6Packet, tcpSegment, text } from './build.js'
import { Decoding, payload } from './decoding.js'

const data = text('150 Opening\r\n')
const segment = tcpSegment({}, data)
const trailer = text('frame check sequence')

describe('IPv4', () => {
  it('reads identification, hop limit and the don’t fragment bit', () => {
    const decoding = new Decoding()
    decoding.decode(ethernetFrame(0x0800, ipv4Packet({ identification: 0xabcd, hopLimit: 7 }, segment)))
    expect(decoding.packet).toMatchObject({ identification: 0xabcd, hopLimit: 7, dontFragment: true })
    decoding.decode(ethernetFrame(0x0800, ipv4Packet({ fragmentation: 0 }, segment)))
    expect(decoding.packet.dontFragment).toBe(false)
  })

  it('drops padding and trailers after the total length', () => {
    const decoding = new Decoding()
    expect(decoding.decode(ethernetFrame(0x0800, bytes(ipv4Packet({}, segment), trailer)))).toBe(PacketKind.Tcp)
    expect(payload(decoding.packet)).toBe('150 Opening\r\n')
    expect(decoding.packet.payloadLength).toBe(data.length)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('uses the frame’s length if segmentation offload left the total length zero', () => {
    const decoding = new Decoding()
    const big = new Uint8Array(70_000).fill(0x61)
    decoding.decode(ethernetFrame(0x0800, ipv4Packet({ totalLength: 0 }, tcpSegment({}, big))))
    expect(decoding.packet.payloadLength).toBe(70_000)
    expect(decoding.packet.payloadEnd - decoding.packet.payloadStart).toBe(70_000)
  })

  it('gives the payload length from the headers if the frame was snapped', () => {
    const decoding = new Decoding()
    const frame = ethernetFrame(0x0800, ipv4Packet({}, tcpSegment({}, new Uint8Array(1400))))
    expect(decoding.decode(frame.subarray(0, 96), { wireLength: frame.length })).toBe(PacketKind.Tcp)
    const { payloadStart, payloadEnd, payloadLength } = decoding.packet
    expect(payloadLength).toBe(1400)
    expect(payloadEnd - payloadStart).toBe(96 - 54)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('uses the header if the capture has the snapped length as that of the frame', () => {
    const decoding = new Decoding()
    const frame = ethernetFrame(0x0800, ipv4Packet({}, tcpSegment({}, new Uint8Array(1400))))
    expect(decoding.decode(frame.subarray(0, 96))).toBe(PacketKind.Tcp)
    expect(decoding.packet.payloadLength).toBe(1400)
    expect(decoding.anomalyKinds()).toEqual(['ipv4-length-beyond-frame'])
  })

  it.each([
    ['another version', { frame: bytes(0x55, ipv4Packet({}, segment).subarray(1)), kind: 'ipv4-version' }],
    [
      'a header length below 20',
      { frame: bytes(0x44, ipv4Packet({}, segment).subarray(1)), kind: 'ipv4-header-length' },
    ],
    ['a total length below the header', { frame: ipv4Packet({ totalLength: 19 }, segment), kind: 'ipv4-total-length' }],
    [
      'options beyond the end',
      { frame: bytes(0x4f, ipv4Packet({ totalLength: 0 }, segment).subarray(1, 40)), kind: 'ipv4-options-truncated' },
    ],
  ])('records %s as an anomaly', (_, { frame, kind }) => {
    const decoding = new Decoding()
    expect(decoding.decode(ethernetFrame(0x0800, frame))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual([kind])
  })
})

describe('IPv6', () => {
  it('drops padding after the payload length', () => {
    const decoding = new Decoding()
    expect(decoding.decode(ethernetFrame(0x86dd, bytes(ipv6Packet({}, segment), trailer)))).toBe(PacketKind.Tcp)
    expect(payload(decoding.packet)).toBe('150 Opening\r\n')
    expect(decoding.packet).toMatchObject({ identification: 0, dontFragment: false, hopLimit: 62 })
  })

  it('has an identification only with a fragment header', () => {
    const decoding = new Decoding()
    decoding.decode(ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 44 }, fragmentHeader(6, 0, false, 77, segment))))
    expect(decoding.packet.identification).toBe(77)
    decoding.decode(ethernetFrame(0x86dd, ipv6Packet({}, segment)))
    expect(decoding.packet.identification).toBe(0)
  })

  it('uses the frame’s length if the payload length is zero', () => {
    const decoding = new Decoding()
    decoding.decode(ethernetFrame(0x86dd, ipv6Packet({ payloadLength: 0 }, segment)))
    expect(payload(decoding.packet)).toBe('150 Opening\r\n')
  })

  it('takes the length of a jumbogram from its option', () => {
    const decoding = new Decoding()
    const big = tcpSegment({}, new Uint8Array(70_000))
    const options = bytes(6, 0, 0xc2, 4, be32(8 + big.length))
    const frame = ethernetFrame(
      0x86dd,
      bytes(ipv6Packet({ nextHeader: 0, payloadLength: 0 }, bytes(options, big)), trailer),
    )
    expect(decoding.decode(frame)).toBe(PacketKind.Tcp)
    expect(decoding.packet.payloadLength).toBe(70_000)
    decoding.decode(frame.subarray(0, 200), { wireLength: frame.length })
    expect(decoding.packet.payloadLength).toBe(70_000)
  })

  it('finds the jumbo option after other options', () => {
    const decoding = new Decoding()
    const big = tcpSegment({}, new Uint8Array(70_000))
    const options = bytes(6, 1, 0, 5, 2, be16(0), 0, 0xc2, 4, be32(16 + big.length), 1, 0)
    decoding.decode(
      ethernetFrame(0x86dd, bytes(ipv6Packet({ nextHeader: 0, payloadLength: 0 }, bytes(options, big)), trailer)),
    )
    expect(decoding.packet.payloadLength).toBe(70_000)
  })

  it('stops at ESP and at No Next Header', () => {
    const decoding = new Decoding()
    expect(decoding.decode(ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 50 }, segment)))).toBe(PacketKind.Other)
    expect(decoding.decode(ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 59 }, segment)))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('records an extension header that ends beyond the packet', () => {
    const decoding = new Decoding()
    const frame = ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 60 }, bytes(6, 200, segment)))
    expect(decoding.decode(frame)).toBe(PacketKind.Other)
    expect(decoding.anomalies.list()[0]).toMatchObject({
      kind: 'ipv6-extension-header-truncated',
      message: 'ipv6 extension header at offset 54 needs 1608 bytes, available 35',
    })
  })
})
