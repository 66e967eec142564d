import { describe, expect, it } from 'vitest'
import { PacketKind, TcpFlag } from '../../src/wire/packet.js'
import { CLIENT, CLIENT6, SERVER, SERVER6, ethernetFrame, ipv4Packet, tcpSegment, text } from './build.js'
import { Decoding, destination, payload, source } from './decoding.js'
import { encapsulations, others } from './encapsulations.js'

describe('Link types and encapsulations', () => {
  it.each(encapsulations)('finds the innermost segment in $name', ({ version, linkType, frame }) => {
    const decoding = new Decoding()
    expect(decoding.decode(frame, { linkType })).toBe(PacketKind.Tcp)
    const packet = decoding.packet
    expect(packet.version).toBe(version)
    expect(source(packet)).toBe(packet.version === 4 ? CLIENT : CLIENT6)
    expect(destination(packet)).toBe(packet.version === 4 ? SERVER : SERVER6)
    expect(packet).toMatchObject({
      sourcePort: 40000,
      destinationPort: 21,
      sequence: 1000,
      acknowledgment: 2000,
      flags: TcpFlag.Psh | TcpFlag.Ack,
      window: 502,
      checksum: 0xbeef,
      payloadLength: 10,
      hopLimit: packet.version === 4 ? 63 : 62,
      reassembled: false,
    })
    expect(payload(packet)).toBe('USER joe\r\n')
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it.each(others)('ignores $name silently', ({ linkType, frame }) => {
    const decoding = new Decoding()
    expect(decoding.decode(frame, { linkType })).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual([])
  })

  it('names a link type that it cannot decode, once', () => {
    const decoding = new Decoding()
    expect(decoding.decode(text('anything'), { linkType: 127 })).toBe(PacketKind.Other)
    decoding.decode(text('anything'), { linkType: 127 })
    expect(decoding.anomalies.list()).toEqual([
      {
        kind: 'linktype-unsupported',
        count: 2,
        firstFrame: 1,
        message: 'Link type 127 (IEEE 802.11 with radiotap header) is not supported',
      },
    ])
  })

  it('decodes eight nested IP headers and no more', () => {
    const nested = (depth: number): Uint8Array =>
      depth === 1 ? ipv4Packet({}, tcpSegment()) : ipv4Packet({ protocol: 4 }, nested(depth - 1))
    const decoding = new Decoding()
    expect(decoding.decode(ethernetFrame(0x0800, nested(8)))).toBe(PacketKind.Tcp)
    expect(decoding.anomalyKinds()).toEqual([])
    expect(decoding.decode(ethernetFrame(0x0800, nested(9)))).toBe(PacketKind.Other)
    expect(decoding.anomalyKinds()).toEqual(['tunnel-too-deep'])
  })

  it('limits the depth of tunnels as the options say', () => {
    const decoding = new Decoding({ maxTunnelDepth: 1 })
    const inner = ipv4Packet({}, tcpSegment())
    expect(decoding.decode(ethernetFrame(0x0800, inner))).toBe(PacketKind.Tcp)
    expect(decoding.decode(ethernetFrame(0x0800, ipv4Packet({ protocol: 4 }, inner)))).toBe(PacketKind.Other)
  })

  it('decodes nothing of a frame that was snapped before the window in its TCP header', () => {
    for (const { name, linkType, frame } of encapsulations) {
      for (let length = 0; length < frame.length - 14; length++) {
        const kind = new Decoding().decode(frame.subarray(0, length), { linkType, wireLength: frame.length })
        expect(kind, `${name} snapped at ${length}`).toBe(PacketKind.Other)
      }
    }
  })

  it('names the truncated header', () => {
    const cut = (name: string, length: number): string | undefined => {
      const { frame, linkType } = encapsulations.find((each) => each.name === name)!
      const decoding = new Decoding()
      decoding.decode(frame.subarray(0, length), { linkType, wireLength: frame.length })
      return decoding.anomalies.list()[0]?.message
    }
    expect(cut('Ethernet, IPv4', 13)).toBe('ethernet header at offset 0 needs 14 bytes, available 13')
    expect(cut('802.3 with SNAP', 21)).toBe('snap header at offset 14 needs 8 bytes, available 7')
    expect(cut('802.1Q', 17)).toBe('vlan tag at offset 14 needs 4 bytes, available 3')
    expect(cut('MPLS, three labels, IPv6', 20)).toBe('mpls label at offset 18 needs 4 bytes, available 2')
    expect(cut('VXLAN', 45)).toBe('vxlan header at offset 34 needs 16 bytes, available 11')
    expect(cut('Ethernet, IPv4', 49)).toBe('tcp header at offset 34 needs 16 bytes, available 15')
  })

  it('decodes a frame that was snapped inside the payload, with the payload length from its headers', () => {
    for (const { name, linkType, frame } of encapsulations) {
      const decoding = new Decoding()
      const kind = decoding.decode(frame.subarray(0, frame.length - 6), { linkType, wireLength: frame.length })
      expect(kind, name).toBe(PacketKind.Tcp)
      expect(payload(decoding.packet), name).toBe('USER')
      expect(decoding.packet.payloadLength, name).toBe(10)
    }
  })
})
