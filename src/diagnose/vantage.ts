import type { Session } from '../correlate/model.js'
import type { Connection } from '../tcp/connection.js'
import type { Confidence } from './rule.js'

export type Vantage = 'client' | 'server' | 'middle' | 'unknown'

/** Where a session was captured: beside the client, beside the server, on the way between them. */
export interface VantageEstimate {
  at: Vantage
  confidence: Confidence
  /** Why, in words. */
  reason: string
}

/** Initial TTLs of today's systems. */
const INITIAL_HOP_LIMITS = [64, 128, 255]
/** A gap of the handshake this much shorter than the other is the near end's. */
const NEAR = 0.2
/** Round trips below this say nothing: everything is near. */
const MIN_ROUND_TRIP_NS = 1e6

/** Routers that a packet with this hop limit has passed, if its sender started from a usual value. */
export function hopsPassed(hopLimit: number): number {
  const initial = INITIAL_HOP_LIMITS.find((value) => value >= hopLimit)
  return initial === undefined ? 0 : initial - hopLimit
}

const known = new WeakMap<Session, VantageEstimate>()

/** Estimates where a session was captured, from hop limits and from the gaps of the handshake. */
export function vantageOf(session: Session): VantageEstimate {
  let estimate = known.get(session)
  if (!estimate) {
    estimate = estimateVantage(session)
    known.set(session, estimate)
  }
  return estimate
}

function estimateVantage(session: Session): VantageEstimate {
  const hops = byHops(session)
  const gaps = byGaps(
    [session.control, ...session.channels.flatMap((c) => (c.connection ? [c.connection] : []))],
    session,
  )
  if (hops && gaps) {
    if (hops.at === gaps.at) return { ...hops, confidence: 'high', reason: `${hops.reason}; ${gaps.reason}` }
    // Gaps see where time is spent; a slow host near the capture can mislead them, routers do not change hop limits.
    return { ...hops, confidence: 'medium' }
  }
  return hops ?? gaps ?? { at: 'unknown', confidence: 'low', reason: 'neither hop limits nor handshake gaps tell' }
}

function byHops(session: Session): VantageEstimate | null {
  const client = session.control.flows[0].hopLimit
  const server = session.control.flows[1].hopLimit || hopLimitFromData(session)
  if (client === 0) return null
  const fromClient = hopsPassed(client)
  if (server === 0) {
    if (fromClient === 0)
      return { at: 'client', confidence: 'medium', reason: `the client's TTL ${client} is untouched` }
    return { at: 'unknown', confidence: 'low', reason: 'nothing of the server was captured' }
  }
  const fromServer = hopsPassed(server)
  const reason = `TTL ${client} from the client, ${server} from the server`
  if (fromClient === 0 && fromServer > 0) return { at: 'client', confidence: 'high', reason }
  if (fromServer === 0 && fromClient > 0) return { at: 'server', confidence: 'high', reason }
  return fromClient > 0 ? { at: 'middle', confidence: 'medium', reason } : null
}

/** A server whose control connection never answered may have sent other packets. */
function hopLimitFromData(session: Session): number {
  for (const { connection } of session.channels) {
    if (!connection) continue
    const flow = connection.client.address === session.control.server.address ? 0 : 1
    if (connection.flows[flow].hopLimit > 0) return connection.flows[flow].hopLimit
  }
  return 0
}

/** SYN to SYN,ACK takes the way to the responder and back; SYN,ACK to ACK the way to the initiator and back. */
function byGaps(connections: readonly Connection[], session: Session): VantageEstimate | null {
  let initiatorSide = 0
  let responderSide = 0
  for (const connection of connections) {
    const [syn, synAck, ack] = [connection.syns[0], connection.synAcks[0], connection.established]
    if (!syn || !synAck || !ack || connection.synAttempts !== 1 || connection.synAckAttempts !== 1) continue
    const toResponder = synAck.time - syn.time
    const toInitiator = ack.time - synAck.time
    if (connection.client.address === session.control.client.address) {
      initiatorSide += toInitiator
      responderSide += toResponder
    } else {
      initiatorSide += toResponder
      responderSide += toInitiator
    }
  }
  if (initiatorSide + responderSide < MIN_ROUND_TRIP_NS) return null
  const reason = `${(initiatorSide / 1e6).toFixed(1)} ms to the client and back, ${(responderSide / 1e6).toFixed(1)} ms to the server and back`
  if (initiatorSide < responderSide * NEAR) return { at: 'client', confidence: 'medium', reason }
  if (responderSide < initiatorSide * NEAR) return { at: 'server', confidence: 'medium', reason }
  return { at: 'middle', confidence: 'low', reason }
}
