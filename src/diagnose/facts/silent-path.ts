import type { ConnectionPath } from '../../correlate/session-path.js'
import type { SegmentLog } from '../../paths/digest/segment-log.js'
import { sequenceLength } from '../../paths/digest/rows.js'
import { Direction } from '../../tcp/connection.js'
import { hopBetween, type PathFacts } from './path-facts.js'
import type { Role } from './payload.js'

/**
 * Nothing passed between two neighboring places any more. One capture may have ended too early to show what became of
 * what the other host sent: then that is answered by nothing.
 */
export interface SilentPath {
  /** The first of the two; the other one is the next. */
  slot: number
  /** Their files, from the client's side on. */
  between: readonly [string, string]
  /** What each host sent in vain, in order. */
  client: readonly Vain[]
  server: readonly Vain[]
  /** How long nothing had passed before the first of them, and until the last one, by the clocks that show more. */
  quietNs: number
  silenceNs: number
}

/** A packet with payload, SYN or FIN, sent after the last one that passed. */
export interface Vain {
  frame: number
  time: number
  role: Role
  isControl: boolean
  /** The other capture was running, and has it not. */
  lost: boolean
  sequence: number
}

/** What one host sent on a connection, or got, at the place on its side. */
interface Side {
  connection: ConnectionPath
  /** Index of the place's observation in its path. */
  at: number
  log: SegmentLog
  partners: Int32Array
  /** Of what the host sends. */
  own: Direction
}

/** Packets on their way when the path fails may arrive later than those that were lost first. */
const IN_FLIGHT_NS = 1e9

/** `null` unless the control and a data connection are dead, and some packets are known to be lost. */
export function silentPath(path: PathFacts): SilentPath | null {
  for (let slot = 0; slot + 1 < path.places.length; slot++) {
    const found = silentAfter(slot, path)
    if (found) return found
  }
  return null
}

function silentAfter(slot: number, path: PathFacts): SilentPath | null {
  const [client, server] = (['client', 'server'] as const).map((role) => sentInVain(role, slot, path))
  if (!client || !server) return null
  const [near, far] = [path.places[slot]!, path.places[slot + 1]!]
  if (path.path.passedAfter(client.passed, near.place, far.place)) return null
  const vain = [...client.vain, ...server.vain]
  const areDead = [true, false].every((isControl) => isDead(vain.filter((each) => each.isControl === isControl)))
  if (!areDead || !vain.some(({ lost }) => lost)) return null
  const sides = [client, server].filter((side) => side.vain.length > 0)
  return {
    slot,
    between: [near.file, far.file],
    client: client.vain,
    server: server.vain,
    quietNs: Math.max(...sides.map(({ vain: [first], passed }) => first!.time - passed)),
    silenceNs: Math.max(...sides.map((side) => side.vain.at(-1)!.time - side.vain[0]!.time)),
  }
}

/** Nothing that was sent on it arrived, and it was sent again. */
function isDead(vain: readonly Vain[]): boolean {
  return new Set(vain.map(({ role, sequence }) => `${role} ${sequence}`)).size < vain.length
}

/** What a host sent since the last packet passed, in order; `null` if something answered, or none ever passed. */
function sentInVain(role: Role, slot: number, path: PathFacts): { vain: Vain[]; passed: number } | null {
  const sides = path.connections.flatMap((connection) => sideOf(role, connection, slot) ?? [])
  let passed = -Infinity
  for (const { log, partners } of sides)
    partners.forEach((partner, row) => {
      if (partner >= 0) passed = Math.max(passed, log.time(row))
    })
  if (passed === -Infinity) return null
  const vain: Vain[] = []
  for (const side of sides) {
    const { log, partners, own, connection } = side
    const lost = lostRows(side)
    let hasLost = false
    for (let row = 0; row < log.size; row++) {
      const time = log.time(row)
      const isOwn = !log.isIcmp(row) && log.direction(row) === own
      if (!isOwn && time > passed) return null
      if (!isOwn) continue
      const carries = sequenceLength(log, row) > 0
      if (partners[row]! >= 0 && carries) hasLost = false
      else if (carries && lost.has(row) && time < passed - IN_FLIGHT_NS) hasLost = true
      if (!carries || partners[row]! >= 0 || time <= passed - IN_FLIGHT_NS) continue
      const isControl = connection.channel === null
      vain.push({ frame: log.frame(row), time, role, isControl, lost: lost.has(row), sequence: log.sequence(row) })
    }
    // It had been lost while others still passed: a direction, a size or a connection, and not the path.
    if (hasLost) return null
  }
  return { vain: vain.sort((a, b) => a.time - b.time), passed }
}

/** What one host sent and got on a connection, at the place on its side of what lies between two places. */
function sideOf(role: Role, connection: ConnectionPath, slot: number): Side | null {
  const { isTurned, path } = connection
  const index = hopBetween(connection, slot, slot + 1)
  const alignment = path.hops[index]?.alignment
  if (!alignment) return null
  const { a, b, ofA, ofB } = alignment
  return (role === 'client') === isTurned
    ? { connection, at: index + 1, log: b.log, partners: ofB, own: Direction.FromResponder }
    : { connection, at: index, log: a.log, partners: ofA, own: Direction.FromInitiator }
}

function lostRows({ connection, at, own }: Side): ReadonlySet<number> {
  const { fates } = connection.path
  return new Set(
    fates.flatMap((fate) => (fate.kind === 'lost' && fate.at === at && fate.direction === own ? [fate.row] : [])),
  )
}
