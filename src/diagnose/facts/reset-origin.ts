import type { Session } from '../../correlate/model.js'
import type { Connection, ResetSighting } from '../../tcp/connection.js'
import type { PathFacts } from './path-facts.js'

/** Whether a RST came from the host whose address it carries, and the hop limit of that host's other packets. */
export interface ResetOrigin {
  /** Another device sent it: its hop limit differs from the usual one, or it never passed the side of that host. */
  foreign: boolean
  /** `null` where no other packet of the host was captured. */
  usual: number | null
}

/** Whether the hop limit alone shows that another device sent a RST. */
export function isOfOtherHop(hopLimit: number, usual: number | null): usual is number {
  return usual !== null && usual !== hopLimit
}

/** Other places of capture show it: a RST that did not pass the side of the host whose address it carries is forged. */
export function originOnPath(origin: ResetOrigin, reset: ResetSighting, path: PathFacts | null): ResetOrigin {
  const start = path?.journey(reset)?.start
  return start?.kind === 'injected' && start.certain ? { ...origin, foreign: true } : origin
}

/**
 * Compares a RST with the other packets that carry the same source address: those of its connection or, where that has
 * none, as when a port is refused, those of the control connection.
 */
export function resetOrigin(session: Session, connection: Connection, reset: ResetSighting): ResetOrigin {
  const usual = hopLimitBeside(connection, reset) ?? hopLimitOnControl(session, connection, reset)
  return { foreign: isOfOtherHop(reset.hopLimit, usual), usual }
}

/** RSTs to both ends within this time come from one middlebox between them: no host answers a RST with a RST. */
const BOTH_ENDS_NS = 50e6

/**
 * The RSTs of the other direction at the same moment. After a round trip it may be the peer's answer to what was sent
 * before the RST.
 */
export function resetsAtOnce({ resets, roundTrip }: Connection, { direction, time }: ResetSighting): ResetSighting[] {
  const moment = Math.min(BOTH_ENDS_NS, roundTrip ?? BOTH_ENDS_NS)
  return resets.filter((other) => other.direction !== direction && Math.abs(other.time - time) < moment)
}

/** That of the first packet, unless the direction consists of RSTs. */
function hopLimitBeside(connection: Connection, { direction }: ResetSighting): number | null {
  const flow = connection.flows[direction]
  const resets = connection.resets.filter((other) => other.direction === direction).length
  return flow.hopLimit === 0 || flow.packets <= resets ? null : flow.hopLimit
}

function hopLimitOnControl({ control }: Session, connection: Connection, { direction }: ResetSighting): number | null {
  if (connection === control) return null
  const { address } = direction === 0 ? connection.initiator : connection.responder
  const index = address === control.initiator.address ? 0 : address === control.responder.address ? 1 : null
  if (index === null) return null
  return control.flows[index].hopLimit || null
}
