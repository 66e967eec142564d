import type { DataChannel, Session, SessionOfSameHosts } from '../../src/correlate/model.js'
import type { Announcement, Dialogue, Exchange, Reply, TransferCommand } from '../../src/ftp/model.js'
import { Connection, Direction, type IcmpSighting, type ResetSighting } from '../../src/tcp/connection.js'

export const CLIENT = '192.168.1.10'
export const SERVER = '203.0.113.20'
const SECOND = 1e9

/**
 * A session put together by hand, packet by packet: the facts that rules judge, without capture, decoder or tracker. Times are in
 * seconds; every packet gets the next frame number. The client is beside the capture (TTL 64), the server seven routers away (TTL 57).
 */
export class SessionBuilder {
  readonly control: Connection
  readonly session: Session
  #frame = 0
  #open: Exchange | null = null

  constructor({ port = 21, server = SERVER, client = CLIENT, midstream = false } = {}) {
    const first = { frame: 1, time: 0 }
    this.control = new Connection(0, 4, { address: client, port: 52_228 }, { address: server, port }, first)
    this.control.midstream = midstream
    this.session = {
      id: 1,
      control: this.control,
      client: this.control.initiator,
      server: this.control.responder,
      dialogue: emptyDialogue(),
      channels: [],
      cutOff: true,
      judgedAt: 0,
      surroundings: {
        otherConnectionsBetweenHosts: false,
        otherTraffic: true,
        sameHosts: [],
        ident: [],
        duplicateShare: 0,
        sameSession: null,
      },
      places: new Map(),
    }
  }

  get dialogue(): Dialogue {
    return this.session.dialogue
  }

