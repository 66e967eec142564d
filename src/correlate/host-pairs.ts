import type { AnomalyLog } from '../bytes/anomaly.js'
import { seededKey } from '../bytes/seeded-key.js'
import type { Dialogue } from '../ftp/model.js'
import { type Connection, Direction } from '../tcp/connection.js'
import type { Expectation } from './fit.js'
import type { PassiveAttempt, SessionOfSameHosts } from './model.js'
import { isBareProbe } from './probes/probe-sign.js'

/** What a pair needs of a session that is being read. */
interface ReadSession {
  control: Connection
  ftp: { dialogue: Pick<Dialogue, 'exchanges'> }
  expectations: readonly Expectation[]
  /** Client and server as numbers. */
  clientId: number
  endpoint: number
  /** The last summary for other sessions of the same hosts; valid while no packet has come since. */
  summary: { of: SessionOfSameHosts; lastFrame: number } | null
}

/** Two hosts with at least one control connection between them. */
export interface HostPair<S> {
  key: number
  /** Sessions that are open now. */
  sessions: Set<S>
  /** The session whose control connection carried payload last; `null` when that one is over. */
  lastActive: S | null
  /** Connections between the two that no announcement explains, the latest. */
  unexplained: { connection: Connection; owner: S }[]
  /** A connection between the two other than control connections was captured. */
  otherConnections: boolean
}

/** Pairs of hosts whose past sessions are remembered, sessions of each, and bytes of all. */
export const MAX_REMEMBERED_PAIRS = 4096
export const MAX_REMEMBERED_SESSIONS = 256
export const MOST_REMEMBERED_BYTES = 12 << 20
/** Approximate memory of a summary, of a rejected login and of a passive attempt in it. */
export const SUMMARY_BYTES = 400
const REJECTED_BYTES = 48
const PASSIVE_BYTES = 80
/** Rejected logins that the summary of a session keeps. */
export const MAX_REJECTED = 256
/** Passive data connections that the summary of a session keeps. */
export const MAX_PASSIVE = 32
/** Sessions of one pair that are examined for one connection, or for one session. */
const MAX_COMPARED = 256

/** Which hosts have control connections with each other, and how the earlier ones ended. */
export class HostPairs<S extends ReadSession> {
  readonly #pairs = new Map<number, HostPair<S>>()
  readonly #earlier = new Map<string, SessionOfSameHosts[]>()
  #earlierBytes = 0
  readonly #anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.#anomalies = anomalies
  }

  get(a: number, b: number): HostPair<S> | undefined {
    return this.#pairs.size === 0 ? undefined : this.#pairs.get(keyOf(a, b))
  }

  join(a: number, b: number): HostPair<S> {
    const key = keyOf(a, b)
    let pair = this.#pairs.get(key)
    if (!pair) {
      pair = { key, sessions: new Set(), lastActive: null, unexplained: [], otherConnections: false }
      this.#pairs.set(key, pair)
    }
    return pair
  }

  leave(pair: HostPair<S>, session: S): void {
    pair.sessions.delete(session)
    if (pair.lastActive === session) pair.lastActive = null
    if (pair.sessions.size === 0) this.#pairs.delete(pair.key)
  }

  /** The likeliest owner of an unexplained connection: the session whose control connection was active last. */
  latest(pair: HostPair<S>): S | null {
    if (pair.lastActive) return pair.lastActive
    let best: S | null = null
    let compared = 0
    for (const session of pair.sessions) {
      if (!best || session.control.last.frame > best.control.last.frame) best = session
      if (++compared === MAX_COMPARED) break
    }
    return best
  }

  /** Keeps a summary of a session that is over, for later sessions of the same hosts. */
  remember(session: S): void {
    const key = textKey(session.control)
    let list = this.#earlier.get(key)
    if (list) this.#earlier.delete(key)
    else {
      list = []
      if (this.#earlier.size >= MAX_REMEMBERED_PAIRS) this.#forgetOldest()
    }
    // Inserted anew: the map's order is that of the latest use.
    this.#earlier.set(key, list)
    const summary = summaryOf(session)
    list.push(summary)
    this.#earlierBytes += sizeOf(summary)
    if (list.length > MAX_REMEMBERED_SESSIONS) this.#earlierBytes -= sizeOf(list.shift()!)
    while (this.#earlierBytes > MOST_REMEMBERED_BYTES) {
      this.#anomalies.record(
        'remembered-sessions-full',
        session.control.last.frame,
        () =>
          `ftp: summaries of more than ${MOST_REMEMBERED_BYTES} bytes of sessions that are over: later sessions are not ` +
          'compared with the oldest',
      )
      this.#forgetOldest()
    }
  }

  #forgetOldest(): void {
    const [key, list] = this.#earlier.entries().next().value!
    for (const summary of list) this.#earlierBytes -= sizeOf(summary)
    this.#earlier.delete(key)
  }

  /** Other control connections of the same client to the same server, before and during a session. */
  othersOf(session: S, pair: HostPair<S>): SessionOfSameHosts[] {
    const others = this.#earlier.get(textKey(session.control))?.slice() ?? []
    let compared = 0
    for (const other of pair.sessions) {
      const same = other.clientId === session.clientId && other.endpoint === session.endpoint
      if (other !== session && same && !isBareProbe(other.control)) others.push(summaryOf(other))
      if (++compared === MAX_COMPARED) break
    }
    return others
  }
}

