import { type Capture, type Packet, readPcap, writePcap, writePcapng } from '../lab/derive/pcap.js'
import { cook, duplicate, lose, merge, snap, span, tag } from '../lab/derive/transform.js'
import { joined, latin1 } from './mutate.js'
import { MUTATIONS } from './mutations.js'
import type { Random } from './random.js'
import { EDGES, WORDS } from './words.js'

const ETHERNET = 14
/** Of little-endian pcap with microseconds, the form whose packets are changed. */
const MAGIC = [0xd4, 0xc3, 0xb2, 0xa1]

/**
 * Changes a capture as networks, hosts and capture programs do, so that the stages behind the reader see sense with one
 * fault in it.
 */
export function mutateCapture(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const capture = parsed(input)
  if (!capture || capture.packets.length === 0) return input
  if (random.chance(0.2)) return random.pick(Object.values(MUTATIONS))(input, random.unit)
  let changed = capture
  for (let i = 0; i < 1 + random.below(3); i++) changed = random.pick(CHANGES)(changed, other, random)
  if (random.chance(0.1)) return writePcapng(changed)
  return writePcap(
    changed,
    random.chance(0.9) ? {} : { bigEndian: random.chance(0.5), nanoseconds: random.chance(0.5) },
  )
}

type Change = (capture: Capture, other: Uint8Array, random: Random) => Capture

const CHANGES: readonly Change[] = [
  say,
  say,
  say,
  withHeaderByte,
  withHeaderByte,
  withTcpFields,
  withTcpFields,
  (capture, _other, random) => replaced(capture, random, () => []),
  (capture, _other, random) => replaced(capture, random, (packet) => [packet, packet]),
  (capture, _other, random) => {
    const packets = [...capture.packets]
    const [moved] = packets.splice(random.below(packets.length), 1)
    if (moved) packets.splice(random.below(packets.length + 1), 0, moved)
    return { ...capture, packets }
  },
  (capture, _other, random) => ({ ...capture, packets: later(capture.packets, random) }),
  (capture, other) => {
    const second = parsed(other)
    return second?.linkType === capture.linkType ? merge(capture, second) : capture
  },
  (capture, _other, random) => span(capture, random.unit() * 0.5, 0.5 + random.unit() * 0.5),
  (capture, _other, random) => lose(capture, random.unit() * 0.5, random.below(1000)),
  (capture, _other, random) => snap(capture, 40 + random.below(120)),
  (capture) => duplicate(capture),
  (capture) => (isEthernet(capture) ? cook(capture) : capture),
  (capture, _other, random) => (isEthernet(capture) ? tag(capture, random.below(4096)) : capture),
]

/** Each frame has its header whole, which may have been cut off before. */
function isEthernet({ linkType, packets }: Capture): boolean {
  return linkType === 1 && packets.every(({ data }) => data.length >= ETHERNET)
}

/** Silence before one packet: the clock of all behind it goes forward, or back. */
function later(packets: readonly Packet[], random: Random): Packet[] {
  const from = random.below(packets.length)
  const by = BigInt(random.pick([1, 4, 61, 301, 3601, 100_000, -2, -100])) * 1_000_000_000n
  return packets.map((packet, index) =>
    index < from || packet.time + by < 0n ? packet : { ...packet, time: packet.time + by },
  )
}

function parsed(bytes: Uint8Array): Capture | null {
  if (bytes.length < 24 || MAGIC.some((byte, at) => bytes[at] !== byte)) return null
  const capture = readPcap(bytes)
  return { ...capture, packets: capture.packets.filter(({ time }) => time < 2n ** 61n) }
}

function replaced(capture: Capture, random: Random, by: (packet: Packet) => Packet[]): Capture {
  const at = random.below(capture.packets.length)
  return { ...capture, packets: capture.packets.flatMap((packet, index) => (index === at ? by(packet) : [packet])) }
}

function withHeaderByte(capture: Capture, _other: Uint8Array, random: Random): Capture {
  return replaced(capture, random, (packet) => {
    const data = packet.data.slice()
    const at = ETHERNET + random.below(52)
    if (at < data.length) data[at] = random.chance(0.5) ? random.pick(EDGES) : random.below(256)
    return [{ ...packet, data }]
  })
}

