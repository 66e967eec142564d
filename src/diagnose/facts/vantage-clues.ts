/** What tells on which side a session was captured. Each clue can be silent. */
import type { Session } from '../../correlate/model.js'
import { isPublic, isInside } from '../../wire/address-scope.js'
import type { Connection } from '../../tcp/connection.js'
import type { Confidence } from '../confidence.js'

export interface VantageClue {
  at: 'client' | 'server' | 'middle'
  confidence: Confidence
  /** A sentence part. */
  reason: string
}

/** What clues are taken from; `SessionFacts` has it. */
export interface Captured {
  readonly session: Session
  readonly dataConnections: readonly Connection[]
}

/** Initial TTLs of today's systems. */
const INITIAL_HOP_LIMITS = [64, 128, 255]
/** A gap of the handshake this much shorter than the other is the near end's. */
const NEAR = 0.2
/** Round trips below this say nothing: everything is near. */
const MIN_ROUND_TRIP_NS = 1e6
/** Fewer segments sent again may be chance. */
const MIN_LOSSES = 3

/** Routers that a packet with this hop limit has passed, if its sender started from a usual value. */
export function hopsPassed(hopLimit: number): number {
  const initial = INITIAL_HOP_LIMITS.find((value) => value >= hopLimit)
  return initial === undefined ? 0 : initial - hopLimit
}

/** Each router takes one from the hop limit: an untouched one was sent nearby. */
export function hopClue(facts: Captured): VantageClue | null {
  const { session } = facts
  const { version } = session.control
  const name = version === 6 ? 'hop limit' : 'TTL'
  const client = session.control.flows[0].hopLimit
  const server = session.control.flows[1].hopLimit || hopLimitFromData(facts)
  const fromClient = hopsPassed(client)
  const fromServer = hopsPassed(server)
  const clientWords = `${name} ${client} of the client ${passed(fromClient)}`
  const serverWords = `${name} ${server} of the server ${passed(fromServer)}`
  if (client === 0) {
    // Of the client nothing was captured: the server's own side is where its answers start.
    return server > 0 && fromServer === 0 ? { at: 'server', confidence: 'medium', reason: serverWords } : null
  }
  if (server === 0) return fromClient === 0 ? { at: 'client', confidence: 'medium', reason: clientWords } : null
  const reason = `${clientWords}, ${serverWords}`
  if (fromClient === 0 && fromServer > 0) return { at: 'client', confidence: 'high', reason }
  if (fromServer === 0 && fromClient > 0) return { at: 'server', confidence: 'high', reason }
  return fromClient > 0 ? { at: 'middle', confidence: 'medium', reason } : null
}

function passed(hops: number): string {
  return hops === 0 ? 'is untouched' : `has passed ${hops === 1 ? '1 router' : `${hops} routers`}`
}

/** A server whose control connection never answered may have sent other packets. */
function hopLimitFromData({ session, dataConnections }: Captured): number {
  for (const connection of dataConnections) {
    const flow = connection.initiator.address === session.server.address ? 0 : 1
    if (connection.flows[flow].hopLimit > 0) return connection.flows[flow].hopLimit
  }
  return 0
}

/** SYN to SYN,ACK takes the way to the responder and back; SYN,ACK to ACK the way to the initiator and back. */
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
  const reason = `in the handshakes ${milliseconds(toClient)} to the client and back, ${milliseconds(toServer)} to the server and back`
  if (toClient < toServer * NEAR) return { at: 'client', confidence: 'medium', reason }
  if (toServer < toClient * NEAR) return { at: 'server', confidence: 'medium', reason }
  return { at: 'middle', confidence: 'low', reason }
}

/** An inside address does not cross the Internet: it was captured before its translator, or behind it (RFC 1918 §3). */
export function addressClue({ client, server }: Session): VantageClue | null {
  if (isInside(client.address) && isPublic(server.address)) {
    const reason = `the private address ${client.address} and the public ${server.address}: on the client's side of its translator`
    return { at: 'client', confidence: 'low', reason }
  }
  if (isPublic(client.address) && isInside(server.address)) {
    const reason = `the public address ${client.address} and the private ${server.address}: on the server's side of its translator`
    return { at: 'server', confidence: 'low', reason }
  }
  return null
}

/**
 * What is sent again although it passed here was lost behind this point; what is sent again although it was acknowledged, or never
 * passed here, was lost before it.
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
    `${count} of ${all} segments sent again were lost between here and the ${side}`
  if (atClient === all) return { at: 'client', confidence: 'low', reason: share(atClient, 'server') }
  if (atServer === all) return { at: 'server', confidence: 'low', reason: share(atServer, 'client') }
  return null
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(1)} ms`
}
