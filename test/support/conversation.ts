import type { ConnectOptions, Data, PathOptions, RawPacket, SendOptions, Who } from './conversation-options.js'
import type { Host } from './host.js'
import type { Scene } from './scene.js'
import { Flag, type ScenePacket, type TcpFields, type TcpOptions } from './scene-packet.js'
import { StreamEnd, type Segment } from './stream-end.js'

/** Delay after which Linux sends a delayed acknowledgment. */
const DELAYED_ACK = 40e6
const NEAR = 0.03
/** Time on the wire of a byte at 1 Gbit/s. */
const NANOSECONDS_PER_BYTE = 8

/** A TCP connection of a scene: sends as its two ends would, and lets a script change any of it. */
export class Conversation {
  readonly #scene: Scene
  readonly #client: StreamEnd
  readonly #server: StreamEnd
  /** One-way delays to the capture point in milliseconds. */
  readonly #distances: Map<StreamEnd, number>

  constructor(scene: Scene, client: Host, clientPort: number, server: Host, serverPort: number, path: PathOptions) {
    const sequence = () => Math.floor(scene.random() * 2 ** 32)
    this.#scene = scene
    this.#client = new StreamEnd(client, clientPort, path.initialSequences?.[0] ?? sequence())
    this.#server = new StreamEnd(server, serverPort, path.initialSequences?.[1] ?? sequence())
    const [near, far] = distances(client, server, path)
    this.#distances = new Map([
      [this.#client, near],
      [this.#server, far],
    ])
  }

