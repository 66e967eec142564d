import { TcpFlag } from '../../wire/packet.js'
import type { DataChannel } from '../../correlate/model.js'
import type { PathPacket, PlaceAt } from '../../correlate/session-path.js'
import { sequenceLength } from '../../paths/digest/rows.js'
import type { Fate } from '../../paths/model.js'
import type { Journey, PathFacts } from '../facts/path-facts.js'
import type { Finding } from '../rule.js'
import type { Evidence } from '../words/evidence.js'

/** A packet of a finding's evidence, and how far it came: what several places of capture show. */
export interface Whereabouts {
  kind:
    /** It left one place and never reached the next. */
    | 'lost'
    /** It arrived at the last place, was answered there, and the answer was lost. */
    | 'answer-lost'
    /** It never passed the place nearer to its sender. */
    | 'injected'
    /** It arrived as another. */
    | 'changed'
    /** It arrived at the last place on its way, and nothing answered it there. */
    | 'arrived'
  sender: Journey['sender']
  packet: PacketName
  /** The last place that saw it, of an injected one the first; and its frame there. */
  here: Where
  /** The place that it never reached, or that it never passed; of one that arrived, the place that it came from. */
  there: Omit<Where, 'frame'>
  /** Its frame at that place, if it is there. */
  thereFrame: number | null
  /** Something besides its absence proves it, or the capture there has missed nothing. */
  proved: boolean
  /** Routers between the two places; `null` where unknown. */
  routers: number | null
}

export interface Where {
  slot: number
  at: PlaceAt
  file: string
  /** Counted in that file. */
  frame: number
}

/** What a packet is called in a sentence. */
export type PacketName =
  | { kind: 'SYN' | 'SYN,ACK'; port: number }
  | { kind: 'RST' | 'FIN' | 'ACK' | 'ICMP error' }
  | { kind: 'command'; verb: string }
  | { kind: 'reply'; code: number }
  | { kind: 'data'; bytes: number }

/**
 * What the places show of a finding's evidence: of its first packet that did not simply arrive, else of the first one
 * that nothing answered; `null` where they show nothing.
 */
export function whereaboutsOf({ evidence, rule, channel }: Finding, path: PathFacts): Whereabouts | null {
  const journeys = evidence.flatMap((each) => {
    const journey = path.journey(each)
    return journey ? [{ journey, evidence: each }] : []
  })
  const finders = [ofLost, ofInjected, ofChanged, ofLostAnswer, ofArrived, ofLostReply, ofUnanswered(rule.awaits)]
  for (const find of finders) {
    const found = journeys.flatMap((each) => find(each.journey, each.evidence, path) ?? [])
    const [first] = found
    if (first) return { ...first, proved: first.proved || found.length > 1 }
  }
  return lostOnConnection(channel, evidence, path)
}

/** The first packet of a data connection that was lost after what the evidence shows of it. */
function lostOnConnection(
  channel: DataChannel | null,
  evidence: readonly Evidence[],
  path: PathFacts,
): Whereabouts | null {
  const connection = channel?.connection ? path.connectionPath(channel.connection) : null
  if (!connection) return null
  const { observations, fates } = connection.path
  const lost = fates.filter(({ kind, at, row }) => kind === 'lost' && sequenceLength(observations[at]!.log, row) > 0)
  const [first] = lost
  if (!first) return null
  const journey = path.journeyOf({ connection, at: first.at, row: first.row })
  const found = between('lost', journey, evidence[0]!, path, first, journey.seen.at(-1)!)
  return { ...found, proved: found.proved || lost.length > 1 }
}

function ofLost(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const { end, seen } = journey
  return end?.kind === 'lost' ? between('lost', journey, evidence, path, end, seen.at(-1)!) : null
}

function ofInjected(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const { start, seen } = journey
  return start?.kind === 'injected' ? between('injected', journey, evidence, path, start, seen[0]!) : null
}

function ofChanged(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const { changed, packet, seen } = journey
  if (!changed?.changes.some(({ kind }) => kind === 'payload')) return null
  const here = seen.find(({ slot }) => slot === packet.connection.slots[changed.at])!
  const found = between('changed', journey, evidence, path, changed, here)
  const there = packet.connection.path.observations[changed.next]!
  return { ...found, thereFrame: path.file(there.log.frame(changed.there)).frame, proved: true }
}

/** The answer to a packet that arrived was sent, and lost. */
function ofLostAnswer(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const { packet } = journey
  const { log } = packet.connection.path.observations[packet.at]!
  if ((log.flags(packet.row) & TcpFlag.Syn) === 0 || journey.end !== null) return null
  for (const fate of packet.connection.path.fates) {
    const observation = packet.connection.path.observations[fate.at]!
    const isSynAck = (observation.log.flags(fate.row) & SYN_ACK) === SYN_ACK
    if (fate.kind !== 'lost' || fate.direction === log.direction(packet.row) || !isSynAck) continue
    const answer = path.journeyOf({ connection: packet.connection, at: fate.at, row: fate.row })
    return between('answer-lost', answer, evidence, path, fate, answer.seen.at(-1)!)
  }
  return null
}

const SYN_ACK = TcpFlag.Syn | TcpFlag.Ack