  /** SYNs at these times, all of the first sequence number. */
  syn(...seconds: number[]): this {
    for (const second of seconds) {
      this.control.syns.push(this.#packet(Direction.FromInitiator, second))
      this.control.synAttempts++
    }
    return this
  }

  synAck(...seconds: number[]): this {
    for (const second of seconds) {
      this.control.synAcks.push(this.#packet(Direction.FromResponder, second))
      this.control.synAckAttempts++
    }
    return this
  }

  ack(second: number): this {
    this.control.established = this.#packet(Direction.FromInitiator, second)
    return this
  }

  /** A handshake of 40 ms that begins at 0. */
  handshake(): this {
    return this.syn(0).synAck(0.04).ack(0.0401)
  }

  /** A line of the client; acknowledged unless told otherwise. */
  command(second: number, line: string, { acknowledged = true, bareLineFeed = false } = {}): this {
    const [verb = '', ...rest] = line.split(' ')
    const flow = this.control.flows[Direction.FromInitiator]
    const streamStart = flow.end
    const sighting = this.#payload(Direction.FromInitiator, second, line.length + 2, acknowledged)
    this.#open = {
      ...sighting,
      command: verb,
      argument: rest.length > 0 ? rest.join(' ') : null,
      replies: [],
      bareLineFeed,
      form: 'plain',
      streamStart,
      streamEnd: flow.end,
    }
    this.dialogue.exchanges.push(this.#open)
    return this
  }

  /** A reply to the open command; `unasked` for the greeting and for a 421 that nobody caused. */
  reply(second: number, line: string, { acknowledged = true, unasked = false } = {}): this {
    const sighting = this.#payload(Direction.FromResponder, second, line.length + 2, acknowledged)
    const code = Number(line.slice(0, 3))
    const reply: Reply = { ...sighting, code, text: line.slice(4), preliminary: code < 200 }
    if (unasked || !this.#open) {
      const last = this.dialogue.exchanges.at(-1)
      if (last?.command === null && last.replies.at(-1)?.preliminary) last.replies.push(reply)
      else this.dialogue.exchanges.push({ ...sighting, ...UNASKED, replies: [reply] })
    } else this.#open.replies.push(reply)
    return this
  }

  /** Greeting and login in half a second. */
  login(): this {
    this.reply(0.1, '220 (vsFTPd 3.0.3)')
    this.command(0.2, 'USER alice').reply(0.25, '331 Please specify the password.')
    this.command(0.3, 'PASS wonderland').reply(0.35, '230 Login successful.')
    this.dialogue.user = 'alice'
    this.dialogue.login = 'accepted'
    return this
  }

  /** The last segment of a direction again. */
  retransmit(direction: Direction, ...seconds: number[]): this {
    const flow = this.control.flows[direction]
    for (const second of seconds) {
      flow.retransmitted.push(this.#packet(direction, second))
      flow.retransmissions++
    }
    return this
  }

  fin(direction: Direction, second: number, { acknowledged = true } = {}): this {
    const flow = this.control.flows[direction]
    flow.fin = this.#packet(direction, second)
    flow.finOffset = flow.end
    if (acknowledged) flow.acknowledged = flow.end + 1
    this.control.closedBy ??= { direction, how: 'fin' }
    return this
  }

  reset(direction: Direction, second: number, facts: Partial<ResetSighting> = {}): this {
    const hopLimit = direction === Direction.FromInitiator ? 64 : 57
    const sighting = this.#packet(direction, second, facts.hopLimit ?? hopLimit)
    const answersSyn = direction === Direction.FromResponder && this.control.synAckAttempts === 0
    this.control.resets.push({ ...sighting, direction, hopLimit, identification: 0, window: 0, answersSyn, ...facts })
    this.control.resetCount++
    this.control.closedBy ??= { direction, how: 'rst' }
    return this
  }

  icmp(second: number, facts: Pick<IcmpSighting, 'type' | 'code' | 'from'>): this {
    const sighting = { frame: ++this.#frame, time: second * SECOND }
    this.control.icmpErrors.push({
      ...sighting,
      version: 4,
      hopLimit: 60,
      quoted: Direction.FromInitiator,
      mtu: 0,
      quotesSyn: this.control.synAckAttempts === 0,
      ...facts,
    })
    return this
  }

  /** The open command is a transfer over a data connection between these times, announced by PASV or PORT before. */
  data(from: number, until: number, bytes: number, outcome: NonNullable<DataChannel['transfer']>['outcome']): this {
    const first = { frame: ++this.#frame, time: from * SECOND }
    const ends = [
      { address: this.control.initiator.address, port: 52_230 },
      { address: this.control.responder.address, port: 50_005 },
    ] as const
    const connection = new Connection(this.session.channels.length + 1, 4, ends[0], ends[1], first)
    connection.synAttempts = 1
    connection.synAckAttempts = 1
    connection.established = first
    connection.last.frame = ++this.#frame
    connection.last.time = until * SECOND
    const flow = connection.flows[Direction.FromResponder]
    flow.packets = 3
    flow.end = flow.acknowledged = bytes
    this.#channel({ connection, state: 'established', match: 'announced', outcome })
    return this
  }

  /** The open command is a transfer whose data connection the capture does not show. */
  unseenData(outcome: NonNullable<DataChannel['transfer']>['outcome']): this {
    this.#channel({ connection: null, state: 'not-attempted', match: 'none', outcome })
    return this
  }

  /** The open command is a PORT or EPRT that names this address and port. */
  announces(address: string, port: number, { accepted = true } = {}): this {
    const channel = this.#channel({ connection: null, state: accepted ? 'not-attempted' : 'rejected', match: 'none' })
    channel.mode = 'active'
    channel.announcement = announcement('active', this.#open!, address, port, accepted)
    return this
  }

  sibling(facts: Partial<SessionOfSameHosts>): this {
    this.session.surroundings.sameHosts.push({
      clientPort: 49_090 + this.session.surroundings.sameHosts.length,
      firstFrame: ++this.#frame,
      start: -10 * SECOND,
      end: null,
      answered: true,
      rejectedLogins: [],
      ...facts,
    })
    return this
  }

  /** The session as it stands at this time; without it, at the last packet. */
  judged(second?: number): Session {
    const { control, session } = this
    session.judgedAt = second === undefined ? control.last.time : second * SECOND
    session.cutOff = control.closedBy === null
    return session
  }

  #channel(
    facts: Pick<DataChannel, 'connection' | 'state' | 'match'> & {
      outcome?: NonNullable<DataChannel['transfer']>['outcome']
    },
  ): DataChannel {
    const exchange = this.#open!
    const { outcome, ...rest } = facts
    const announced = announcement('passive', exchange, this.control.responder.address, 50_005, true)
    const channel: DataChannel = {
      id: this.session.channels.length + 1,
      announcement: announced,
      mode: 'passive',
      from: { address: this.control.initiator.address, port: null },
      to: { address: announced.address, port: announced.port },
      fromOtherHosts: [],
      head: null,
      transfer: outcome
        ? {
            command: transferCommand(exchange, announced),
            bytes: rest.connection?.flows[Direction.FromResponder].end ?? null,
            missingBytes: 0,
            durationMs: null,
            firstByteMs: null,
            bytesPerSecond: null,
            outcome,
          }
        : null,
      ...rest,
    }
    this.session.channels.push(channel)
    return channel
  }

  #payload(direction: Direction, second: number, length: number, acknowledged: boolean) {
    const flow = this.control.flows[direction]
    const sighting = this.#packet(direction, second)
    flow.dataSegments++
    flow.end += length
    flow.firstData ??= { ...sighting }
    flow.lastData = { ...sighting }
    if (acknowledged) flow.acknowledged = flow.end
    return sighting
  }

  #packet(direction: Direction, second: number, hopLimit = direction === Direction.FromInitiator ? 64 : 57) {
    const flow = this.control.flows[direction]
    if (flow.packets++ === 0) flow.hopLimit = hopLimit
    const sighting = { frame: ++this.#frame, time: second * SECOND }
    this.control.last.frame = sighting.frame
    this.control.last.time = sighting.time
    return sighting
  }
}

const UNASKED = {
  command: null,
  argument: null,
  bareLineFeed: false,
  form: 'plain',
  streamStart: -1,
  streamEnd: -1,
} as const

function announcement(
  mode: 'active' | 'passive',
  exchange: Exchange,
  address: string,
  port: number,
  accepted: boolean,
): Announcement {
  return {
    mode,
    verb: mode === 'active' ? 'PORT' : 'PASV',
    exchange,
    reply: exchange.replies[0] ?? null,
    frame: exchange.frame,
    time: exchange.time,
    address,
    port,
    accepted,
    refused: !accepted,
    malformed: null,
    notes: [],
  }
}

function transferCommand(exchange: Exchange, announced: Announcement): TransferCommand {
  return {
    exchange,
    command: exchange.command ?? '',
    path: exchange.argument,
    direction: 'download',
    representation: 'image',
    mode: 'stream',
    structure: 'file',
    restartAt: 0,
    announcement: announced,
    expectedBytes: null,
    expectedFrom: null,
    expectedFrame: null,
    protectedData: false,
    abortedBy: null,
  }
}

function emptyDialogue(): Dialogue {
  return {
    exchanges: [],
    announcements: [],
    transfers: [],
    user: null,
    anonymous: false,
    login: 'none',
    serverSoftware: null,
    clientSoftware: null,
    features: [],
    security: 'none',
    opaqueFrom: null,
    clearAgain: false,
    protectedData: false,
    workingDirectory: null,
    otherProtocol: null,
    clientHello: null,
    tls: null,
    cutLines: 0,
  }
}
