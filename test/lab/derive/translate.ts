import type { Capture, Packet } from './pcap.js'
import { sourceOf } from './transform.js'

/** What a device between two places of capture does to the packets of a host, as seen from beyond it. */
export interface Translation {
  /** The host's address, as captured. */
  readonly host: string
  /** IPv4 address that takes its place. */
  readonly address?: readonly [number, number, number, number]
  /** Added to the sequence numbers of that host's connections. */
  readonly sequence?: number
  /** Routers more on the way from that host to the capture, and fewer on the way back. */
  readonly hops?: number
}

/** Applies a translation to plain Ethernet frames with IPv4 and TCP; others stay. */
export function translate(capture: Capture, translation: Translation): Capture {
  return { ...capture, packets: capture.packets.map((packet) => translated(packet, translation)) }
}

const TYPE = 12
const IP = 14
const SACK = 5

function translated(packet: Packet, { host, address, sequence = 0, hops = 0 }: Translation): Packet {
  const source = packet.data
  const isIpv4Tcp = source[TYPE] === 8 && source[TYPE + 1] === 0 && source[IP + 9] === 6
  if (!isIpv4Tcp) return packet
  const isFrom = sourceOf(source) === host
  const destination = source.subarray(30, 34).join('.')
  if (!isFrom && destination !== host) return packet
  const data = source.slice()
  const view = new DataView(data.buffer)
  const tcp = IP + (data[IP]! & 15) * 4
  if (tcp + 20 > data.length) return packet
  const edit = new Edit(view, tcp + 16)
  if (address) edit.address(isFrom ? IP + 12 : IP + 16, address)
  data[IP + 8] = Math.max(1, data[IP + 8]! + (isFrom ? -hops : hops))
  edit.header()
  const shift = (at: number): void => {
    edit.number(at, (view.getUint32(at) + sequence) >>> 0)
  }
  if (sequence !== 0 && isFrom) shift(tcp + 4)
  if (sequence !== 0 && !isFrom && data[tcp + 13]! & 16) {
    shift(tcp + 8)
    for (const at of sackEdges(data, tcp)) shift(at)
  }
  return { ...packet, data }
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

  address(at: number, address: readonly number[]): void {
    this.number(at, ((address[0]! << 24) | (address[1]! << 16) | (address[2]! << 8) | address[3]!) >>> 0)
  }

  /** Computes the checksum of the IP header anew. */
  header(): void {
    const view = this.#view
    view.setUint16(IP + 10, 0)
    let sum = 0
    for (let at = IP; at < IP + (view.getUint8(IP) & 15) * 4; at += 2) sum += view.getUint16(at)
    view.setUint16(IP + 10, ~folded(sum) & 0xffff)
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
