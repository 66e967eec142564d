/** What an announced address is, compared with the addresses of its control connection. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { isInside, isPublic, scope } from '../../wire/address-scope.js'

/** Addresses in the control connection: of the host that announced its port, and of the one that should connect. */
export function endsOf({ client, server }: Session, { mode }: DataChannel): { listener: string; initiator: string } {
  return mode === 'passive'
    ? { listener: server.address, initiator: client.address }
    : { listener: client.address, initiator: server.address }
}

/** Names another address than the one that its host has in the control connection. */
export function announcesOther(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== endsOf(session, channel).listener
}

/** Why the host that receives a private address may be unable to connect to it. */
export type PrivateAnnouncement =
  /** The control connection shows another address of the host that announced it: there is a NAT in between. */
  | 'behind-nat'
  /** It is the host's address here, and the address of the other host is public. */
  | 'own'

/** `null` for an address that is not private, or if both hosts may be in the same network. */
export function privateAnnouncement(session: Session, channel: DataChannel): PrivateAnnouncement | null {
  const announced = channel.announcement?.address ?? null
  if (announced === null || !isInside(announced)) return null
  if (announcesOther(session, channel)) return 'behind-nat'
  return isPublic(endsOf(session, channel).initiator) ? 'own' : null
}

/** Names a public address although the address of its host in the control connection is a private one. */
export function announcesPublicFromInside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && isPublic(announced) && isInside(endsOf(session, channel).listener)
}

/** Names an address that no other host can connect to: unspecified, loopback, multicast or broadcast. */
export function announcesUnusable(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  if (announced === null) return false
  const kind = scope(announced)
  if (kind === 'loopback') return scope(endsOf(session, channel).listener) !== 'loopback'
  return kind === 'unspecified' || kind === 'multicast' || kind === 'broadcast'
}
