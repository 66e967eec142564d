/** What the rules on active data connections share. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { isInside } from '../../wire/address-scope.js'
import { privateAnnouncement } from './announced-address.js'

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

/** Servers that by default accept PORT and EPRT only with the address that they see as their peer's. */
const CHECKS_ADDRESS = /^(?:vsftpd|ProFTPD|Pure-FTPd|pyftpdlib|Microsoft FTP Service|wu-ftpd)\b/i
/** vsftpd, which may not name itself: "200 PORT command successful. Consider using PASV." */
const WORDS_OF_VSFTPD = /\bConsider using (?:PASV|EPSV)\b/

/**
 * The server accepted a private address that is the client's own here, although it accepts only that of its peer: a NAT
 * on the path had rewritten the announcement.
 */
export function wasRewritten(session: Session, channel: DataChannel): boolean {
  const { announcement } = channel
  if (!announcement?.accepted || !announcement.reply || privateAnnouncement(session, channel) !== 'own') return false
  const { serverSoftware } = session.dialogue
  return CHECKS_ADDRESS.test(serverSoftware ?? '') || WORDS_OF_VSFTPD.test(announcement.reply.text)
}
