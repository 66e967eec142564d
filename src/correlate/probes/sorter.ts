import type { ConnectionRegistry } from '../../tcp/connection-registry.js'
import { RowState } from '../../tcp/connection-rows.js'
import { type Connection, Direction } from '../../tcp/connection.js'
import { otherTrafficOf } from '../../ftp/recognition/ftp-client.js'
import type { Session } from '../model.js'
import type { OpenSession } from '../open-session.js'
import type { OtherActivity } from './activity.js'
import { FloodWatch } from './flood-watch.js'
import { type HeldSession, HeldSessions } from './held-sessions.js'
import { surveyInitiator } from './initiator-survey.js'
import { OtherTrafficLog } from './other-traffic-log.js'
import { ProbeLog } from './probe-log.js'
import { type ProbeSign, probeSign } from './probe-sign.js'

/** A host that tried so many ports of one host, or control ports of so many hosts, is a scanner. */
const SCANNED_PORTS = 5
const SCANNED_HOSTS = 12
/** So many, if its SYNs are not those of a system's own TCP. */
const SCANNED_HOSTS_RAW = 6
/** So many ports or hosts, if its SYNs have no options at all, as those of no system. */
const SCANNED_BARE = 3
/** SYNs of one connection that a scanner sends, if it leaves retransmission to its system. */
const IMPATIENT = 2
/** With so many it certainly is one. */
const SURE = 50
/** With fewer it may become one: its sessions wait. */
const SUSPICIOUS = 3
const WAIT_NS = 60e9
/** A visit without a request is repeated within this time by what checks a server's health. */
const VISIT_WAIT_NS = 900e9
const CHECKS = 3
const VISITED_PORTS = 4
/** Answers from so many servers without a SYN: somebody uses the address of their receiver. */
const REFLECTORS = 10
/** Pairs of a client and a server's port that are known for health checks. */
const MAX_CHECKS = 4096

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
  readonly #checks = new Set<string>()
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

  /** Passes on the sessions that have waited long enough. */
  tick(now: number): void {
    this.#passOn(this.#held.take(({ until }) => until <= now))
  }

  /**
   * A session is over; its connections have been released. `describe` gives it as the next stage judges it, and
   * `remember` keeps it for later sessions of the same hosts. `row` is that of its control connection.
   */
  take(open: OpenSession, row: number, now: number, describe: () => Session, remember: () => void): void {
    const { control } = open
    if (open.hasDialogue && this.#isOtherTraffic(open)) return
    const sign = probeSign(control, () => open.ftp.dialogue)
    if (sign && this.#isProbe(open, row, sign)) return
    const wait = sign && this.#wait(open, sign)
    if (sign && wait) {
      const { clientId: client, serverId: server, endpoint } = open
      const held = {
        session: describe(),
        client,
        server,
        endpoint,
        technique: sign.technique,
        row,
        until: now + wait,
        remember,
      }
      this.#hold(held)
      return
    }
    this.#sorting.onSession(describe())
    remember()
  }

  /** The input has ended: passes on what waits, and tells what was counted. */
  end(): OtherActivity {
    this.#passOn(this.#held.take(() => true))
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
    if (ftp.dialogue.otherProtocol && this.#otherPorts.size < MAX_CHECKS) this.#otherPorts.add(endpoint)
    if (protocol === null) return false
    this.#other.add(protocol, control)
    return true
  }

  /** Counts the session as a probe, if it is one. */
  #isProbe(open: OpenSession, row: number, sign: ProbeSign): boolean {
    const { control, clientId, serverId, endpoint } = open
    const { technique, strength } = sign
    if (technique === 'unsolicited-answer') return this.#isUnsolicited(open, row)
    if (this.#isOfFlood(control, sign) && this.#floods.isFlooded(endpoint, control.first.time)) {
      this.#log.flood('syn-flood', serverId, control, technique, this.#isOnly(clientId))
      return true
    }
    if (strength === 'certain' || this.#isCheck(open, sign) || this.#isScanner(open, sign)) {
      this.#count(clientId, control, row, sign)
      this.#fold(({ client }) => client === clientId)
      return true
    }
    return false
  }

  /** A lone SYN, or one whose answer nobody acknowledged; a refused one only without the options of every system. */
  #isOfFlood({ resets, flows }: Connection, { technique, strength }: ProbeSign): boolean {
    if (technique === 'half-open') return true
    if (technique !== 'syn' || strength === 'weak') return false
    return resets.length === 0 || flows[Direction.FromInitiator].maximumSegmentSize < 0
  }

  #isUnsolicited(open: OpenSession, row: number): boolean {
    const { control, clientId, serverId, endpoint } = open
    const { controlHosts } = this.#survey(open)
    if (controlHosts >= REFLECTORS) this.#log.reflection(clientId, control, 'unsolicited-answer')
    else if (this.#floods.isFlooded(endpoint, control.first.time))
      this.#log.flood('backscatter', serverId, control, 'unsolicited-answer', this.#isOnly(clientId))
    else return false
    this.#mark(row)
    return true
  }

  /** The third visit without a request, or a later one. */
  #isCheck({ clientId, endpoint }: OpenSession, { technique }: ProbeSign): boolean {
    if (technique !== 'banner') return false
    const key = `${clientId} ${endpoint}`
    if (this.#checks.has(key)) return true
    const { toPort, ports } = this.#held.visits(clientId, endpoint)
    if (toPort + 1 < CHECKS && ports + 1 < VISITED_PORTS) return false
    if (this.#checks.size >= MAX_CHECKS) this.#checks.clear()
    this.#checks.add(key)
    return true
  }

  #isScanner(open: OpenSession, { technique, strength }: ProbeSign): boolean {
    const known = this.#log.hasProbed(open.clientId)
    // A system retransmits a SYN for minutes; a scanner that uses it gives up soon.
    if (strength === 'weak' && (!known || open.control.synAttempts > IMPATIENT)) return false
    // Of a host that is known for many its connections need no more be looked through.
    if (known && this.#scanners.has(open.clientId)) return true
    const { controlHosts, mostPorts } = this.#survey(open)
    if (mostPorts >= SURE || controlHosts >= SURE) this.#noteScanner(open.clientId)
    if (known && (technique !== 'syn' || Math.max(controlHosts, mostPorts) >= SUSPICIOUS)) return true
    if (technique === 'syn' && isBare(open.control) && Math.max(controlHosts, mostPorts) >= SCANNED_BARE) return true
    const raw = technique === 'ack' || technique === 'fin' || isRaw(open.control)
    return mostPorts >= SCANNED_PORTS || controlHosts >= (raw ? SCANNED_HOSTS_RAW : SCANNED_HOSTS)
  }

  /** How long a session waits for what else its client does; 0 if it does not. */
  #wait(open: OpenSession, { technique, strength }: ProbeSign): number {
    if (technique === 'banner') return VISIT_WAIT_NS
    if (strength !== 'suspect' || technique === 'unsolicited-answer') return 0
    const { controlHosts, mostPorts } = this.#survey(open)
    return Math.max(controlHosts, mostPorts) >= SUSPICIOUS ? WAIT_NS : 0
  }

  #survey({ clientId, control }: OpenSession): ReturnType<typeof surveyInitiator> {
    return surveyInitiator(this.#connections, clientId, control.first.time, this.#sorting.controlPorts)
  }

  #noteScanner(host: number): void {
    if (this.#log.hasProbed(host) && this.#scanners.size < MAX_CHECKS) this.#scanners.add(host)
  }

  #isOnly(host: number): boolean {
    let rows = 0
    this.#connections.forEachRowOf(host, () => ++rows < 2)
    return rows < 2
  }

  #count(client: number, control: Connection, row: number, { technique }: Pick<ProbeSign, 'technique'>): void {
    this.#log.probe(client, control, technique)
    this.#mark(row)
  }

  #mark(row: number): void {
    if (row >= 0) this.#connections.table.set(row, RowState.Probe)
  }

  /** What waits turns out to be probes. */
  #fold(wanted: (held: HeldSession) => boolean): void {
    for (const held of this.#held.take(wanted)) {
      this.#count(held.client, held.session.control, held.row, held)
      this.#forget(held)
    }
  }

  #hold(held: HeldSession): void {
    this.#connections.addresses.hold(held.client)
    this.#connections.addresses.hold(held.server)
    const full = this.#held.add(held)
    if (full) this.#passOn([full])
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

/** The SYN has neither window scale nor timestamps, which all but the smallest systems send. */
function isRaw({ flows: [client], syns }: Connection): boolean {
  return syns.length > 0 && client.windowScale < 0 && client.timestampValue < 0
}

function isBare({ flows: [client], syns }: Connection): boolean {
  return syns.length > 0 && client.maximumSegmentSize < 0
}
