/**
 * What judging the capture as a whole requires of a session besides its report: plain values, so that threads can pass
 * them on.
 */
import type { Session } from '../../correlate/model.js'
import { handshakeKey } from '../../correlate/same-session.js'
import { clearLogins, isAnonymous } from './credentials.js'

export interface SessionTotals {
  /** Packets of its connections, how many of them were captured again, and the frame of the first such packet. */
  packets: number
  duplicates: number
  firstDuplicate: number | null
  /** Initial sequence numbers and addresses of a control connection with a handshake; `null` without one. */
  handshake: { key: string; ends: string } | null
  /** Logins that were captured in clear text, anonymous ones left out. */
  logins: { user: string; frame: number; accepted: boolean | null }[]
}

export function totalsOf(session: Session): SessionTotals {
  const { control } = session
  const traits: SessionTotals = {
    packets: 0,
    duplicates: 0,
    firstDuplicate: null,
    handshake: null,
    logins: [],
  }
  countPackets(traits, control)
  for (const { connection } of session.channels) if (connection) countPackets(traits, connection)
  const key = handshakeKey(control)
  if (key !== null) traits.handshake = { key, ends: `${control.initiator.address} ${control.responder.address}` }
  for (const { user, pass, accepted } of clearLogins(session)) {
    if (!isAnonymous(user)) traits.logins.push({ user: user.argument ?? '', frame: pass.frame, accepted })
  }
  return traits
}

function countPackets(traits: SessionTotals, { flows }: Session['control']): void {
  for (const { packets, duplicates, firstDuplicate } of flows) {
    traits.packets += packets
    traits.duplicates += duplicates
    if (firstDuplicate !== null && firstDuplicate < (traits.firstDuplicate ?? Infinity))
      traits.firstDuplicate = firstDuplicate
  }
}
