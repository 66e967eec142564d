/** What the rules on passive data connections share. */
import type { DataChannel, Session } from '../../correlate/model.js'
import type { Exchange, TransferCommand } from '../../ftp/model.js'
import { isPublic, scope } from '../../wire/address-scope.js'
import {
  openRangeLine,
  passiveRangeOf,
  rulesCommand,
  seenText,
  serverHelperLine,
  present,
} from '../remedies/firewall-remedies.js'
import { perSession } from './per-session.js'
import { serverRemedy } from '../remedies/settings/server-settings.js'

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
  const { transfer } = channel
  const latest = latestCompleted(session).get(transfer ? wanted(transfer.command) : ANY)
  return latest !== undefined && latest > channel.id
}

const ANY = ''

function wanted({ command, path }: TransferCommand): string {
  return JSON.stringify([command, path])
}

/** The last channel that completed a transfer, of each command and path and of any. */
const latestCompleted = perSession((session) => {
  const latest = new Map<string, number>()
  for (const { id, transfer } of session.channels) {
    if (transfer?.outcome !== 'completed') continue
    for (const key of [ANY, wanted(transfer.command)]) latest.set(key, Math.max(id, latest.get(key) ?? 0))
  }
  return latest
})

/** An address that cannot be reached from elsewhere: RFC 1918, 6598, 3927, 4193, 4291. */
export function isInside(address: string): boolean {
  const kind = scope(address)
  return kind === 'private' || kind === 'cgnat' || kind === 'link-local' || kind === 'unique-local'
}

/** Announced an inside address although the control connection goes to another one. */
export function announcesForeignInside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && announced !== session.server.address && isInside(announced)
}

/** Announced an outside address although the control connection goes to an inside one. */
export function announcesOutsideFromInside(session: Session, channel: DataChannel): boolean {
  const announced = channel.announcement?.address ?? null
  return announced !== null && isPublic(announced) && isInside(session.server.address)
}

/** No client can dial it: unspecified, loopback, multicast, broadcast, or a port out of range. */
export function isUnusable(session: Session, channel: DataChannel): boolean {
  const { address = null, port = null } = channel.announcement ?? {}
  if (port !== null && (port < 1 || port > 65535)) return true
  if (address === null) return false
  const kind = scope(address)
  if (kind === 'loopback') return scope(session.server.address) !== 'loopback'
  return kind === 'unspecified' || kind === 'multicast' || kind === 'broadcast'
}

/** Remedy lines for a range of passive ports that is not open. */
export function openRangeRemedy(session: Session): string[] {
  const { low, high } = passiveRangeOf(session)
  return [
    `${serverRemedy(session.dialogue.serverSoftware, `a fixed range of passive ports, ${low} to ${high}`, (s) => s.passivePorts?.(low, high))}${seenText(session)}`,
    openRangeLine(session, session.server.address),
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
  const questions = refusedQuestions(session)
  let [from, to] = [0, questions.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (questions[middle]!.time < since) from = middle + 1
    else to = middle
  }
  return questions[from] ?? null
}

/** In order of time. */
const refusedQuestions = perSession((session) =>
  session.dialogue.exchanges
    .filter(
      ({ command, replies }) =>
        command !== null && ['SIZE', 'MDTM', 'CWD'].includes(command) && replies.some((reply) => reply.code === 550),
    )
    .sort((a, b) => a.time - b.time),
)