/** A SYN that came to the receiver's side, where nothing answers it. */
function ofArrived(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const { packet, seen, end } = journey
  const { path: connection, slots } = packet.connection
  const { log } = connection.observations[packet.at]!
  if ((log.flags(packet.row) & (SYN_ACK | TcpFlag.Rst)) !== TcpFlag.Syn || end !== null || seen.length < 2) return null
  if (connection.fates.some(({ kind, direction }) => kind === 'lost' && direction !== log.direction(packet.row)))
    return null
  const last = seen.at(-1)!
  if (slots.at(log.direction(packet.row) === 0 ? -1 : 0) !== last.slot) return null
  if (connection.observations.some((each) => wasAnswered(each.log, log.direction(packet.row)))) return null
  const first = seen[0]!
  return {
    kind: 'arrived',
    sender: journey.sender,
    packet: nameOf(journey, evidence),
    here: whereOf(last, path),
    there: whereOf(first, path),
    thereFrame: path.file(first.frame).frame,
    proved: true,
    routers: null,
  }
}

/** The reply to a command was sent, and lost. */
function ofLostReply(journey: Journey, evidence: Evidence, path: PathFacts): Whereabouts | null {
  const answer = journey.end === null ? lostReply(journey.packet, path) : null
  return answer && between('answer-lost', answer.journey, evidence, path, answer.fate, answer.journey.seen.at(-1)!)
}

/** A command, reply or announcement that came to the side which should have gone on, and did not. */
function ofUnanswered(awaited: 'client' | 'server' | undefined): typeof ofArrived {
  return (journey, evidence, path) => {
    const { seen, end, sender } = journey
    const last = seen.at(-1)!
    if (!awaited || end !== null || sender === awaited || path.positions[last.slot] !== awaited) return null
    const first = seen[0]!
    return {
      kind: 'arrived',
      sender,
      packet: nameOf(journey, evidence),
      here: whereOf(last, path),
      there: whereOf(first, path),
      thereFrame: path.file(first.frame).frame,
      proved: !hasMissed(path, last.slot),
      routers: null,
    }
  }
}

/** The reply to a command, as another place saw it, that was lost on its way back. */
function lostReply(packet: PathPacket, path: PathFacts): { journey: Journey; fate: Fate } | null {
  const frames = new Set(path.journeyOf(packet).seen.map(({ frame }) => frame))
  for (const { session } of path.places) {
    const exchange = session?.dialogue.exchanges.find(({ frame }) => frames.has(frame))
    for (const reply of exchange?.replies ?? []) {
      const journey = path.journey(reply)
      if (journey?.end?.kind === 'lost') return { journey, fate: journey.end }
    }
  }
  return null
}

type Log = Journey['packet']['connection']['path']['observations'][number]['log']

function wasAnswered(log: Log, direction: number): boolean {
  for (let row = 0; row < log.size; row++) if (log.direction(row) !== direction) return true
  return false
}

function between(
  kind: Whereabouts['kind'],
  journey: Journey,
  evidence: Evidence,
  path: PathFacts,
  fate: Fate,
  at: { slot: number; frame: number },
): Whereabouts {
  const { connection } = journey.packet
  const slot = path.nextSlot(fate, connection)
  const hop = fate.next < 0 ? null : connection.path.hops[Math.min(fate.at, fate.next)]
  const { file } = path.places[slot]!
  return {
    kind,
    sender: journey.sender,
    packet: nameOf(journey, evidence),
    here: whereOf(at, path),
    there: { slot, at: path.positions[slot]!, file },
    thereFrame: null,
    proved: fate.certain || !hasMissed(path, slot),
    routers: (hop ? (hop.routers[0] ?? hop.routers[1]) : null) ?? path.routersBetween(at.slot, slot),
  }
}

/** Whether the capture of a place lacks packets of this session that demonstrably passed it. */
export function hasMissed(path: PathFacts, slot: number): boolean {
  return path.connections.some((connection) =>
    connection.path.fates.some((fate) => fate.reason === 'not-captured' && path.nextSlot(fate, connection) === slot),
  )
}

function whereOf({ slot, frame }: { slot: number; frame: number }, path: PathFacts): Where {
  return { slot, at: path.positions[slot]!, ...path.file(frame) }
}

function nameOf({ packet }: Journey, { quote, frame }: Evidence): PacketName {
  const { connection, at, row } = packet
  const { log, responder, initiator } = connection.path.observations[at]!
  if (log.isIcmp(row)) return { kind: 'ICMP error' }
  const flags = log.flags(row)
  const port = log.direction(row) === 0 ? responder.port : initiator.port
  if (flags & TcpFlag.Syn) {
    return flags & TcpFlag.Ack ? { kind: 'SYN,ACK', port: responder.port } : { kind: 'SYN', port }
  }
  if (flags & TcpFlag.Rst) return { kind: 'RST' }
  const isQuoted = quote !== null && !('quoted' in quote) && log.frame(row) === frame
  if (isQuoted && 'code' in quote) return { kind: 'reply', code: quote.code }
  if (isQuoted && 'command' in quote) return { kind: 'command', verb: quote.command.text }
  const bytes = log.length(row)
  if (bytes > 0) return { kind: 'data', bytes }
  return { kind: flags & TcpFlag.Fin ? 'FIN' : 'ACK' }
}
