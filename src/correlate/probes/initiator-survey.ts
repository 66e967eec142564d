import type { Sighting } from '../../tcp/connection.js'
import { RowState } from '../../tcp/connection-rows.js'
import type { ConnectionRegistry } from '../../tcp/connection-registry.js'

/** What else a host did before a connection, and until now. */
export interface Survey {
  /** Hosts whose control ports it tried without a dialogue and without retransmitting its SYN. */
  controlHosts: number
  /** Ports of one host that it tried so, at most. */
  mostPorts: number
}

/** The latest connections of a host that are examined, and how far back. */
const MAX_EXAMINED = 256
const WITHIN_NS = 600e9
const PRIVILEGED_PORTS = 1024

/**
 * A client tries a server, or several, and its system retransmits a SYN that gets no answer; it has a dialogue with
 * most. A scanner tries many ports or many hosts, each once. Only lone SYNs that led to nothing count, and of packets
 * without a connection those to many ports of one host: idle connections of before the capture go to one.
 */
export function surveyInitiator(
  connections: ConnectionRegistry,
  initiator: number,
  from: number,
  controlPorts: ReadonlySet<number>,
): Survey {
  const { table } = connections
  const tried: { host: number; port: number }[] = []
  const partners = new Set<number>()
  let examined = 0
  connections.forEachRowOf(initiator, (row) => {
    if (++examined > MAX_EXAMINED || table.firstTime(row) < from - WITHIN_NS) return false
    const host = table.responder(row)
    if (table.is(row, RowState.Announced)) return true
    // A visit to a control port is no dialogue.
    if (!carried(connections, row)) {
      if (!repeated(connections, row)) tried.push({ host, port: table.responderPort(row) })
    } else if (!table.is(row, RowState.Probe)) partners.add(host)
    return true
  })
  const controlHosts = new Set<number>()
  const ports = new Map<number, Set<number>>()
  for (const { host, port } of tried) {
    const isControl = controlPorts.has(port)
    if (isControl) controlHosts.add(host)
    // Data connections under TLS, whose announcements cannot be read, go to high ports of a host with a dialogue.
    if (!isControl && port >= PRIVILEGED_PORTS && partners.has(host)) continue
    const ofHost = ports.get(host)
    if (ofHost) ofHost.add(port)
    else ports.set(host, new Set([port]))
  }
  return {
    controlHosts: controlHosts.size,
    mostPorts: Math.max(0, ...Array.from(ports.values(), ({ size }) => size)),
  }
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
