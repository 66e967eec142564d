/** What the rules on passive data connections share. */
import type { DataChannel, Session } from '../correlate/model.js'
import type { Exchange } from '../ftp/model.js'
import { isPublic, scope } from '../wire/address-scope.js'
import {
  openRangeLine,
  passiveRangeOf,
  rulesCommand,
  seenText,
  serverHelperLine,
  present,
} from './firewall-remedies.js'
import { serverRemedy } from './settings/server-settings.js'

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

/** Remedy lines for a range of passive ports that is not open. */
export function openRangeRemedy(session: Session): string[] {
  const { low, high } = passiveRangeOf(session)
  return [
    `${serverRemedy(session.dialogue.serverSoftware, `a fixed range of passive ports, ${low} to ${high}`, (s) => s.passivePorts?.(low, high))}${seenText(session)}`,
    openRangeLine(session, session.control.server.address),
    ...present(serverHelperLine(session)),
    rulesCommand('server'),
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