interface Place {
  /** Offsets of the IP header, the TCP header and the payload. */
  ip: number
  tcp: number
  payload: number
  version: number
}

function placeOf({ data }: Packet): Place | null {
  const type = ((data[12] ?? 0) << 8) | (data[13] ?? 0)
  const version = type === 0x0800 ? 4 : type === 0x86dd ? 6 : 0
  if (version === 0) return null
  const tcp = ETHERNET + (version === 4 ? (data[ETHERNET]! & 15) * 4 : 40)
  const protocol = data[ETHERNET + (version === 4 ? 9 : 6)]
  if (protocol !== 6 || tcp + 20 > data.length) return null
  const payload = tcp + (data[tcp + 12]! >> 4) * 4
  return payload > data.length ? null : { ip: ETHERNET, tcp, payload, version }
}

function withTcpFields(capture: Capture, _other: Uint8Array, random: Random): Capture {
  return replaced(capture, random, (packet) => {
    const place = placeOf(packet)
    if (!place) return [packet]
    const data = packet.data.slice()
    const view = new DataView(data.buffer)
    const field = random.below(5)
    if (field === 0) data[place.tcp + 13] = random.pick([2, 4, 16, 17, 18, 20, 24, 25, 41, 0, 255])
    else if (field < 3) {
      const at = place.tcp + field * 4
      view.setUint32(at, (view.getUint32(at) + random.pick([-1, 1, -1000, 1000, 100_000, 2 ** 30, 2 ** 31])) >>> 0)
    } else if (field === 3) view.setUint16(place.tcp + 14, random.pick([0, 1, 65_535]))
    else view.setUint16(place.tcp + 2 * random.below(2), random.pick([20, 21, 22, 990, 2121, 40_000, 50_000, 0]))
    return [{ ...packet, data }]
  })
}

/** Other words in one segment, with all that follows in its connection moved accordingly. */
function say(capture: Capture, _other: Uint8Array, random: Random): Capture {
  const spoken = capture.packets.filter((packet) => {
    const place = placeOf(packet)
    return place !== null && (place.payload < packet.data.length || random.chance(0.1))
  })
  if (spoken.length === 0) return capture
  const chosen = random.pick(spoken)
  const place = placeOf(chosen)!
  const words = latin1(random.pick(WORDS))
  const old = chosen.data.subarray(place.payload)
  const payload = random.chance(0.4) ? words : random.chance(0.5) ? joined(old, words) : joined(words, old)
  const data = joined(chosen.data.subarray(0, place.payload), payload)
  setLength(data, place)
  const { from, to, sequence } = flowOf(chosen, place)
  const grown = payload.length - old.length
  let behind = false
  return {
    ...capture,
    packets: capture.packets.map((packet) => {
      if (packet === chosen) {
        behind = true
        return { ...packet, data, originalLength: data.length }
      }
      const there = behind && grown !== 0 ? placeOf(packet) : null
      if (!there) return packet
      const flow = flowOf(packet, there)
      const same = flow.from === from && flow.to === to && ((flow.sequence - sequence) | 0) > 0
      if (!same && (flow.from !== to || flow.to !== from)) return packet
      const moved = packet.data.slice()
      const view = new DataView(moved.buffer)
      const at = there.tcp + (same ? 4 : 8)
      view.setUint32(at, (view.getUint32(at) + grown) >>> 0)
      return { ...packet, data: moved }
    }),
  }
}

function setLength(data: Uint8Array, { ip, version }: Place): void {
  const view = new DataView(data.buffer)
  if (version === 4) view.setUint16(ip + 2, data.length - ip)
  else view.setUint16(ip + 4, data.length - ip - 40)
}

function flowOf({ data }: Packet, { ip, tcp, version }: Place): { from: string; to: string; sequence: number } {
  const length = version === 4 ? 4 : 16
  const at = ip + (version === 4 ? 12 : 8)
  const end = (address: number, port: number) =>
    `${data.subarray(address, address + length).join('.')} ${data[port]! * 256 + data[port + 1]!}`
  const sequence = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(tcp + 4)
  return { from: end(at, tcp), to: end(at + length, tcp + 2), sequence }
}