  /** One-way delay between the two ends in nanoseconds. */
  get oneWay(): number {
    return (this.#distances.get(this.#client)! + this.#distances.get(this.#server)!) * 1e6
  }

  end(who: Who): StreamEnd {
    return who === 'client' || who === this.#client.host ? this.#client : this.#server
  }

  peer(who: Who): StreamEnd {
    return this.#other(this.end(who))
  }

  /** The three packets of the handshake. */
  open(options: ConnectOptions = {}): void {
    const captured = options.captured ?? true
    const attempts = options.attempts ?? 1
    const begin = this.#begin(this.#client, options.think ?? 0.1)
    let time = begin
    for (let attempt = 0; attempt < attempts; attempt++) {
      time = begin + (2 ** attempt - 1) * 1e9
      this.synchronize('client', time, captured)
    }
    time += this.oneWay + 0.04e6
    this.#server.received = 1
    this.synchronize('server', time, captured)
    time += this.oneWay + 0.03e6
    this.#client.received = 1
    this.#client.next = this.#server.next = 1
    this.transmit(this.#client, { flags: Flag.Ack }, time, captured)
    this.#scene.reach(this.#server.host, time + this.oneWay)
  }

  /** A SYN, or for the server a SYN,ACK, at a time; may be repeated. */
  synchronize(who: 'client' | 'server', time: number, captured = true): ScenePacket {
    const end = this.end(who)
    const { host } = end
    const peerHost = this.peer(who).host
    const answering = who === 'server'
    const options: TcpOptions = { maximumSegmentSize: host.maximumSegmentSize }
    if (host.sackPermitted && (!answering || peerHost.sackPermitted)) options.sackPermitted = true
    if (host.windowScale !== null && (!answering || peerHost.windowScale !== null))
      options.windowScale = host.windowScale
    const flags = Flag.Syn | (answering ? Flag.Ack : 0)
    const fields = { flags, sequence: end.initialSequence, window: Math.min(end.window, 65_535), options }
    return this.transmit(end, fields, time, captured)
  }

  client(data: Data, options: SendOptions = {}): this {
    return this.send('client', data, options)
  }

  server(data: Data, options: SendOptions = {}): this {
    return this.send('server', data, options)
  }

  /** Data of one end, in segments of the peer's MSS; advances the clock to its arrival. */
  send(who: Who, data: Data, options: SendOptions = {}): this {
    const end = this.end(who)
    const bytes = bytesOf(data)
    const size = options.segment ?? this.#segmentSize(end)
    let time = this.#begin(end, options.think)
    this.#sendDelayed(end, time)
    let inFlight = 0
    for (let at = 0; at < bytes.length || (at === 0 && options.fin); at += size) {
      const payload = bytes.subarray(at, at + size)
      const last = at + size >= bytes.length
      if (inFlight === end.congestionWindow) {
        time += 2 * this.oneWay
        end.congestionWindow *= 2
        inFlight = 0
      }
      const segment: Segment = { offset: end.next, payload, push: last, fin: last && options.fin === true }
      end.next += payload.length + (segment.fin ? 1 : 0)
      end.sent.push(segment)
      this.#deliver(end, segment, time, options)
      inFlight++
      time += (payload.length + 66) * NANOSECONDS_PER_BYTE
    }
    return this
  }

  /** Data that reached the peer, but not the capture. */
  lost(who: Who, data: Data, options: SendOptions = {}): this {
    return this.send(who, data, { ...options, captured: false })
  }

  /** Data that never reaches the peer: sent, and retransmitted with doubling delays from `timeout` milliseconds. */
  unacknowledged(who: Who, data: Data, options: SendOptions & { attempts?: number; timeout?: number } = {}): this {
    this.send(who, data, { ...options, delivered: false })
    let timeout = options.timeout ?? 200 + (2 * this.oneWay) / 1e6
    for (let attempt = 1; attempt < (options.attempts ?? 5); attempt++) {
      this.retransmit(who, 1, { ...options, think: timeout, delivered: false })
      timeout *= 2
    }
    return this
  }

  /** Retransmits `count` segments, the last ones or those before the last `skip`; acknowledged if they arrive. */
  retransmit(who: Who, count = 1, options: SendOptions & { skip?: number } = {}): this {
    const end = this.end(who)
    let time = this.#begin(end, options.think)
    const behind = end.sent.length - (options.skip ?? 0)
    for (const segment of end.sent.slice(Math.max(0, behind - count), behind)) {
      this.#deliver(end, segment, time, options)
      time += (segment.payload.length + 66) * NANOSECONDS_PER_BYTE
    }
    return this
  }

  /** A pure acknowledgment, with another window if given (bytes, before scaling). */
  acknowledge(who: Who, options: { window?: number; think?: number } = {}): this {
    const end = this.end(who)
    if (options.window !== undefined) end.window = options.window
    this.transmit(end, { flags: Flag.Ack }, this.#begin(end, options.think))
    return this
  }

  /** Probe of one byte before the next (RFC 9293 §3.8.4), answered unless told otherwise. */
  keepAlive(who: Who, answered = true): this {
    const end = this.end(who)
    this.transmit(end, { flags: Flag.Ack, sequence: end.sequenceAt(end.next - 1) }, this.#begin(end, 0))
    if (answered) this.transmit(this.#other(end), { flags: Flag.Ack }, this.#begin(this.#other(end), 0))
    return this
  }

  /** FIN of one end, acknowledged by the other, which may go on sending. */
  fin(who: Who, options: SendOptions = {}): this {
    return this.send(who, '', { ...options, fin: true })
  }

  /** Both FINs, `who` first. */
  close(who: Who, options: SendOptions = {}): this {
    this.fin(who, options)
    return this.fin(this.end(who) === this.#client ? 'server' : 'client', { ...options, think: 0.1 }).#acknowledgeNow(
      who,
    )
  }

  /** RST,ACK; the given fields differ if a middlebox forged it. */
  reset(who: Who, fields: Omit<RawPacket, 'from'> = {}): this {
    this.raw({ flags: Flag.Rst | Flag.Ack, window: 0, ...fields, from: who })
    // A closed connection is not acknowledged.
    const peer = this.peer(who)
    this.#sendDelayed(peer, this.#scene.clock(peer.host))
    peer.acknowledgeAt = null
    return this
  }

  /** Any packet: fields not given continue the stream, whose state does not change. */
  raw(packet: RawPacket): this {
    const { from, payload, think, hopLimit, identification, dontFragment, ...tcp } = packet
    const end = this.end(from)
    const time = this.#begin(end, think)
    const ip: Partial<ScenePacket> = { payload: bytesOf(payload ?? '') }
    if (hopLimit !== undefined) ip.hopLimit = hopLimit
    if (identification !== undefined) ip.identification = identification
    if (dontFragment !== undefined) ip.dontFragment = dontFragment
    this.transmit(end, tcp, time, true, ip)
    return this
  }

  /** Sends the acknowledgments that are still held back, those due by `time` where one is given. */
  sendDelayed(time = Infinity): void {
    for (const end of [this.#client, this.#server]) this.#sendDelayed(end, time)
  }

  /**
   * One packet of an end at a time, with what `tcp` and `ip` do not give filled in. Changes no stream state but
   * timestamps.
   */
  transmit(
    end: StreamEnd,
    tcp: Partial<TcpFields>,
    time: number,
    captured = true,
    ip: Partial<ScenePacket> = {},
  ): ScenePacket {
    const peer = this.#other(end)
    this.#sendDelayed(end, time)
    const { host } = end
    const scaled = host.windowScale !== null && peer.host.windowScale !== null
    const flags = tcp.flags ?? Flag.Ack
    const fields: TcpFields = {
      sourcePort: end.port,
      destinationPort: peer.port,
      sequence: end.sequenceAt(end.next),
      acknowledgment: flags & Flag.Ack ? peer.sequenceAt(end.received) : 0,
      window: Math.min(scaled ? end.window >> host.windowScale : end.window, 65_535),
      urgentPointer: 0,
      checksumError: 0,
      ...tcp,
      flags,
      options: { ...tcp.options },
    }
    if (host.timestamps && peer.host.timestamps && !(flags & Flag.Rst)) {
      const value = host.timestampAt(time)
      fields.options.timestamps ??= { value, echo: end.echo }
      peer.echo = value
    }
    if (flags & (Flag.Ack | Flag.Rst)) end.acknowledgeAt = null
    const distance = this.#distances.get(end)!
    this.#scene.reach(peer.host, time + this.oneWay)
    return this.#scene.packet(host, peer.host, { tcp: fields, ...ip }, { time, captured, distance })
  }

  #deliver(end: StreamEnd, segment: Segment, time: number, options: SendOptions): void {
    const peer = this.#other(end)
    const flags = Flag.Ack | (segment.push && segment.payload.length > 0 ? Flag.Psh : 0) | (segment.fin ? Flag.Fin : 0)
    const fields = { flags, sequence: end.sequenceAt(segment.offset) }
    this.transmit(end, fields, time, options.captured ?? true, { payload: segment.payload })
    if (options.delivered === false) return
    const arrival = time + this.oneWay
    this.#sendDelayed(peer, arrival)
    const expected = peer.receive(segment)
    if (options.ack === false) return
    // Every second segment is acknowledged at once, and so is anything out of order (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
    if (expected && peer.acknowledgeAt === null) peer.acknowledgeAt = arrival + DELAYED_ACK
    else this.transmit(peer, { flags: Flag.Ack }, arrival + 0.01e6)
  }

  #sendDelayed(end: StreamEnd, time: number): void {
    const due = end.acknowledgeAt
    if (due === null || due > time) return
    end.acknowledgeAt = null
    this.transmit(end, { flags: Flag.Ack }, due)
  }

  #acknowledgeNow(who: Who): this {
    const end = this.end(who)
    if (end.acknowledgeAt !== null) this.transmit(end, { flags: Flag.Ack }, this.#begin(end, 0.02))
    return this
  }

  #segmentSize(end: StreamEnd): number {
    const peer = this.#other(end)
    const size = Math.min(end.host.maximumSegmentSize, peer.host.maximumSegmentSize)
    return end.host.timestamps && peer.host.timestamps ? size - 12 : size
  }

  #other(end: StreamEnd): StreamEnd {
    return end === this.#client ? this.#server : this.#client
  }

  /** When an end acts next, in nanoseconds. */
  #begin(end: StreamEnd, think: number | undefined): number {
    const milliseconds = think ?? (end === this.#client ? 0.2 : 0.4) * (0.5 + this.#scene.random())
    return this.#scene.clock(end.host) + milliseconds * 1e6
  }
}

function distances(client: Host, server: Host, path: PathOptions): readonly [number, number] {
  if (path.rtt === undefined && path.capturedAt === undefined) return [client.distance, server.distance]
  const oneWay = path.rtt === undefined ? client.distance + server.distance : path.rtt / 2
  const near = Math.min(NEAR, oneWay / 2)
  const at =
    path.capturedAt ??
    (client.distance < server.distance ? 'client' : client.distance > server.distance ? 'server' : 'middle')
  if (at === 'middle') return [oneWay / 2, oneWay / 2]
  return at === 'client' ? [near, oneWay - near] : [oneWay - near, near]
}

function bytesOf(data: Data): Uint8Array {
  if (typeof data === 'string') return new TextEncoder().encode(data)
  if (typeof data !== 'number') return data
  return Uint8Array.from({ length: data }, (_, index) => (index * 7 + (index >> 8)) & 0xff)
}