/** Ids of the address table stay below 2^26. */
function keyOf(a: number, b: number): number {
  return a < b ? seededKey(a, b) : seededKey(b, a)
}

function textKey(control: Connection): string {
  return `${control.initiator.address} ${control.responder.address} ${control.responder.port}`
}

function sizeOf({ rejectedLogins, passive }: SessionOfSameHosts): number {
  return SUMMARY_BYTES + REJECTED_BYTES * rejectedLogins.length + PASSIVE_BYTES * passive.length
}

function summaryOf(session: ReadSession): SessionOfSameHosts {
  const { control, summary } = session
  if (summary?.lastFrame === control.last.frame) return summary.of
  const of = {
    clientPort: control.initiator.port,
    firstFrame: control.first.frame,
    start: control.first.time,
    end: control.closed ? control.last.time : null,
    answered: control.synAckAttempts > 0 || control.flows[1].packets > 0,
    timestampValue: timestampOf(control),
    lastTime: control.last.time,
    closedByServer: control.closedBy?.how === 'fin' && control.closedBy.direction === Direction.FromResponder,
    // A server that sent nothing rejected nothing: the dialogue need not be made for that.
    rejectedLogins: control.flows[1].dataSegments === 0 ? [] : rejectedLogins(session.ftp.dialogue),
    acceptedLogins: control.flows[1].dataSegments === 0 ? [] : acceptedLogins(session.ftp.dialogue),
    passive: passiveAttempts(session.expectations),
  }
  session.summary = { of, lastFrame: control.last.frame }
  return of
}

/** TSval of the SYN; -1 where an answer without the option shows that the connection does not use it. */
function timestampOf({ flows: [client, server], synAckAttempts }: Connection): number {
  return synAckAttempts > 0 && server.timestampValue < 0 ? -1 : client.timestampValue
}

function passiveAttempts(expectations: readonly Expectation[]): PassiveAttempt[] {
  const attempts: PassiveAttempt[] = []
  for (const { announcement, port, answers } of expectations.slice(-MAX_PASSIVE)) {
    if (announcement.mode !== 'passive' || answers.length === 0) continue
    const established = answers.some(({ connection }) => connection.established !== null)
    const tried = port ?? answers[0]!.connection.responder.port
    attempts.push({ verb: announcement.verb, port: tried, established, frame: announcement.frame })
  }
  return attempts
}

function rejectedLogins({ exchanges }: Pick<Dialogue, 'exchanges'>): SessionOfSameHosts['rejectedLogins'] {
  const rejected: SessionOfSameHosts['rejectedLogins'] = []
  for (const { command, replies } of exchanges) {
    if (command !== 'PASS' && command !== 'USER') continue
    for (const { code, frame, time } of replies) if (code === 530 || code === 430) rejected.push({ frame, time })
  }
  return rejected.slice(-MAX_REJECTED)
}

/** Characters kept of a user's name. */
const USER_CHARACTERS = 64
/** A session has one as a rule; REIN and another USER make more. */
const MAX_ACCEPTED = 8

function acceptedLogins({ exchanges }: Pick<Dialogue, 'exchanges'>): SessionOfSameHosts['acceptedLogins'] {
  const accepted: SessionOfSameHosts['acceptedLogins'] = []
  let user = ''
  for (const { command, argument, replies } of exchanges) {
    if (command === 'USER') user = (argument ?? '').slice(0, USER_CHARACTERS)
    if (command !== 'PASS' && command !== 'USER') continue
    for (const { code, frame, time } of replies)
      if ((code === 230 || code === 232) && accepted.length < MAX_ACCEPTED) accepted.push({ frame, time, user })
  }
  return accepted
}
