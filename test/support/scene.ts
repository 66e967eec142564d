import type { ConnectOptions } from './conversation-options.js'
import { Conversation } from './conversation.js'
import { Host, type HostOptions } from './host.js'
import { icmpPacket, udpBytes, type IcmpError } from './packet-writer.js'
import { toPcap, toPcapng, type CaptureOptions, type PcapngOptions } from './pcap-writer.js'
import { clonePacket, Protocol, type ScenePacket } from './scene-packet.js'
import { attemptConnection, type AttemptOptions } from './attempt.js'
import type { Transform } from './transforms.js'

export interface SceneOptions {
  /** Epoch milliseconds of the first moment; default 2024-03-01T09:00:00Z. */
  start?: number
  /** Changes initial sequence numbers and the small differences of delays. */
  seed?: number
  /** What the packets show, in one line. */
  description?: string
}

/** A packet of the script; identifications are assigned at the end, in the order of times. */
interface Entry {
  packet: ScenePacket
  /** The host whose counter gives the identification; `null` if it is fixed. */
  host: Host | null
  captured: boolean
  quotes: { error: IcmpError; quoted: ScenePacket } | null
}

/**
 * When a packet leaves (nanoseconds), whether the capture saw it, and the distance (milliseconds) of its sender from
 * there.
 */
export interface Sending {
  time?: number
  captured?: boolean
  distance?: number
}

/** Nanoseconds in a millisecond: scripts speak of milliseconds, packets carry nanoseconds. */
export const MILLISECOND = 1e6

/**
 * A scripted conversation between hosts as a capture point sees it. Each host acts after what it last sent or received;
 * a packet gets the time at which it passes the capture point, by its sender's distance. The same script always gives
 * the same bytes.
 *
 *     const scene = new Scene()
 *     const client = scene.host('192.168.1.10')
 *     const server = scene.host('203.0.113.20', { hopLimit: 57 })
 *     const control = scene.connect(client, 52228, server, 21)
 *     control.server('220 (vsFTPd 3.0.3)\r\n')
 *     control.close('client')
 *     const capture = scene.toPcap()
 */
export class Scene {
  readonly start: number
  readonly description: string
  readonly #clocks = new Map<Host, number>()
  #floor = 0
  readonly #entries: Entry[] = []
  #random: number
  readonly #transforms: Transform[] = []
  readonly #conversations: Conversation[] = []

  constructor(options: SceneOptions = {}) {
    this.start = options.start ?? Date.UTC(2024, 2, 1, 9)
    this.description = options.description ?? ''
    this.#random = options.seed ?? 1
  }

  host(address: string, options: HostOptions = {}): Host {
    return new Host(address, options)
  }

  /**
   * Handshake of a new connection; `client` is who sends the SYN (for active data connections that is the FTP server).
   */
  connect(
    client: Host,
    clientPort: number,
    server: Host,
    serverPort: number,
    options: ConnectOptions = {},
  ): Conversation {
    const conversation = new Conversation(this, client, clientPort, server, serverPort, options)
    this.#conversations.push(conversation)
    conversation.open(options)
    return conversation
  }

  /** An attempt to connect that fails; advances the clock to its last packet. */
  syn(client: Host, clientPort: number, server: Host, serverPort: number, options: AttemptOptions = {}): Conversation {
    const conversation = new Conversation(this, client, clientPort, server, serverPort, options)
    return attemptConnection(this, conversation, options)
  }

