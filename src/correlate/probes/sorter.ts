import type { ConnectionRegistry } from '../../tcp/connection-registry.js'
import { RowState } from '../../tcp/connection-rows.js'
import { type Connection, Direction } from '../../tcp/connection.js'
import { otherTrafficOf } from '../../ftp/recognition/ftp-client.js'
import type { Session } from '../model.js'
import type { OpenSession } from '../open-session.js'
import type { OtherActivity } from './activity.js'
import { CheckLog } from './check-log.js'
import { FloodWatch } from './flood-watch.js'
import { type HeldSession, HeldSessions } from './held-sessions.js'
import { type Survey, surveyInitiator, SURVEYED_NS } from './initiator-survey.js'
import { OtherTrafficLog } from './other-traffic-log.js'
import { ProbeLog } from './probe-log.js'
import { isBareSyn, isRaw, type ProbeSign, probeSign } from './probe-sign.js'
import { isSureScanner, judgeClient, type Suspect } from './scan-signs.js'

/** Without more of its kind until then, what may be a probe is a session. */
const WAIT_NS = SURVEYED_NS
/** So many visits without a request to one server's port, or to so many servers' ports, are checks. */
const CHECKS = 3
const VISITED_PORTS = 4
/** Answers from so many servers without a SYN: somebody uses the address of their receiver. */
const REFLECTORS = 10
/** A system has retransmitted its SYN by then (RFC 6298 §2.1: after 1 s; before, after 3 s). */
const RETRANSMITTED_NS = 3.5e9
/** Refused SYNs like those of small systems that are no clients any more. */
const MANY_REFUSED = 500
/** Hosts, ports and pairs of both that are noted. */
const MAX_NOTED = 4096

/** What became of a session: passed on, waiting, or counted with what is none. */
export type Sorted = 'session' | 'held' | 'activity'

/** What the sorter takes from the session tracker. */
export interface Sorting {
  controlPorts: ReadonlySet<number>
  /** Passes on a session. */
  onSession: (session: Session) => void
}

/**
 * Decides whether a control connection that is over was a user's session: probes, floods and other protocols are only
 * counted. A session that looks like the first of many probes waits a while for the others.
 */
export class SessionSorter {
  readonly #connections: ConnectionRegistry
  readonly #sorting: Sorting
  readonly #log: ProbeLog
  readonly #floods = new FloodWatch()
  readonly #held = new HeldSessions()
  readonly #other = new OtherTrafficLog()
  readonly #visitors = new Set<string>()
  readonly #checks = new CheckLog()
  /** Hosts that tried many ports or hosts; they have a tally, which holds their addresses. */
  readonly #scanners = new Set<number>()
  /** Ports of other protocols' servers, as far as they were recognized; bounded like the list of these. */
  readonly #otherPorts = new Set<number>()

  constructor(connections: ConnectionRegistry, sorting: Sorting) {
    this.#connections = connections
    this.#sorting = sorting
    this.#log = new ProbeLog(connections)
  }

  /** A control connection was opened. */
  opened({ endpoint, control }: OpenSession): void {
    this.#floods.opened(endpoint, control.first.time)
  }

  /** It has carried its first payload. */
  carried({ endpoint, control }: OpenSession): void {
    this.#floods.carried(endpoint, control.first.time)
  }

  /** Judges the sessions that have waited long enough. */
  tick(now: number): void {
    this.#decide(this.#held.take(({ until }) => until <= now))
  }

