/** Facts of a flow that only few packets add to: the hot path calls these for what is unusual. */
import type { SharedMemory } from '../bytes/shared-memory.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import type { Flow } from './connection.js'
import { FIRST_INTERVAL_NS, RateMeter } from './rate-meter.js'

/** A sender that is silent for longer between two segments paused. */
const PAUSE_NS = 100e6
/** Receivers delay an acknowledgment for 40 ms (Linux) to 500 ms (RFC 1122 §4.2.3.2), 200 ms in Windows and BSD. */
export const ACK_DELAY_NS = 35e6
const LONGEST_ACK_DELAY_NS = 600e6
/** A sender that waited for an acknowledgment goes on this fast. */
const PROMPT_NS = 2e6
/**
 * First bytes kept of a flow: a ClientHello with tickets and a post-quantum key share, the sizes in a short listing.
 */
export const HEAD = 2048
/** More than this is never in flight. */
const MAX_AHEAD = 2 ** 24

/** Payload bytes that the peer has acknowledged; the FIN takes a sequence number, but is not payload. */
export function acknowledgedPayload({ acknowledged, finOffset, end }: Flow): number {
  if (finOffset >= 0) return Math.min(acknowledged, finOffset)
  // One more than was seen, and no FIN captured: more likely the FIN than a lone byte.
  return acknowledged === end + 1 ? end : acknowledged
}

/** The segment that the peer waits for was retransmitted. */
export function noteStuck(flow: Flow, packet: Packet, offset: number): void {
  const { stuck } = flow
  if (stuck?.offset === offset) {
    stuck.times++
    stuck.length = packet.payloadLength
    stuck.last.frame = packet.frame
    stuck.last.time = packet.time
    stuck.dontFragment &&= packet.dontFragment
    return
  }
  const sighting = { frame: packet.frame, time: packet.time }
  flow.stuck = {
    offset,
    length: packet.payloadLength,
    times: 1,
    dontFragment: packet.dontFragment,
    first: sighting,
    last: { ...sighting },
  }
}

/** A window of zero, or the first packet after one. */
export function noteWindow(flow: Flow, packet: Packet): void {
  const closing = packet.window === 0 && !(packet.flags & TcpFlag.Fin) && flow.fin === null
  if (flow.shutSince === null) {
    if (!closing) return
    flow.shutSince = { frame: packet.frame, time: packet.time }
    flow.firstShut ??= { ...flow.shutSince }
    flow.shuts++
  } else if (packet.window > 0) reopen(flow, packet.time)
}

function reopen(flow: Flow, time: number): void {
  countShut(flow, time)
  flow.shutSince = null
}

/** Adds the last period in which the receiver's window was zero, which may extend to the end of the connection. */
export function countShut(flow: Flow, time: number): void {
  // A clock that was set back meanwhile subtracts nothing.
  if (flow.shutSince !== null) flow.shutTime += Math.max(0, time - flow.shutSince.time)
}

/**
 * New bytes after a silence of their sender: it waited for acknowledgments, or had nothing to send. At the receiver all
 * seems acknowledged for a round trip before the next bytes come, so that much is no pause. What the sender had in
 * flight was acknowledged in between: its own pause begins there, not with its previous bytes.
 */
export function notePause(flow: Flow, since: number, packet: Packet, before: number, roundTrip: number): void {
  const whole = packet.time - since
  const { acknowledgedAt } = flow
  const allAcknowledged = flow.acknowledged >= before
  const wait = allAcknowledged && acknowledgedAt > since ? acknowledgedAt - since : 0
  if (wait >= ACK_DELAY_NS && wait - roundTrip <= LONGEST_ACK_DELAY_NS && isPrompt(whole - wait, roundTrip)) {
    // At the sender a round trip is part of the wait.
    flow.delayedAcks++
    flow.delayedAckTime += Math.min(wait, whole - roundTrip)
  }
  if (whole <= PAUSE_NS) return
  const length = wait >= ACK_DELAY_NS ? whole - wait : whole
  if (!allAcknowledged || length < roundTrip + PAUSE_NS) {
    flow.waitTime += whole
    return
  }
  flow.pauses++
  flow.pauseTime += length
  flow.waitTime += whole - length
  if (length > (flow.longestPause?.length ?? 0)) flow.longestPause = { frame: packet.frame, time: packet.time, length }
}

