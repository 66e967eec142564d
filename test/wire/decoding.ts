import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { Frame } from '../../src/capture/frame.js'
import { addressText } from '../../src/wire/address.js'
import type { DecodeLimits } from '../../src/wire/decode.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import type { Packet, PacketKind } from '../../src/wire/packet.js'

export interface FrameFields {
  linkType?: number
  /** Length on the wire of a snapped frame. */
  wireLength?: number
  /** Nanoseconds since the first frame. */
  time?: number
}

/** A decoder with its anomalies, fed frame by frame. Each frame lies in a larger buffer, as in a reader. */
export class Decoding {
  readonly anomalies = new AnomalyLog()
  readonly decoder: PacketDecoder
  readonly #frame = new Frame()

  constructor(limits?: DecodeLimits) {
    this.decoder = new PacketDecoder(this.anomalies, limits)
  }

  get packet(): Packet {
    return this.decoder.packet
  }

  decode(bytes: Uint8Array, fields: FrameFields = {}): PacketKind {
    const buffer = new Uint8Array(bytes.length + 7).fill(0xa5)
    buffer.set(bytes, 5)
    const frame = this.#frame
    frame.number++
    frame.time = fields.time ?? frame.number * 1e6
    frame.bytes = buffer
    frame.start = 5
    frame.end = 5 + bytes.length
    frame.wireLength = fields.wireLength ?? bytes.length
    frame.linkType = fields.linkType ?? 1
    return this.decoder.decode(frame)
  }

  anomalyKinds(): string[] {
    return this.anomalies.list().map((anomaly) => anomaly.kind)
  }
}

export function source(packet: Packet): string {
  return addressText(packet.bytes, packet.sourceAt, packet.version)
}

export function destination(packet: Packet): string {
  return addressText(packet.bytes, packet.destinationAt, packet.version)
}

/** The payload as text, one character per byte. */
export function payload(packet: Packet): string {
  return String.fromCharCode(...packet.bytes.subarray(packet.payloadStart, packet.payloadEnd))
}

/** `source:port > destination:port payload`: enough to check that the right bytes were found. */
export function summary(packet: Packet): string {
  return `${source(packet)}:${packet.sourcePort} > ${destination(packet)}:${packet.destinationPort} ${payload(packet)}`
}
