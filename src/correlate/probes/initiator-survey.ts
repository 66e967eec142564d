import type { Sighting } from '../../tcp/connection.js'
import { RowState } from '../../tcp/connection-rows.js'
import type { ConnectionRegistry } from '../../tcp/connection-registry.js'

/** Where a host sent lone SYNs that led to nothing. */
export interface Tried {
  /** Hosts whose control ports it tried. */
  controlHosts: number
  /** Ports of one host, at most. */
  mostPorts: number
}

/** What else a host did before a connection, and until now. */
export interface Survey {
  all: Tried
  /** Without ports that it tried again after a while, as clients do and scanners do not. */
  once: Tried
  /** Hosts with whose control ports it had a dialogue. */
  dialogues: number
  /** How often it tried the connection's own port, each time after a while. */
  again: number
}

/** The latest connections of a host that are examined, and how far back: a scan of a probe in ten minutes shows. */
const MAX_EXAMINED = 64
export const SURVEYED_NS = 7200e9
/** What follows sooner is the retry of a scanner that got no answer. */
const AGAIN_NS = 3e9
const PRIVILEGED_PORTS = 1024

interface Attempt {
  host: number
  port: number
  /** Attempts with `AGAIN_NS` between them, and when the earliest of them was; those told as probes are not counted. */
  times: number
  earliest: number
}

/**
 * A client tries a server, or several, and its system retransmits a SYN that gets no answer; it has a dialogue with
 * most. A scanner tries many ports or many hosts, each once. Only lone SYNs that led to nothing count, and of packets
 * without a connection those to many ports of one host: idle connections of before the capture go to one. `endpoint` is
 * the key of the responder's port, `from` the time of the connection; `withProbes`: with those known as probes.
 */
export function surveyInitiator(
  connections: ConnectionRegistry,
  { initiator, endpoint, from, withProbes }: { initiator: number; endpoint: number; from: number; withProbes: boolean },
  controlPorts: ReadonlySet<number>,
): Survey {
  const { table } = connections
  const tried = new Map<number, Attempt>()
  const partners = new Set<number>()
  const dialogues = new Set<number>()
  let examined = 0
  connections.forEachRowOf(initiator, (row) => {
    const time = table.firstTime(row)
    if (++examined > MAX_EXAMINED || time < from - SURVEYED_NS) return false
    const host = table.responder(row)
    const port = table.responderPort(row)
    if (table.is(row, RowState.Announced)) return true
    const isProbe = table.is(row, RowState.Probe)
    // A visit to a control port is no dialogue.
    if (!carried(connections, row)) {
      if (repeated(connections, row) || (isProbe && !withProbes)) return true
      const key = host * 0x10000 + port
      const attempt = tried.get(key)
      if (!attempt) tried.set(key, { host, port, times: isProbe ? 0 : 1, earliest: time })
      else if (!isProbe && attempt.earliest - time >= AGAIN_NS) {
        attempt.times++
        attempt.earliest = time
      }
    } else if (!isProbe) {
      partners.add(host)
      if (controlPorts.has(port)) dialogues.add(host)
    }
    return true
  })
  const attempts = [...tried.values()]
  const count = (of: readonly Attempt[]) => countTried(of, partners, controlPorts)
  return {
    all: count(attempts),
    once: count(attempts.filter(({ times }) => times < 2)),
    dialogues: dialogues.size,
    again: tried.get(endpoint)?.times ?? 0,
  }
}

function countTried(
  attempts: readonly Attempt[],
  partners: ReadonlySet<number>,
  controlPorts: ReadonlySet<number>,
): Tried {
  const controlHosts = new Set<number>()
  const ports = new Map<number, number>()
  let mostPorts = 0
  for (const { host, port } of attempts) {
    const isControl = controlPorts.has(port)
    if (isControl) controlHosts.add(host)
    // Data connections under TLS, whose announcements cannot be read, go to high ports of a host with a dialogue.
    if (!isControl && port >= PRIVILEGED_PORTS && partners.has(host)) continue
    const ofHost = (ports.get(host) ?? 0) + 1
    ports.set(host, ofHost)
    mostPorts = Math.max(mostPorts, ofHost)
  }
  return { controlHosts: controlHosts.size, mostPorts }
}

/** Ports to which a host sent anything without a dialogue, from the first packet to the last. */
export interface Probed {
  hosts: number
  ports: number
  /** Control ports among them that accepted a connection. */
  accepted: number
  /** Those of connections that were told as probes. */
  controlPorts: number
  /** The first packet; `null` where no row is left. */
  first: Sighting | null
}

/** Counts what a scanner probed; `isFtp` says whether a port of a host may be FTP's. */
export function countProbed(
  connections: ConnectionRegistry,
  initiator: number,
  isFtp: (host: number, port: number) => boolean,
): Probed {
  const { table } = connections
  let rows = 0
  connections.forEachRowOf(initiator, () => ++rows > 0)
  const keys = new Float64Array(rows)
  const accepted: number[] = []
  const control = new Set<number>()
  let used = 0
  let first: Sighting | null = null
  connections.forEachRowOf(initiator, (row) => {
    const isProbe = table.is(row, RowState.Probe)
    if (!isProbe && (table.is(row, RowState.Announced) || carried(connections, row) || repeated(connections, row)))
      return true
    const host = table.responder(row)
    const key = host * 0x10000 + table.responderPort(row)
    keys[used++] = key
    first = { frame: table.firstFrame(row), time: table.firstTime(row) }
    if (isProbe && control.size < MAX_CONTROL_PORTS) control.add(key)
    if (table.is(row, RowState.Accepted) && isFtp(host, table.responderPort(row))) accepted.push(key)
    return true
  })
  const ports = distinct(keys.subarray(0, used))
  const hosts = distinct(ports.map((key) => Math.floor(key / 0x10000)))
  return {
    hosts: hosts.length,
    ports: ports.length,
    accepted: distinct(Float64Array.from(accepted)).length,
    controlPorts: control.size,
    first,
  }
}

/** Enough to distinguish a scan from a check of a few servers. */
const MAX_CONTROL_PORTS = 4096

/** Sorts in place: a set of a million numbers would take ten times the memory. */
function distinct(keys: Float64Array): Float64Array {
  keys.sort()
  let used = 0
  for (const key of keys) if (used === 0 || key !== keys[used - 1]) keys[used++] = key
  return keys.subarray(0, used)
}

function carried(connections: ConnectionRegistry, row: number): boolean {
  const { table } = connections
  const followed = connections.followed[table.followed(row)]
  if (followed) return followed.connection.flows.some(({ end }) => end > 0)
  if (table.is(row, RowState.Released)) return table.is(row, RowState.Carried)
  return table.is(row, RowState.InitiatorSniffed | RowState.ResponderSniffed)
}

function repeated(connections: ConnectionRegistry, row: number): boolean {
  const { table } = connections
  const followed = connections.followed[table.followed(row)]
  if (followed) return followed.connection.synAttempts > 1
  return table.is(row, RowState.Repeated) || table.synAttempts(row) > 1
}
