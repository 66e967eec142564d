import type { Flow } from './connection.js'

/** Where the handshake was not captured, the window may be scaled by as much (RFC 7323 §2.3). */
const MOST_SCALED = 14
const UNSCALED = 0

/**
 * Whether a RST of `flow` at an offset is outside the window of its receiver, who sends `peer`: it is not taken (RFC
 * 5961 §3.2). What was sent and not acknowledged yet may have arrived.
 */
export function isOutsideWindow(offset: number, flow: Flow, peer: Flow): boolean {
  if (flow.acknowledged < 0 || peer.packets === 0) return false
  // Hosts that have closed answer with the sequence number before or after their FIN, others with that of their SYN.
  const last = flow.fin === null ? flow.acknowledged : Math.min(flow.acknowledged, flow.finOffset)
  const before = flow.end === 0 ? -1 : last
  if (offset < before) return true
  const scale = peer.maximumSegmentSize < 0 ? MOST_SCALED : bothScale(flow, peer) ? peer.windowScale : UNSCALED
  return offset > Math.max(flow.acknowledged, flow.end + 1) + peer.largestWindow * 2 ** Math.min(scale, MOST_SCALED)
}

/** The option counts if both SYNs have it (RFC 7323 §2.2). */
function bothScale(flow: Flow, peer: Flow): boolean {
  return flow.windowScale >= 0 && peer.windowScale >= 0
}