  /** Latest time in nanoseconds that any host has reached. */
  get now(): number {
    return Math.max(this.#floor, ...this.#clocks.values())
  }

  /** When a host can act, in nanoseconds: after the last packet that it sent or received; if there is none, now. */
  clock(host: Host): number {
    return Math.max(this.#floor, this.#clocks.get(host.machine) ?? this.now)
  }

  /** A host was busy, or received something, at that time. */
  reach(host: Host, time: number): void {
    this.#clocks.set(host.machine, Math.max(time, this.#floor, this.#clocks.get(host.machine) ?? 0))
  }

  /** Silence of this length after the latest packet. */
  wait(milliseconds: number): void {
    this.#floor = this.now + milliseconds * MILLISECOND
  }

  /** Runs a part of the script concurrently with what follows: all clocks are reset afterwards. */
  meanwhile(script: () => void): void {
    const clocks = [...this.#clocks]
    const floor = this.#floor
    script()
    this.#clocks.clear()
    for (const [host, time] of clocks) this.#clocks.set(host, time)
    this.#floor = floor
  }

  udp(from: Host, fromPort: number, to: Host, toPort: number, payload: string | Uint8Array): ScenePacket {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
    const sender = { address: from.address, port: fromPort }
    const datagram = udpBytes(sender, { address: to.address, port: toPort }, bytes)
    return this.packet(from, to, { protocol: Protocol.Udp, payload: datagram })
  }

  /** An ICMP error that quotes a packet, seen `delay` milliseconds after that packet was. */
  icmp(error: IcmpError, quoted: ScenePacket, delay = 5): void {
    const packet = icmpPacket(error, quoted, quoted.time + delay * MILLISECOND)
    this.#entries.push({ packet, host: null, captured: true, quotes: { error, quoted } })
  }

  /** Any packet of a host, by default sent now and seen when it passes the capture point. */
  packet(from: Host, to: Host, fields: Partial<ScenePacket>, sending: Sending = {}): ScenePacket {
    const { time = this.clock(from), captured = true, distance = from.distance } = sending
    const version6 = from.address.includes(':')
    const packet: ScenePacket = {
      time: time + distance * MILLISECOND,
      source: from.address,
      destination: to.address,
      hopLimit: from.hopLimit,
      identification: 0,
      dontFragment: !version6,
      fragmentOffset: 0,
      moreFragments: false,
      protocol: Protocol.Tcp,
      tcp: null,
      payload: new Uint8Array(0),
      vlans: [],
      ...fields,
    }
    const counted = !version6 && fields.identification === undefined
    this.#entries.push({ packet, host: counted ? from : null, captured, quotes: null })
    this.reach(from, time)
    return packet
  }

  /** A small difference, 0 to 1, always the same for the same seed and place in the script (mulberry32). */
  random(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Transforms the packets before they are written, in the order given. */
  apply(...transforms: Transform[]): this {
    this.#transforms.push(...transforms)
    return this
  }

  /** Leaves out the packets for which `unwanted` is true, as a capture filter or a one-sided capture does. */
  drop(unwanted: (packet: ScenePacket, index: number) => boolean): this {
    return this.apply((packets) => packets.filter((packet, index) => !unwanted(packet, index)))
  }

  /** Copies of all packets in the capture's order, after the transforms. */
  get packets(): ScenePacket[] {
    for (const conversation of this.#conversations) conversation.sendDelayed()
    const entries = this.#entries.toSorted((a, b) => a.packet.time - b.packet.time)
    const counters = new Map<Host, number>()
    const final = new Map<ScenePacket, ScenePacket>()
    const captured: ScenePacket[] = []
    for (const { packet, host, captured: seen, quotes } of entries) {
      let copy = clonePacket(packet)
      if (quotes) copy = icmpPacket(quotes.error, final.get(quotes.quoted) ?? quotes.quoted, packet.time)
      if (host) {
        copy.identification = ((counters.get(host) ?? host.identification) + 1) & 0xffff
        counters.set(host, copy.identification)
      }
      final.set(packet, copy)
      if (seen) captured.push(copy)
    }
    return this.#transforms.reduce((packets, transform) => transform(packets), captured)
  }

  toPcap(options: Partial<CaptureOptions> = {}): Uint8Array {
    return toPcap(this.packets, { start: this.start, ...options })
  }

  toPcapng(options: Partial<PcapngOptions> = {}): Uint8Array {
    return toPcapng(this.packets, { start: this.start, ...options })
  }
}
