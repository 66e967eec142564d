import { readFileSync } from 'node:fs'
import { PacketKind, type Packet } from '../../../src/wire/packet.js'
import { framesOf } from '../../support/pcap-walk.js'
import { Decoding } from '../../wire/decoding.js'
import { encapsulations, others } from '../../wire/encapsulations.js'
import { classicCaptures } from '../seeds.js'
import { BytesReader } from './bytes-reader.js'
import { must, type FuzzTarget } from './target.js'

/**
 * Frames of any link type, each as link type, length, cut-off length, and bytes; what is decoded lies inside the frame.
 */
export const wire: FuzzTarget = {
  steps: { perByte: 100, perInput: 5000 },
  seeds() {
    const made = [...encapsulations, ...others].map(({ frame, linkType }) => written([{ linkType, bytes: frame }]))
    const real = classicCaptures().map((path) => {
      const frames = [...framesOf(new Uint8Array(readFileSync(path)))].slice(0, 8)
      return written(
        frames.map(({ bytes, start, end, linkType }) => ({
          linkType,
          bytes: bytes.subarray(start, end).slice(0, 200),
        })),
      )
    })
    return [...made, ...real]
  },
  run(input) {
    const reader = new BytesReader(input)
    const decoding = new Decoding({ maxFragmentedDatagrams: 16, maxFragmentBytes: 1 << 18 })
    const features = new Set<string>()
    while (!reader.done) {
      const linkType = reader.u16()
      const length = reader.u16()
      const cut = reader.u8()
      const bytes = reader.take(length)
      const kind = decoding.decode(bytes, { linkType, wireLength: bytes.length + cut })
      if (kind !== PacketKind.Other) check(decoding.packet, kind)
      features.add(`${linkType} ${kind}`)
    }
    for (const kind of decoding.anomalyKinds()) features.add(kind)
    return features
  },
}

function written(frames: readonly { linkType: number; bytes: Uint8Array }[]): Uint8Array {
  return Uint8Array.from(
    frames.flatMap(({ linkType, bytes }) => [
      linkType >> 8,
      linkType & 255,
      bytes.length >> 8,
      bytes.length & 255,
      0,
      ...bytes,
    ]),
  )
}

function check(packet: Packet, kind: PacketKind): void {
  const length = packet.version === 4 ? 4 : 16
  const inside = (at: number) => at >= 0 && at + length <= packet.bytes.length
  must(packet.version === 4 || packet.version === 6, `IP version ${packet.version}`)
  must(inside(packet.sourceAt) && inside(packet.destinationAt), 'an address lies outside the frame')
  if (kind === PacketKind.IcmpError) {
    must(inside(packet.quotedSourceAt) && inside(packet.quotedDestinationAt), 'a quoted address lies outside the frame')
  }
  const { payloadStart, payloadEnd, payloadLength } = packet
  must(
    payloadStart >= 0 && payloadStart <= payloadEnd && payloadEnd <= packet.bytes.length,
    'the payload lies outside the frame',
  )
  must(
    payloadLength >= payloadEnd - payloadStart,
    `a payload of ${payloadLength} bytes has ${payloadEnd - payloadStart}`,
  )
  for (const [name, value] of Object.entries(packet)) {
    if (typeof value === 'number') must(Number.isFinite(value), `${name} is ${value}`)
  }
}