/** New bytes came as soon as an acknowledgment can have caused them: at once at the sender, else a round trip later. */
function isPrompt(later: number, roundTrip: number): boolean {
  return later <= PROMPT_NS || Math.abs(later - roundTrip) <= roundTrip / 5 + PROMPT_NS
}

/** New bytes of a counted connection, after `before` others. Within a millisecond there is no rate worth showing. */
export function noteRate(flow: Flow, packet: Packet, before: number): void {
  if (flow.rate === null) {
    const start = flow.firstData!.time
    if (packet.time - start < FIRST_INTERVAL_NS) return
    flow.rate = new RateMeter(start)
    flow.rate.add(start, before)
  }
  flow.rate.add(packet.time, packet.payloadLength)
}

/** An acknowledgment or FIN behind bytes that never came; damaged numbers are further off. */
export function noteAhead(flow: Flow, packet: Packet, offset: number): void {
  if (offset > flow.end + MAX_AHEAD || offset <= (flow.ahead?.offset ?? 0)) return
  flow.ahead = { frame: packet.frame, time: packet.time, offset }
}

/** A segment larger than all before, and where it ended: to find out later which sizes arrived. */
export function noteLarger(flow: Flow, length: number, end: number): void {
  flow.largestSegment = length
  // Sizes only grow, and a TCP stack uses few of them; more are no stack's.
  if (flow.sizes.length === 0) flow.sizes = [{ length, end }]
  else if (flow.sizes.length < 32) flow.sizes.push({ length, end })
}

/** Segments ahead of a hole in the first bytes that are kept. */
export const MOST_AHEAD = 32
/** What one takes besides its bytes. */
export const AHEAD_COST = 160

/**
 * Copies the first bytes of a flow, in sequence whatever the order of the packets. `shared` bounds what waits ahead of
 * holes in all flows.
 */
export function keepHead(flow: Flow, packet: Packet, offset: number, shared: SharedMemory): void {
  const { bytes, payloadStart, payloadEnd } = packet
  if (payloadEnd === payloadStart || offset < 0) return
  const had = flow.head?.length ?? 0
  const kept = Math.min(payloadEnd, payloadStart + HEAD - offset)
  if (offset > had) {
    flow.headAhead ??= []
    if (flow.headAhead.length < MOST_AHEAD && shared.take(kept - payloadStart + AHEAD_COST))
      flow.headAhead.push({ offset, bytes: bytes.slice(payloadStart, kept) })
    return
  }
  if (offset + kept - payloadStart <= had) return
  extendHead(flow, bytes.slice(payloadStart + had - offset, kept))
  if (flow.headAhead) fillHead(flow, flow.headAhead, shared)
}

/** What still waits ahead of a hole will not be read any more. */
export function releaseAhead(flow: Flow, shared: SharedMemory): void {
  for (const { bytes } of flow.headAhead ?? []) shared.give(bytes.length + AHEAD_COST)
  flow.headAhead = null
}

function extendHead(flow: Flow, more: Uint8Array): void {
  if (flow.head === null) {
    flow.head = more
    return
  }
  const head = new Uint8Array(flow.head.length + more.length)
  head.set(flow.head)
  head.set(more, flow.head.length)
  flow.head = head
}

/** The hole has closed: what waited after it follows. */
function fillHead(flow: Flow, waiting: NonNullable<Flow['headAhead']>, shared: SharedMemory): void {
  waiting.sort((a, b) => a.offset - b.offset)
  while (waiting.length > 0) {
    const had = flow.head!.length
    const { offset, bytes } = waiting[0]!
    if (offset > had) return
    waiting.shift()
    shared.give(bytes.length + AHEAD_COST)
    if (offset + bytes.length > had) extendHead(flow, bytes.subarray(had - offset))
  }
  flow.headAhead = null
}

/** Offset up to which a host has sent as far as was seen, its FIN included. */
export function sentBy({ fin, end, acknowledged }: Flow): number {
  return Math.max(fin ? end + 1 : end, acknowledged)
}
