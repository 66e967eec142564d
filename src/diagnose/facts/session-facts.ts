import type { Epoch } from '../../capture/time.js'
import type { DataChannel, Session, SessionOfSameHosts, TransferOutcome } from '../../correlate/model.js'
import type { SessionPath } from '../../correlate/session-path.js'
import { type Exchange, type Reply, hiddenFrom } from '../../ftp/model.js'
import { requestsTls } from '../../ftp/state/security.js'
import type { Connection, Direction, ResetSighting, Sighting } from '../../tcp/connection.js'
import { type Attempt, attemptOn, type Failure, failureOf } from './attempt.js'
import { dataConnectionsOf, unusedAtEnd } from './capture-facts.js'
import {
  type Closing,
  closingOf,
  parallelSessions,
  rejectedBefore,
  repliesOf,
  type ReplyInExchange,
  unseenDirection,
} from './control.js'
import { countTransfers, type TransferCount } from './count-transfers.js'
import { doubtsIn, type Doubts, hasMoreDoubts } from './doubts.js'
import { expiredTimer, type ExpiredTimer } from './expired-timer.js'
import { type HiddenPayload, hiddenPayloads } from './hidden-data.js'
import { lacksCommands, lacksReplies } from './holes.js'
import { type Latency, latencyOf } from './latency.js'
import { portResults, type PortResults } from './neighbors.js'
import { type Elsewhere, elsewhereOf, PathFacts, vantageOnPath } from './path-facts.js'
import { completedLast, refusedQuestions, wishOf } from './passive.js'
import { type OutOfStep, outOfStep } from './out-of-step.js'
import { type Payload, payloadsOf } from './payload.js'
import { originOnPath, type ResetOrigin, resetOrigin } from './reset-origin.js'
import { type OlderTimestamp, olderTimestamp } from './timestamp-order.js'
import { TlsStory } from './tls-story.js'
import { type TransferEnd, transferEnds } from './transfer-outcome.js'
import { type TriedVerbs, triedVerbs } from './tried-verbs.js'
import { estimateVantage, type VantageEstimate } from './vantage.js'
import { asksForNothing, hasAnsweredRequest, type Wishes, wishesOf } from './wishes.js'

/** A client that does nothing for so long has given up. */
const GIVEN_UP_NS = 30e9

/**
 * What is known of one session, computed once for all rules: attempts, outcomes, closings, last commands and replies,
 * vantage. Made by `judge` and passed to each rule; none of it is a judgment. Each value is computed when it is first
 * requested.
 */
export class SessionFacts {
  readonly session: Session
  /** Time of the first frame; without it the date of the session is not known. */
  readonly epoch: Epoch | null
  /** What other places of capture show of the session; `null` if one place saw it. */
  readonly path: PathFacts | null
  #replies: readonly ReplyInExchange[] | undefined
  #dataConnections: readonly Connection[] | undefined
  #attempts: Map<DataChannel, Attempt> | undefined
  #ends: Map<DataChannel, TransferEnd> | undefined
  #completedLast: ReadonlyMap<string, number> | undefined
  #refusedQuestions: readonly Exchange[] | undefined
  #payloads: readonly Payload[] | undefined
  #hiddenPayloads: readonly HiddenPayload[] | undefined
  #vantage: VantageEstimate | undefined
  #transfers: TransferCount | undefined
  #latency: Latency | null | undefined
  #commands: readonly Exchange[] | undefined
  #commandOrder: ReadonlyMap<Exchange, number> | undefined
  #lastAccepted: number | undefined
  #passivePorts: readonly number[] | undefined
  #closing: Closing | null | undefined
  #verbs: TriedVerbs | undefined
  #portResults: PortResults | undefined
  #wishes: Wishes | undefined
  #outOfStep: OutOfStep | null | undefined
  #expiredTimer: ExpiredTimer | null | undefined
  #doubts: Doubts | undefined
  #tls: TlsStory | undefined

  /** `path` is what other places saw of the session. */
  constructor(session: Session, epoch: Epoch | null = null, path: SessionPath | null = null) {
    this.session = session
    this.epoch = epoch
    this.path = path && new PathFacts(path, session)
  }

