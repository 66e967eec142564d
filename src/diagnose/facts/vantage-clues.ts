/** Clues to the side on which a session was captured. Each can be inconclusive. */
import type { Session } from '../../correlate/model.js'
import { isPublic, isInside } from '../../wire/address-scope.js'
import type { Connection } from '../../tcp/connection.js'
import type { Confidence } from '../confidence.js'

export interface VantageClue {
  at: 'client' | 'server' | 'middle'
  confidence: Confidence
  /** A clause of a sentence. */
  reason: string
}

/** The facts that clues are based on; `SessionFacts` provides them. */
export interface Captured {
  readonly session: Session
  readonly dataConnections: readonly Connection[]
}

/** Initial TTLs of today's systems. */
const INITIAL_HOP_LIMITS = [64, 128, 255]
/** A handshake gap this much shorter than the other belongs to the near end. */
const NEAR = 0.2
/** Round trips shorter than this are inconclusive: both ends are near. */
const MIN_ROUND_TRIP_NS = 1e6
/** Fewer retransmitted segments may be chance. */
const MIN_LOSSES = 3

/** Number of routers that a packet with this hop limit has passed, if its sender used a common initial value. */
export function hopsPassed(hopLimit: number): number {
  const initial = INITIAL_HOP_LIMITS.find((value) => value >= hopLimit)
  return initial === undefined ? 0 : initial - hopLimit
}

/** Each router decrements the hop limit: a packet that still has its initial value was sent nearby. */
export function hopClue(facts: Captured): VantageClue | null {
  const { session } = facts
  const { version } = session.control
  const name = version === 6 ? 'hop limit' : 'TTL'
  const client = session.control.flows[0].hopLimit
  const server = session.control.flows[1].hopLimit || hopLimitFromData(facts)
  const fromClient = hopsPassed(client)
  const fromServer = hopsPassed(server)
  const clientWords = `the client's ${name} of ${client} ${passed(fromClient)}`
  const serverWords = `the server's ${name} of ${server} ${passed(fromServer)}`
  if (client === 0) {
    // Nothing from the client was captured: the server's answers begin on its own side.
    return server > 0 && fromServer === 0 ? { at: 'server', confidence: 'medium', reason: serverWords } : null
  }
  if (server === 0) return fromClient === 0 ? { at: 'client', confidence: 'medium', reason: clientWords } : null
  const reason = `${clientWords}, ${serverWords}`
  if (fromClient === 0 && fromServer > 0) return { at: 'client', confidence: 'high', reason }
  if (fromServer === 0 && fromClient > 0) return { at: 'server', confidence: 'high', reason }
  return fromClient > 0 ? { at: 'middle', confidence: 'medium', reason } : null
}

function passed(hops: number): string {
  return hops === 0 ? 'has not been decremented' : `was decremented by ${hops === 1 ? '1 router' : `${hops} routers`}`
}

/** A server that did not answer on the control connection may have sent other packets. */
function hopLimitFromData({ session, dataConnections }: Captured): number {
  for (const connection of dataConnections) {
    const flow = connection.initiator.address === session.server.address ? 0 : 1
    if (connection.flows[flow].hopLimit > 0) return connection.flows[flow].hopLimit
  }
  return 0
}

/** SYN to SYN,ACK is the round trip to the responder; SYN,ACK to ACK the round trip to the initiator. */
export function gapClue(facts: Captured): VantageClue | null {
  const { session } = facts
  let toClient = 0
  let toServer = 0
  for (const connection of [session.control, ...facts.dataConnections]) {
    const [syn, synAck, ack] = [connection.syns[0], connection.synAcks[0], connection.established]
    if (!syn || !synAck || !ack || connection.synAttempts !== 1 || connection.synAckAttempts !== 1) continue
    const toResponder = synAck.time - syn.time
    const toInitiator = ack.time - synAck.time
    const fromClient = connection.initiator.address === session.client.address
    toClient += fromClient ? toInitiator : toResponder
    toServer += fromClient ? toResponder : toInitiator
  }
  if (toClient + toServer < MIN_ROUND_TRIP_NS) return null
  const reason =
    `round-trip time in the handshakes: ${milliseconds(toClient)} to the client, ` +
    `${milliseconds(toServer)} to the server`
  if (toClient < toServer * NEAR) return { at: 'client', confidence: 'medium', reason }
  if (toServer < toClient * NEAR) return { at: 'server', confidence: 'medium', reason }
  return { at: 'middle', confidence: 'low', reason }
}

/**
 * Private addresses are not routed on the Internet (RFC 1918 §3): the capture was made on the private side of the NAT.
 */
export function addressClue({ client, server }: Session): VantageClue | null {
  if (isInside(client.address) && isPublic(server.address)) {
    const reason =
      `the client's address ${client.address} is private, the server's public: ` +
      "captured on the client's side of a NAT"
    return { at: 'client', confidence: 'low', reason }
  }
  if (isPublic(client.address) && isInside(server.address)) {
    const reason =
      `the server's address ${server.address} is private, the client's public: ` +
      "captured on the server's side of a NAT"
    return { at: 'server', confidence: 'low', reason }
  }
  return null
}

/**
 * A segment that was captured and retransmitted was lost after the observation point; one that was retransmitted
 * although it was acknowledged, or had not been captured, was lost before it.
 */
export function lossClue(facts: Captured): VantageClue | null {
  const { session } = facts
  let atClient = 0
  let atServer = 0
  for (const connection of [session.control, ...facts.dataConnections]) {
    const initiator = connection.initiator.address === session.client.address ? 0 : 1
    const [client, server] = [connection.flows[initiator], connection.flows[1 - initiator]!]
    atClient += client.lostBehind + server.lostBefore
    atServer += client.lostBefore + server.lostBehind
  }
  const all = atClient + atServer
  if (all < MIN_LOSSES) return null
  const share = (count: number, side: string) =>
    `${count} of ${all} retransmitted segments were lost between the observation point and the ${side}`
  if (atClient === all) return { at: 'client', confidence: 'low', reason: share(atClient, 'server') }
  if (atServer === all) return { at: 'server', confidence: 'low', reason: share(atServer, 'client') }
  return null
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(1)} ms`
}
