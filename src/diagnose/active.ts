/** What the rules on active data connections share. */
import type { DataChannel, Session } from '../correlate/model.js'
import { isPublic } from '../wire/address-scope.js'
import { isInside } from './passive.js'
import { clientRemedy } from './software.js'

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
  return announced !== session.control.client.address || isPublic(session.control.server.address)
}

/** Names neither the client nor an inside address, which would be the client's own behind its NAT. */
export function announcesThirdHost(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== session.control.client.address && !isInside(announced)
}

/** Remedy lines for active mode that does not get through to the client. */
export function activeRemedy(session: Session): string[] {
  return [
    `passive mode: ${clientRemedy(session.dialogue.clientSoftware, (c) => c.passive)}`,
    `or on the client's firewall or NAT router: an FTP helper (Linux: nf_conntrack_ftp and nf_nat_ftp with a ct helper rule) that lets ${session.control.server.address} connect back; not possible under TLS`,
    `or ${clientRemedy(session.dialogue.clientSoftware, (c) => c.externalAddress)} with the outside address, and its ports forwarded to the client`,
  ]
}

/** Ports below this one are services': no client listens there for data (RFC 2577 §3). */
const PRIVILEGED_PORTS = 1024

/** Announced a port of some service: a bounce rather than a client with several addresses. */
export function namesServicePort(channel: DataChannel): boolean {
  const port = channel.announcement?.port ?? null
  return port !== null && port > 0 && port < PRIVILEGED_PORTS
}
