import type { Capture, Packet } from './pcap.js'

/** What a device between two places of capture does to the packets of hosts, as seen from beyond it. */
export interface Translation {
  /** Whether an address, as captured, is of one of the hosts. */
  readonly hosts: (address: string) => boolean
  /** The first three numbers of the IPv4 addresses that take the place of theirs. */
  readonly network?: readonly [number, number, number]
  /** Added to the sequence numbers of the hosts. */
  readonly sequence?: number
  /** Routers more on the way from the hosts to the capture. */
  readonly hops?: number
}

/** Applies a translation to plain Ethernet frames with IPv4, also to the packets that ICMP errors quote. */
export function translate(capture: Capture, translation: Translation): Capture {
  return { ...capture, packets: capture.packets.map((packet) => translated(packet, translation)) }
}

const TYPE = 12
const IP = 14
const ICMP = 1
const TCP = 6
const SACK = 5

function translated(packet: Packet, translation: Translation): Packet {
  const frame = packet.data
  if (frame[TYPE] !== 8 || frame[TYPE + 1] !== 0) return packet
  const data = frame.slice()
  const view = new DataView(data.buffer)
  const payload = IP + (data[IP]! & 15) * 4
  if (data[IP + 9] === TCP && payload + 20 <= data.length) segment(view, IP, translation)
  else if (data[IP + 9] === ICMP && payload + 36 <= data.length) icmpError(view, payload, translation)
  return { ...packet, data }
}

/** A TCP segment whose IP header is at an offset. */
function segment(view: DataView, ip: number, { hosts, network, sequence = 0, hops = 0 }: Translation): void {
  const data = new Uint8Array(view.buffer)
  const isFrom = hosts(addressAt(data, ip + 12))
  const isTo = hosts(addressAt(data, ip + 16))
  if (isFrom === isTo) return
  const tcp = ip + (data[ip]! & 15) * 4
  const edit = new Edit(view, tcp + 16)
  if (network) edit.network(isFrom ? ip + 12 : ip + 16, network)
  if (isFrom) data[ip + 8] = Math.max(1, data[ip + 8]! - hops)
  header(view, ip)
  if (sequence === 0) return
  const shift = (at: number): void => {
    if (at + 4 <= view.byteLength) edit.number(at, (view.getUint32(at) + sequence) >>> 0)
  }
  if (isFrom) shift(tcp + 4)
  else if ((data[tcp + 13] ?? 0) & 16) {
    shift(tcp + 8)
    for (const at of sackEdges(data, tcp)) shift(at)
  }
}

/** Goes back to a host, and quotes its packet as the host's side knows it: beyond the device as that one sent it. */
function icmpError(view: DataView, icmp: number, translation: Translation): void {
  const data = new Uint8Array(view.buffer)
  const { hosts, network } = translation
  if (network && hosts(addressAt(data, IP + 16))) data.set(network, IP + 16)
  header(view, IP)
  if (data[icmp + 8 + 9] === TCP) segment(view, icmp + 8, { ...translation, hops: 0 })
  view.setUint16(icmp + 2, 0)
  let sum = 0
  for (let at = icmp; at < view.byteLength; at += 2)
    sum += at + 1 < view.byteLength ? view.getUint16(at) : view.getUint8(at) << 8
  view.setUint16(icmp + 2, ~folded(sum) & 0xffff)
}

function addressAt(data: Uint8Array, at: number): string {
  return data.subarray(at, at + 4).join('.')
}

/** Computes the checksum of an IP header anew. */
function header(view: DataView, ip: number): void {
  view.setUint16(ip + 10, 0)
  let sum = 0
  for (let at = ip; at < ip + (view.getUint8(ip) & 15) * 4; at += 2) sum += view.getUint16(at)
  view.setUint16(ip + 10, ~folded(sum) & 0xffff)
}

/** Offsets of the edges in SACK blocks (RFC 2018). */
function sackEdges(data: Uint8Array, tcp: number): number[] {
  const edges: number[] = []
  const end = Math.min(data.length, tcp + (data[tcp + 12]! >> 4) * 4)
  for (let at = tcp + 20; at + 1 < end;) {
    const kind = data[at]!
    if (kind === 0) break
    const length = kind === 1 ? 1 : data[at + 1]!
    if (length < 1 || at + length > end) break
    if (kind === SACK) for (let edge = at + 2; edge < at + length; edge += 4) edges.push(edge)
    at += length
  }
  return edges
}

/** Changes fields of a packet and mends its checksums (RFC 1624), so that wrong ones stay wrong. */
class Edit {
  readonly #view: DataView
  readonly #checksumAt: number

  constructor(view: DataView, checksumAt: number) {
    this.#view = view
    this.#checksumAt = checksumAt
  }

  number(at: number, value: number): void {
    const [before, after] = [this.#view.getUint32(at), value >>> 0]
    this.#view.setUint32(at, after)
    // A field at an odd offset counts with its bytes exchanged.
    const isOdd = (at - this.#checksumAt) % 2 !== 0
    const words = (number: number): number => {
      const sum = (number >>> 16) + (number & 0xffff)
      return isOdd ? swapped(sum) : sum
    }
    this.#adjust(words(before), words(after))
  }

  network(at: number, [a, b, c]: readonly [number, number, number]): void {
    this.number(at, ((a << 24) | (b << 16) | (c << 8) | this.#view.getUint8(at + 3)) >>> 0)
  }

  #adjust(before: number, after: number): void {
    const view = this.#view
    if (this.#checksumAt + 2 > view.byteLength) return
    const sum = (~view.getUint16(this.#checksumAt) & 0xffff) + (~folded(before) & 0xffff) + folded(after)
    view.setUint16(this.#checksumAt, ~folded(sum) & 0xffff)
  }
}

function folded(sum: number): number {
  let rest = sum
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000)
  return rest
}

function swapped(sum: number): number {
  const word = folded(sum)
  return ((word & 0xff) << 8) | (word >> 8)
}
