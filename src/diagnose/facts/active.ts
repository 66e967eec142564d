/** What the rules on active data connections share. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { isInside } from '../../wire/address-scope.js'

/** Channels opened by a well-formed PORT, EPRT or LPRT. */
export function* activeChannels(session: Session): Generator<DataChannel> {
  for (const channel of session.channels) {
    if (channel.mode === 'active' && channel.announcement && channel.announcement.malformed === null) yield channel
  }
}

/** Names neither the client nor a private address, which would be the client's own behind its NAT. */
export function announcesThirdHost(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== session.client.address && !isInside(announced)
}

/** Ports below this one belong to services: no client listens for data there (RFC 2577 §3). */
export const PRIVILEGED_PORTS = 1024

/** Announced the port of a service: a bounce attack rather than a client with several addresses. */
export function namesServicePort(channel: DataChannel): boolean {
  const port = channel.announcement?.port ?? null
  return port !== null && port > 0 && port < PRIVILEGED_PORTS
}
