/** What the rules on passive data connections share. */
import type { DataChannel, Session } from '../correlate/model.js'
import type { Exchange } from '../ftp/model.js'
import { isPublic, scope } from '../wire/address-scope.js'
import { serverRemedy } from './software.js'

/** Channels opened by PASV, EPSV and the like whose announcement the server gave and everybody can read. */
export function* passiveChannels(session: Session): Generator<DataChannel> {
  for (const channel of session.channels) {
    if (channel.mode === 'passive' && channel.announcement?.accepted && channel.announcement.malformed === null)
      yield channel
  }
}

/** The channel came about, whatever happened on it later. */
export function isEstablished(channel: DataChannel): boolean {
  return channel.state === 'established' || channel.state === 'closed-early'
}

/** A passive channel that has not come about. */
export function hasFailed(channel: DataChannel): boolean {
  return channel.state === 'unanswered' || channel.state === 'refused' || channel.state === 'unreachable'
}

/** A later attempt of the session brought what this channel was for. */
export function madeGood(session: Session, channel: DataChannel): boolean {
  const wanted = channel.transfer?.command
  return session.channels.some((later) => {
    if (later.id <= channel.id || !later.transfer || later.transfer.outcome !== 'completed') return false
    if (!wanted) return true
    return later.transfer.command.command === wanted.command && later.transfer.command.path === wanted.path
  })
}

/** An address that cannot be reached from elsewhere: RFC 1918, 6598, 3927, 4193, 4291. */
export function isInside(address: string): boolean {
  const kind = scope(address)
  return kind === 'private' || kind === 'cgnat' || kind === 'link-local' || kind === 'unique-local'
}

/** Announced an inside address although the control connection goes to another one. */
export function announcesForeignInside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== session.control.server.address && isInside(announced)
}

/** Announced an outside address although the control connection goes to an inside one. */
export function announcesOutsideFromInside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && isPublic(announced) && isInside(session.control.server.address)
}

/** No client can dial it: unspecified, loopback, multicast, broadcast, or a port out of range. */
export function isUnusable(session: Session, channel: DataChannel): boolean {
  const { address = null, port = null } = channel.announcement ?? {}
  if (port !== null && (port < 1 || port > 65535)) return true
  if (address === null) return false
  const kind = scope(address)
  if (kind === 'loopback') return scope(session.control.server.address) !== 'loopback'
  return kind === 'unspecified' || kind === 'multicast' || kind === 'broadcast'
}

/** Passive ports that the server announced in the session: the range to open as far as it was seen. */
function observedPorts(session: Session): { low: number; high: number; count: number } | null {
  const ports = [...passiveChannels(session)].flatMap((c) => (c.announcement?.port ? [c.announcement.port] : []))
  if (ports.length === 0) return null
  return { low: Math.min(...ports), high: Math.max(...ports), count: ports.length }
}

/** Remedy lines for a range of passive ports that is not open. */
export function openRangeRemedy(session: Session): string[] {
  const seen = observedPorts(session)
  const range = seen ? (seen.low === seen.high ? `${seen.low}` : `${seen.low} to ${seen.high}`) : 'not seen'
  return [
    `${serverRemedy(session.dialogue.serverSoftware, (s) => s.passivePorts('LOW', 'HIGH'))}; open or forward the same range to ${session.control.server.address} in every firewall and NAT before it (announced in this session: ${range})`,
    'or let the firewall read the control connection: nf_conntrack_ftp helper (Linux), ftp-proxy (pf), inspect ftp (Cisco ASA); not possible under TLS',
  ]
}

/**
 * The question after an announcement whose answer made the transfer pointless: SIZE, MDTM or CWD refused, as clients ask between
 * opening the data connection and using it.
 */
export function discouragedBy(session: Session, channel: DataChannel): Exchange | null {
  const since = channel.announcement?.time ?? Infinity
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.time < since || !exchange.command || !['SIZE', 'MDTM', 'CWD'].includes(exchange.command)) continue
    if (exchange.replies.some((reply) => reply.code === 550)) return exchange
  }
  return null
}
