import type { Session } from '../../correlate/model.js'
import type { Connection, ResetSighting } from '../../tcp/connection.js'

/** Whether a RST has the hop limit of the host whose address it carries. */
export type ResetOrigin =
  /** Its hop limit differs from that of the host's other packets: another device sent it. */
  | { foreign: true; usual: number }
  /** `usual` is `null` where no other packet of the host was captured. */
  | { foreign: false; usual: number | null }

/**
 * Compares a RST with the other packets that carry the same source address: those of its connection or, where that has
 * none, as when a port is refused, those of the control connection.
 */
export function resetOrigin(session: Session, connection: Connection, reset: ResetSighting): ResetOrigin {
  const usual = hopLimitBeside(connection, reset) ?? hopLimitOnControl(session, connection, reset)
  return usual !== null && usual !== reset.hopLimit ? { foreign: true, usual } : { foreign: false, usual }
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