  /**
   * A session is over; its connections have been released. `describe` gives it as the next stage judges it, and
   * `remember` keeps it for later sessions of the same hosts. `row` is that of its control connection.
   */
  take(open: OpenSession, row: number, now: number, describe: () => Session, remember: () => void): Sorted {
    const { control, clientId: client, serverId: server, endpoint } = open
    if (open.hasDialogue && this.#isOtherTraffic(open)) return 'activity'
    const sign = probeSign(control, () => open.ftp.dialogue)
    const judgement = sign ? this.#judge(open, row, sign, now) : 'session'
    if (judgement === 'activity') return judgement
    if (sign && judgement === 'held') {
      this.#hold({ session: describe(), client, server, endpoint, sign, row, until: now + WAIT_NS, remember })
      return judgement
    }
    // What the client tried before at this port was meant as this is.
    this.#passOn(this.#held.takeOf(client, (held) => held.endpoint === endpoint))
    if (open.hasDialogue) this.#checks.forget(client, endpoint)
    this.#sorting.onSession(describe())
    remember()
    return judgement
  }

  /** The input has ended: passes on what waits, and tells what was counted. */
  end(): OtherActivity {
    this.#decide(this.#held.take(() => true))
    const { controlPorts } = this.#sorting
    const scanners = this.#log.scanners(
      (host, port) => controlPorts.has(port) && !this.#otherPorts.has(host * 0x10000 + port),
    )
    const { hosts, connections } = this.#log.unlisted
    return {
      scanners,
      otherTraffic: this.#other.list(),
      unlisted: { hosts, connections: connections + this.#other.unlisted },
    }
  }

  #isOtherTraffic({ ftp, control, endpoint }: OpenSession): boolean {
    const protocol = otherTrafficOf(ftp.dialogue, control.flows[Direction.FromInitiator].end > 0)
    if (ftp.dialogue.otherProtocol && this.#otherPorts.size < MAX_NOTED) this.#otherPorts.add(endpoint)
    if (protocol === null) return false
    this.#other.add(protocol, control)
    return true
  }

  /** Counts the session as a probe, if it is one. */
  #judge(open: OpenSession, row: number, sign: ProbeSign, now: number): Sorted {
    const { control, clientId: client, serverId, endpoint } = open
    const { technique, strength } = sign
    if (technique === 'unsolicited-answer') return this.#isUnsolicited(open, row) ? 'activity' : 'session'
    if (this.#isOfFlood(control, sign) && this.#isFlooded(endpoint, control, now)) {
      this.#log.flood('syn-flood', serverId, control, technique, this.#isOnly(client))
      return 'activity'
    }
    const isFailedCheck = technique === 'syn' && this.#checks.isFailedCheck(client, endpoint, control.first.time)
    const isVisitor = !isFailedCheck && this.#isVisitor(client, endpoint, sign)
    if (isFailedCheck || isVisitor || (strength === 'certain' && hasEnded(control, sign, now))) {
      this.#count({ client, endpoint, control, row, sign })
      // Other ports of a host that checks one may be a user's.
      this.#fold(client, (held) => isVisitor && held.sign.technique === 'banner')
      return 'activity'
    }
    const judgement = this.#judgeClient({ client, endpoint, control, sign }, false)
    if (judgement === 'scan') {
      this.#count({ client, endpoint, control, row, sign })
      this.#fold(client, () => true)
      return 'activity'
    }
    // The second attempt at a port by a client that waits for an answer.
    const isUsers = judgement === 'session' || (strength === 'weak' && this.#held.has(client, endpoint, strength))
    return isUsers ? 'session' : 'held'
  }

  #judgeClient(
    { client, endpoint, control, sign }: Pick<HeldSession, 'client' | 'endpoint' | 'sign'> & { control: Connection },
    final: boolean,
  ): ReturnType<typeof judgeClient> {
    const known = this.#log.styleOf(client)
    // Of a host that is known for many its connections need no more be looked through.
    if (this.#scanners.has(client) && sign.strength !== 'weak' && (known === 'system' || isRaw(control))) return 'scan'
    const survey = this.#survey(client, endpoint, control, isRaw(control) || known === 'system')
    const suspect: Suspect = { control, sign, known, survey }
    if (isSureScanner(survey, known)) this.#noteScanner(client)
    return judgeClient(suspect, final)
  }

  /** A lone SYN, or one whose answer nobody acknowledged; a refused one only if no system's TCP sent it. */
  #isOfFlood(control: Connection, { technique, strength }: ProbeSign): boolean {
    if (technique === 'half-open') return true
    return technique === 'syn' && strength !== 'weak' && (control.resets.length === 0 || isRaw(control))
  }

