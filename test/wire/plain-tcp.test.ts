import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketKind } from '../../src/wire/packet.js'
import { check } from '../property/check.js'
import { bytes, CLIENT, ethernetFrame, ipv4Packet, SERVER, tcpSegment, text } from './build.js'
import { Decoding } from './decoding.js'

const RAW_IP = 101

const segment = ipv4Packet({ source: CLIENT, destination: SERVER, protocol: 6 }, tcpSegment({}, text('STOR a\r\n')))

/**
 * Packet and anomalies of the bytes as an Ethernet frame, which may take the fast path, or as raw IP, which never does.
 */
function decoded(packet: Uint8Array, linkType: 1 | typeof RAW_IP, snapped: number) {
  const decoding = new Decoding()
  const frame = linkType === 1 ? ethernetFrame(0x0800, packet) : packet
  const kind = decoding.decode(frame, { linkType, wireLength: frame.length + snapped })
  const { packet: found } = decoding
  const at = (offset: number) => offset - (linkType === 1 ? 14 : 0)
  const fields = {
    ...Object.fromEntries(Object.entries(found)),
    bytes: null,
    sourceAt: at(found.sourceAt),
    destinationAt: at(found.destinationAt),
    segmentAt: at(found.segmentAt),
    payloadStart: at(found.payloadStart),
    payloadEnd: at(found.payloadEnd),
  }
  return { kind, anomalies: decoding.anomalyKinds(), fields: kind === PacketKind.Tcp ? fields : null }
}

describe('plainTcp', () => {
  it('decodes a frame as header by header decoding would', () => {
    const change = fc.tuple(fc.nat(45), fc.nat(255))
    // Half of the changes affect the deciding fields: version, lengths, fragmentation, protocol, data offset, flags.
    const decisive = fc.tuple(fc.constantFrom(0, 2, 3, 6, 7, 9, 32, 33), fc.nat(255))
    let plain = 0
    check(
      fc.property(
        fc.array(fc.oneof(change, decisive), { maxLength: 3 }),
        fc.nat(segment.length),
        fc.constantFrom(0, 0, 100),
        fc.constantFrom(0, 6),
        (changes, cut, snapped, trailer) => {
          const packet = bytes(segment, new Uint8Array(trailer))
          for (const [at, value] of changes) packet[at] = value
          const whole = snapped === 0 ? packet : packet.subarray(0, cut)
          const short = decoded(whole, 1, snapped)
          // As raw IP, version 6 is another protocol; after an EtherType of IPv4 it is an error.
          if (whole.length === 0 || whole[0]! >> 4 !== 4) return
          expect(short).toEqual(decoded(whole, RAW_IP, snapped))
          if (short.kind === PacketKind.Tcp) plain++
        },
      ),
      2000,
    )
    expect(plain).toBeGreaterThan(500)
  })
})