  /** Connections under TLS, and how a handshake failed. */
  get tls(): TlsStory {
    return (this.#tls ??= new TlsStory(this))
  }

  /** All replies, in the order of their exchanges. */
  get replies(): readonly ReplyInExchange[] {
    return (this.#replies ??= repliesOf(this.session))
  }

  /** The 220 that no command asked for; HOST and REIN have a 220 of their own. */
  get greeting(): Reply | null {
    return this.replies.find(({ exchange, reply }) => exchange.command === null && reply.code === 220)?.reply ?? null
  }

  /** How the control connection ended: its first FIN or RST. */
  get closing(): Closing | null {
    if (this.#closing === undefined) this.#closing = closingOf(this.session.control)
    return this.#closing
  }

  /** The time from a packet to the close of the control connection, or to the end of what was captured. */
  waitedSince({ time }: Sighting): number {
    return (this.closing?.time ?? this.session.judgedAt) - time
  }

  /** The 421 with which a timer of the server ended the session. */
  get expiredTimer(): ExpiredTimer | null {
    if (this.#expiredTimer === undefined) this.#expiredTimer = expiredTimer(this)
    return this.#expiredTimer
  }

  /** Where the server sent a reply too many; `null` if replies and commands are in step. */
  get outOfStep(): OutOfStep | null {
    if (this.#outOfStep === undefined) this.#outOfStep = outOfStep(this)
    return this.#outOfStep
  }

  /** Control connections of the same two hosts that were answered and open when this one began. */
  get parallelSessions(): readonly SessionOfSameHosts[] {
    return parallelSessions(this.session)
  }

  /** Another control connection of the same two hosts that was answered. */
  get answeredSession(): SessionOfSameHosts | null {
    return this.session.surroundings.sameHosts.find(({ answered }) => answered) ?? null
  }

  /** Logins that the server rejected shortly before this connection, enough of them for a ban of the client. */
  get rejectedBefore(): readonly Sighting[] {
    return rejectedBefore(this.session)
  }

  /** Another host at the client's address has a newer TCP timestamp than the unanswered SYN of a connection. */
  olderTimestamp(connection: Connection): OlderTimestamp | null {
    return olderTimestamp(this.session, connection)
  }

  /** The direction of the control connection of which nothing was captured although it existed. */
  get unseen(): Direction | null {
    return unseenDirection(this.session.control)
  }

  /** The capture lacks bytes of the control connection, in either direction. */
  get lacksWords(): boolean {
    return lacksReplies(this.session) || lacksCommands(this.session)
  }

  /** The dialogue goes on so close to the end of the capture that the client may have tried something else after it. */
  get stillTrying(): boolean {
    const { session, dataConnections } = this
    const { exchanges, opaqueFrom } = session.dialogue
    if (!session.cutOff || (exchanges.length === 0 && opaqueFrom === null)) return false
    const last = dataConnections.reduce((latest, { last }) => Math.max(latest, last.time), session.control.last.time)
    return session.judgedAt - last < GIVEN_UP_NS
  }

  /** Where the session was captured. */
  get vantage(): VantageEstimate {
    return (this.#vantage ??= vantageOnPath(estimateVantage(this), this.path))
  }

  /** The same control connection on the other side of a translator in this capture, or at another place. */
  get elsewhere(): Elsewhere | null {
    return elsewhereOf(this.session, this.path)
  }

  /** Only control connections were captured: a capture filter on the port may have left out data connections. */
  get filtered(): boolean {
    return !this.session.surroundings.otherTraffic
  }

  /** TLS that was not decrypted hides the dialogue from some point on. */
  get hidden(): boolean {
    const { dialogue } = this.session
    return hiddenFrom(dialogue) !== null && !dialogue.clearAgain
  }

  /** The label with which FEAT offers AUTH (RFC 2389 §3.2, RFC 4217 §6); `null` if it does not. */
  get authOffer(): string | null {
    return this.session.dialogue.features.find((feature) => /^AUTH\b/.test(feature)) ?? null
  }

  /** The last AUTH with which the client requested TLS, not GSSAPI, whatever the reply; `null` if it did not. */
  get auth(): Exchange | null {
    return this.session.dialogue.exchanges.findLast(requestsTls) ?? null
  }

  /** Data connections, each once. */
  get dataConnections(): readonly Connection[] {
    return (this.#dataConnections ??= dataConnectionsOf(this.session))
  }

  /** The failed attempt to open a channel's data connection; `null` if it was established or never attempted. */
  attempt(channel: DataChannel): Attempt | null {
    return this.#attemptsByChannel.get(channel) ?? null
  }

  /** Failed attempts on channels of one mode, in order. */
  attempts(mode: DataChannel['mode']): Attempt[] {
    return [...this.#attemptsByChannel.values()].filter(({ channel }) => channel.mode === mode)
  }

  /** What answered the SYNs of a channel, announced or not; `null` if it was established or never attempted. */
  failure(channel: DataChannel): Failure | null {
    return failureOf(this.session, channel, this.path)
  }

  get #attemptsByChannel(): Map<DataChannel, Attempt> {
    if (!this.#attempts) {
      this.#attempts = new Map()
      for (const channel of this.session.channels) {
        const attempt = attemptOn(this.session, channel, this.path)
        if (attempt) this.#attempts.set(channel, attempt)
      }
    }
    return this.#attempts
  }

  /** Transfers whose data connection was established. */
  get payloads(): readonly Payload[] {
    return (this.#payloads ??= [...payloadsOf(this.session)])
  }

  /** Established data connections whose commands TLS hides. */
  get hiddenPayloads(): readonly HiddenPayload[] {
    return (this.#hiddenPayloads ??= this.hidden ? [...hiddenPayloads(this.session)] : [])
  }

  /** Outcome of a channel's transfer; `null` for a channel that was not used as far as the capture shows. */
  outcome(channel: DataChannel): TransferOutcome | null {
    return this.end(channel)?.outcome ?? null
  }

  /** The same with the replies to the transfer. */
  end(channel: DataChannel): TransferEnd | null {
    return (this.#ends ??= transferEnds(this.session)).get(channel) ?? null
  }

  /** The channel did what it was for, or was not wanted after all. */
  isFine(channel: DataChannel): boolean {
    const outcome = this.outcome(channel)
    if (outcome !== null) return outcome === 'completed' || outcome === 'refused' || outcome === 'aborted'
    // Announced and never used: a client that changed its mind, or an answer that the next attempt replaced.
    return channel.state === 'established' || channel.state === 'not-attempted' || channel.state === 'rejected'
  }

  /** A later attempt in the session achieved what this channel was for. */
  madeGood(channel: DataChannel): boolean {
    const latest = (this.#completedLast ??= completedLast(this.session)).get(wishOf(channel))
    return latest !== undefined && latest > channel.id
  }

  /** Transfers that the user wanted, and their outcomes. */
  get transfers(): TransferCount {
    return (this.#transfers ??= countTransfers(this))
  }

  /** The server carried out a command that serves the user, rather than the client's own purposes. */
  get answeredRequest(): boolean {
    return hasAnsweredRequest(this.session)
  }

  /** Nothing but the greeting, the client's own questions and QUIT: no login and no transfer was requested. */
  get askedForNothing(): boolean {
    return !this.hidden && asksForNothing(this.session)
  }

  /** What the user set out for, and what of it the server refused for good. */
  get wishes(): Wishes {
    return (this.#wishes ??= wishesOf(this.session))
  }

  /** The data connection that was open when the capture ended and that no command had used. */
  get unusedAtEnd(): { channel: DataChannel; connection: Connection } | null {
    return unusedAtEnd(this.session)
  }

  /**
   * The query after an announcement whose refusal made the transfer pointless: SIZE, MDTM or CWD, which clients send
   * between opening the data connection and using it.
   */
  discouragement(channel: DataChannel): Exchange | null {
    const questions = (this.#refusedQuestions ??= refusedQuestions(this.session))
    const since = channel.announcement?.time ?? Infinity
    let [from, to] = [0, questions.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (questions[middle]!.time < since) from = middle + 1
      else to = middle
    }
    return questions[from] ?? null
  }

  /** Ports of passive data connections: announced, or under TLS those that the client connected to. */
  get passivePorts(): readonly number[] {
    return (this.#passivePorts ??= this.session.channels.flatMap(({ mode, announcement, connection }) =>
      mode === 'passive' ? (announcement?.port ?? connection?.responder.port ?? []) : [],
    ))
  }

  /** Passive ports that were tried between the two hosts, and whether they worked. */
  get portResults(): PortResults {
    return (this.#portResults ??= portResults(this.session))
  }

  /** What became of PASV, EPSV, PORT and EPRT in this session. */
  get verbs(): TriedVerbs {
    return (this.#verbs ??= triedVerbs(this.session))
  }

  /** The control connection runs over IPv6: PASV and PORT cannot name its addresses (RFC 2428 §1). */
  get overIpv6(): boolean {
    return this.session.control.version === 6
  }

  /** Id of the last channel whose announcement the server accepted; 0 where there is none. */
  get lastAccepted(): number {
    return (this.#lastAccepted ??= this.session.channels.findLast((c) => c.announcement?.accepted)?.id ?? 0)
  }

  /** Position of a command among the commands of the session. */
  commandOrder(exchange: Exchange): number | undefined {
    this.#commandOrder ??= new Map(this.#allCommands.map((command, index) => [command, index]))
    return this.#commandOrder.get(exchange)
  }

  /** The command before another one; `null` before the first, and before an exchange without a command. */
  commandBefore(exchange: Exchange): Exchange | null {
    return this.#allCommands[(this.commandOrder(exchange) ?? 0) - 1] ?? null
  }

  /** The command after another one; `null` after the last. */
  commandAfter(exchange: Exchange): Exchange | null {
    const order = this.commandOrder(exchange)
    return order === undefined ? null : (this.#allCommands[order + 1] ?? null)
  }

  get #allCommands(): readonly Exchange[] {
    return (this.#commands ??= this.session.dialogue.exchanges.filter(({ command }) => command !== null))
  }

  /** The last command or reply captured before a packet; `null` if there was none. */
  lastWordBefore(packet: Sighting): Sighting | null {
    let last: Sighting | null = null
    for (const exchange of this.session.dialogue.exchanges) {
      for (const word of [exchange, ...exchange.replies])
        if (isBefore(word, packet) && (!last || word.time > last.time)) last = word
    }
    return last
  }

  /** The last command or reply captured before a packet, or the handshake. */
  lastOnControlBefore(packet: Sighting): Sighting {
    const { first, established } = this.session.control
    const word = this.lastWordBefore(packet)
    const shaken = established && isBefore(established, packet) ? established : first
    return word && word.time > shaken.time ? word : shaken
  }

  /** The last activity of client or server before a packet, on either channel; at the earliest, the handshake. */
  lastActivityBefore(packet: Sighting): Sighting {
    let last = this.lastOnControlBefore(packet)
    for (const { connection } of this.session.channels) {
      if (!connection) continue
      for (const at of [connection.last, connection.flows[0].lastData, connection.flows[1].lastData])
        if (at && at.time > last.time && isBefore(at, packet)) last = at
    }
    return last
  }

  /** Whether a RST came from the host whose address it carries. */
  origin(connection: Connection, reset: ResetSighting): ResetOrigin {
    return originOnPath(resetOrigin(this.session, connection, reset), reset, this.path)
  }

  /** Frames that another host may have sent, or that were not taken: no verdict rests on them with high confidence. */
  get doubts(): Doubts {
    return (this.#doubts ??= doubtsIn(this.session))
  }

  /** So many are doubtful that any may be. */
  get allDoubtful(): boolean {
    return this.doubts.size > 0 && hasMoreDoubts(this.session)
  }

  /** How fast the server replied; `null` if no command with its reply was captured. */
  get latency(): Latency | null {
    if (this.#latency === undefined) this.#latency = latencyOf(this)
    return this.#latency
  }
}

/** By frame number and by time: in a capture whose frames are out of order, both must hold. */
function isBefore(one: Sighting, other: Sighting): boolean {
  return one.frame < other.frame && one.time <= other.time
}
