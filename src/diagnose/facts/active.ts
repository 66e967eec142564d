/** What the rules on active data connections share. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { isInside, isPublic } from '../../wire/address-scope.js'

/** Channels opened by PORT, EPRT or LPRT in words that everybody can read. */
export function* activeChannels(session: Session): Generator<DataChannel> {
  for (const channel of session.channels) {
    if (channel.mode === 'active' && channel.announcement && channel.announcement.malformed === null) yield channel
  }
}

/** Announced an inside address to a server that sees the client elsewhere, or that is itself outside. */
export function announcesInsideToOutside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  if (announced === null || !isInside(announced)) return false
  return announced !== session.client.address || isPublic(session.server.address)
}

/** Names neither the client nor an inside address, which would be the client's own behind its NAT. */
export function announcesThirdHost(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== session.client.address && !isInside(announced)
}

/** Ports below this one are services': no client listens there for data (RFC 2577 §3). */
export const PRIVILEGED_PORTS = 1024

/** Announced a port of some service: a bounce rather than a client with several addresses. */
export function namesServicePort(channel: DataChannel): boolean {
  const port = channel.announcement?.port ?? null
  return port !== null && port > 0 && port < PRIVILEGED_PORTS
}
