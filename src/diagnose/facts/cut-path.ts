import type { ConnectionPath } from '../../correlate/session-path.js'
import { sequenceLength } from '../../paths/digest/rows.js'
import type { Fate } from '../../paths/model.js'
import { Direction } from '../../tcp/connection.js'
import type { PathFacts } from './path-facts.js'

/** Nothing passed between two neighboring places any more, in either direction, on any connection of a session. */
export interface CutPath {
  /** The first of the two; the other one is the next. */
  slot: number
  /** Their files, from the client's side on. */
  between: readonly [string, string]
  /** What each of the two hosts sent in vain: how many packets, and the first and last of them. */
  client: SentInVain
  server: SentInVain
  /** How long nothing had passed before that, by the clock that shows the longer silence. */
  quietNs: number
}

export interface SentInVain {
  packets: number
  first: { frame: number; time: number }
  last: { frame: number; time: number }
}

/** A packet as the place at its sender's side of the cut saw it. */
interface Sent {
  frame: number
  time: number
  isFromClient: boolean
  arrived: boolean
  carries: boolean
}

/** `null` unless packets of the control connection and of a data connection were lost, in both directions. */
export function cutPath(path: PathFacts): CutPath | null {
  for (let slot = 0; slot + 1 < path.places.length; slot++) {
    const found = cutAfter(slot, path)
    if (found) return found
  }
  return null
}

function cutAfter(slot: number, path: PathFacts): CutPath | null {
  const lost = path.connections.flatMap((connection) =>
    connection.path.fates.flatMap((fate) => (isLostAt(fate, connection, slot, path) ? [{ connection, fate }] : [])),
  )
  if (new Set(lost.map(({ connection }) => connection.channel === null)).size < 2) return null
  const sent = path.connections.flatMap((connection) => sentAcross(connection, slot))
  const [client, server] = [true, false].map((isFromClient) =>
    inVain(sent.filter((each) => each.isFromClient === isFromClient)),
  )
  if (!client || !server) return null
  const { file } = path.places[slot]!
  return {
    slot,
    between: [file, path.places[slot + 1]!.file],
    client: client.sent,
    server: server.sent,
    quietNs: Math.max(client.quietNs, server.quietNs),
  }
}

function isLostAt(fate: Fate, connection: ConnectionPath, slot: number, path: PathFacts): boolean {
  const { kind, at, row } = fate
  if (kind !== 'lost' || sequenceLength(connection.path.observations[at]!.log, row) === 0) return false
  const ends = [connection.slots[at], path.nextSlot(fate, connection)]
  return ends.includes(slot) && ends.includes(slot + 1)
}

/** What both hosts sent on a connection, as it entered the stretch between the two places. */
function sentAcross(connection: ConnectionPath, slot: number): Sent[] {
  const { slots, isTurned } = connection
  const at = connection.path.hops.findIndex((_, index) => {
    const ends = [slots[index], slots[index + 1]]
    return ends.includes(slot) && ends.includes(slot + 1)
  })
  const alignment = connection.path.hops[at]?.alignment
  if (!alignment) return []
  const { a, b, ofA, ofB } = alignment
  return [
    { log: a.log, partners: ofA, direction: Direction.FromInitiator },
    { log: b.log, partners: ofB, direction: Direction.FromResponder },
  ].flatMap(({ log, partners, direction }) => {
    const isFromClient = (direction === Direction.FromInitiator) !== isTurned
    const sent: Sent[] = []
    for (let row = 0; row < log.size; row++) {
      if (log.isIcmp(row) || log.direction(row) !== direction) continue
      const arrived = partners[row]! >= 0
      const carries = sequenceLength(log, row) > 0
      sent.push({ frame: log.frame(row), time: log.time(row), isFromClient, arrived, carries })
    }
    return sent
  })
}

/** What one host sent after the last packet of it that arrived. */
function inVain(sent: readonly Sent[]): { sent: SentInVain; quietNs: number } | null {
  const last = sent.reduce((latest, { arrived, time }) => (arrived ? Math.max(latest, time) : latest), -Infinity)
  const vain = sent.filter(({ time, carries }) => time > last && carries).sort((a, b) => a.time - b.time)
  const [first] = vain
  if (!first || last === -Infinity) return null
  return { sent: { packets: vain.length, first, last: vain.at(-1)! }, quietNs: first.time - last }
}
