/** What the rules on passive data connections share. */
import type { DataChannel, Session } from '../../correlate/model.js'
import type { Exchange, Reply } from '../../ftp/model.js'
import { isNotImplemented } from '../../ftp/reply-codes.js'
import { saysLocalError, saysOops } from './server-words.js'

/** Channels opened by PASV, EPSV and the like for which the server sent a well-formed announcement. */
export function* passiveChannels(session: Session): Generator<DataChannel> {
  for (const channel of session.channels) {
    if (channel.mode === 'passive' && channel.announcement?.accepted && channel.announcement.malformed === null)
      yield channel
  }
}

/** The connection was established, whatever happened on it later. */
export function isEstablished(channel: DataChannel): boolean {
  return channel.state === 'established' || channel.state === 'closed-early'
}

/** A channel without a transfer is made good by any transfer. */
const ANY = ''

/** What a channel was for: its command and path. */
export function wishOf({ transfer }: DataChannel): string {
  return transfer ? JSON.stringify([transfer.command.command, transfer.command.path]) : ANY
}

/** Id of the last channel that completed a transfer, for each purpose and for any. */
export function completedLast(session: Session): ReadonlyMap<string, number> {
  const latest = new Map<string, number>()
  for (const channel of session.channels) {
    if (channel.transfer?.outcome !== 'completed') continue
    for (const wish of [ANY, wishOf(channel)]) latest.set(wish, Math.max(channel.id, latest.get(wish) ?? 0))
  }
  return latest
}

/** Queries about a file or directory that the server answered with 550, in order of time. */
export function refusedQuestions(session: Session): readonly Exchange[] {
  return session.dialogue.exchanges
    .filter(
      ({ command, replies }) =>
        command !== null && ['SIZE', 'MDTM', 'CWD'].includes(command) && replies.some((reply) => reply.code === 550),
    )
    .sort((a, b) => a.time - b.time)
}

/** Network protocol not supported (RFC 2428 §2). */
const OTHER_FAMILY = 522

/** The server does not support an announcing command; an error of its own, or its wish for PRET, is something else. */
export function isUnsupported(reply: Reply): boolean {
  const code = isNotImplemented(reply.code) || reply.code === OTHER_FAMILY
  return code && !saysLocalError(reply) && !saysOops(reply) && !/\bPRET\b/.test(reply.text)
}

/** Over IPv4, where PASV would do as well, EPSV is the only passive verb that the client tried. */
export function onlyExtendedTried({ control, channels }: Session): boolean {
  const isOther = ({ announcement, mode }: DataChannel) =>
    mode === 'passive' && announcement && announcement.verb !== 'EPSV'
  return control.version === 4 && !channels.some(isOther)
}

/** The server accepted some passive verb. */
export function acceptsPassive({ channels }: Session): boolean {
  return channels.some(({ mode, announcement }) => mode === 'passive' && announcement?.accepted)
}
