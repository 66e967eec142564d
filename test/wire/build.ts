import { parseIpv4, parseIpv6 } from '../../src/wire/address.js'

/** Headers for tests, written from the RFCs' figures, independently of the code under test. */
export function bytes(...parts: (number | readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])))
}

export const be16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
export const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)]
export const le32 = (value: number): number[] => be32(value).reverse()
export const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0))

export const CLIENT = '192.0.2.1'
export const SERVER = '198.51.100.2'
export const CLIENT6 = '2001:db8::1'
export const SERVER6 = '2001:db8::2'

export interface TcpFields {
  sourcePort?: number
  destinationPort?: number
  sequence?: number
  acknowledgment?: number
  flags?: number
  window?: number
  options?: readonly number[]
  /** In 4-byte words; by default the correct value. */
  dataOffset?: number
}

export function tcpSegment(fields: TcpFields = {}, payload: Uint8Array = bytes()): Uint8Array {
  const options = [...(fields.options ?? [])]
  while (options.length % 4 !== 0) options.push(0)
  return bytes(
    be16(fields.sourcePort ?? 40000),
    be16(fields.destinationPort ?? 21),
    be32(fields.sequence ?? 1000),
    be32(fields.acknowledgment ?? 2000),
    (fields.dataOffset ?? 5 + options.length / 4) << 4,
    fields.flags ?? 0x18,
    be16(fields.window ?? 502),
    be16(0xbeef),
    be16(0),
    options,
    payload,
  )
}

export interface Ipv4Fields {
  source?: string
  destination?: string
  protocol?: number
  hopLimit?: number
  identification?: number
  /** Flags and fragment offset, 16 bits. */
  fragmentation?: number
  options?: readonly number[]
  totalLength?: number
}

export function ipv4Packet(fields: Ipv4Fields, payload: Uint8Array): Uint8Array {
  const options = fields.options ?? []
  const headerLength = 20 + options.length
  return bytes(
    0x40 | (headerLength / 4),
    0,
    be16(fields.totalLength ?? headerLength + payload.length),
    be16(fields.identification ?? 0x1234),
    be16(fields.fragmentation ?? 0x4000),
    fields.hopLimit ?? 63,
    fields.protocol ?? 6,
    be16(0),
    parseIpv4(fields.source ?? CLIENT)!,
    parseIpv4(fields.destination ?? SERVER)!,
    options,
    payload,
  )
}

export interface Ipv6Fields {
  source?: string
  destination?: string
  nextHeader?: number
  hopLimit?: number
  payloadLength?: number
}

export function ipv6Packet(fields: Ipv6Fields, payload: Uint8Array): Uint8Array {
  return bytes(
    be32(0x60000000),
    be16(fields.payloadLength ?? payload.length),
    fields.nextHeader ?? 6,
    fields.hopLimit ?? 62,
    parseIpv6(fields.source ?? CLIENT6)!,
    parseIpv6(fields.destination ?? SERVER6)!,
    payload,
  )
}

/** Extension header of 8-byte units (hop-by-hop, routing, destination options) of `length` bytes, padded with PadN. */
export function extension(nextHeader: number, length: number, payload: Uint8Array): Uint8Array {
  return bytes(nextHeader, length / 8 - 1, 1, length - 4, new Uint8Array(length - 4), payload)
}

export function fragmentHeader(
  nextHeader: number,
  offset: number,
  more: boolean,
  id: number,
  payload: Uint8Array,
): Uint8Array {
  return bytes(nextHeader, 0, be16(offset | (more ? 1 : 0)), be32(id), payload)
}

export function authenticated(nextHeader: number, payload: Uint8Array): Uint8Array {
  return bytes(nextHeader, 4, be16(0), be32(7), be32(1), new Uint8Array(12), payload)
}

export function udpDatagram(destinationPort: number, payload: Uint8Array): Uint8Array {
  return bytes(be16(50000), be16(destinationPort), be16(8 + payload.length), be16(0), payload)
}

const MACS = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
export const ethernetFrame = (type: number, payload: Uint8Array): Uint8Array => bytes(MACS, be16(type), payload)
export const tagged = (identifier: number, type: number, payload: Uint8Array): Uint8Array =>
  bytes(be16(identifier), be16(type), payload)
export const snap = (type: number, payload: Uint8Array): Uint8Array =>
  bytes(0xaa, 0xaa, 3, 0, 0, 0, be16(type), payload)
export const label = (value: number, bottom: boolean, payload: Uint8Array): Uint8Array =>
  bytes(be32(value * 4096 + (bottom ? 256 : 0) + 64), payload)
export const pppoeSession = (pppPacket: Uint8Array): Uint8Array =>
  bytes(0x11, 0, be16(5), be16(pppPacket.length), pppPacket)
export const cookedV1 = (type: number, payload: Uint8Array): Uint8Array =>
  bytes(be16(0), be16(1), be16(6), MACS.slice(6), be16(0), be16(type), payload)
export const cookedV2 = (type: number, payload: Uint8Array): Uint8Array =>
  bytes(be16(type), be16(0), be32(3), be16(1), 0, 6, MACS.slice(6), be16(0), payload)
export const vxlanDatagram = (frame: Uint8Array): Uint8Array => udpDatagram(4789, bytes(8, 0, 0, 0, 0, 0, 42, 0, frame))