  #isFlooded(endpoint: number, control: Connection, now: number): boolean {
    const since = isRaw(control) ? Infinity : now - RETRANSMITTED_NS
    const least = control.resets.length > 0 && !isBareSyn(control) ? MANY_REFUSED : undefined
    return this.#floods.isFlooded(endpoint, control.first.time, since, least)
  }

  #isUnsolicited(open: OpenSession, row: number): boolean {
    const { control, clientId, serverId, endpoint } = open
    const { all } = this.#survey(clientId, endpoint, control, true)
    if (all.controlHosts >= REFLECTORS) this.#log.reflection(clientId, control, 'unsolicited-answer')
    else if (this.#floods.isFlooded(endpoint, control.first.time))
      this.#log.flood('backscatter', serverId, control, 'unsolicited-answer', this.#isOnly(clientId))
    else return false
    this.#mark(row)
    return true
  }

  /** The third visit without a request, or a later one. */
  #isVisitor(client: number, endpoint: number, { technique }: ProbeSign): boolean {
    if (technique !== 'banner') return false
    const key = `${client} ${endpoint}`
    if (this.#visitors.has(key)) return true
    const { toPort, ports } = this.#held.visits(client, endpoint)
    if (toPort + 1 < CHECKS && ports + 1 < VISITED_PORTS) return false
    if (this.#visitors.size >= MAX_NOTED) this.#visitors.clear()
    this.#visitors.add(key)
    return true
  }

  #survey(initiator: number, endpoint: number, { first }: Connection, withProbes: boolean): Survey {
    const of = { initiator, endpoint, from: first.time, withProbes }
    return surveyInitiator(this.#connections, of, this.#sorting.controlPorts)
  }

  #noteScanner(host: number): void {
    if (this.#log.styleOf(host) !== null && this.#scanners.size < MAX_NOTED) this.#scanners.add(host)
  }

  #isOnly(host: number): boolean {
    let rows = 0
    this.#connections.forEachRowOf(host, () => ++rows < 2)
    return rows < 2
  }

  #count({ client, endpoint, control, row, sign }: Omit<Counted, 'session'> & { control: Connection }): void {
    const accepted = control.synAckAttempts > 0
    this.#log.probe(client, control, sign.technique, isRaw(control) ? 'raw' : 'system')
    if (accepted) this.#checks.accepted(client, endpoint, control.first.time)
    this.#mark(row)
  }

  #mark(row: number): void {
    if (row >= 0) this.#connections.table.set(row, RowState.Probe)
  }

  /** What waits turns out to be probes. */
  #fold(client: number, wanted: (held: HeldSession) => boolean): void {
    for (const held of this.#held.takeOf(client, wanted)) {
      this.#count({ ...held, control: held.session.control })
      this.#forget(held)
    }
  }

  /** Nothing more is waited for: those that are retransmitted last, since the others show what they are. */
  #decide(list: readonly HeldSession[]): void {
    const isProbe = (held: HeldSession) =>
      this.#judgeClient({ ...held, control: held.session.control }, true) === 'scan'
    const probes = new Set<HeldSession>()
    for (const weak of [false, true])
      for (const held of list)
        if ((held.sign.strength === 'weak') === weak && isProbe(held)) {
          this.#count({ ...held, control: held.session.control })
          this.#forget(held)
          probes.add(held)
        }
    this.#passOn(list.filter((held) => !probes.has(held)))
  }

  #hold(held: HeldSession): void {
    this.#connections.addresses.hold(held.client)
    this.#connections.addresses.hold(held.server)
    const full = this.#held.add(held)
    if (full) this.#decide([full])
  }

  #passOn(list: readonly HeldSession[]): void {
    for (const held of list) {
      this.#sorting.onSession(held.session)
      held.remember()
      this.#forget(held)
    }
  }

  #forget({ client, server }: HeldSession): void {
    this.#connections.addresses.release(client)
    this.#connections.addresses.release(server)
  }
}

type Counted = Pick<HeldSession, 'session' | 'client' | 'endpoint' | 'row' | 'sign'>

/**
 * A client whose SYN,ACK was reset by its own system, or by another host in its name, retransmits the SYN: until then
 * it may be one.
 */
function hasEnded(control: Connection, { technique }: ProbeSign, now: number): boolean {
  return technique !== 'half-open' || isRaw(control) || now - control.first.time >= RETRANSMITTED_NS
}
