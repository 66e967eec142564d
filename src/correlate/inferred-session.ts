import { inferredDialogue } from '../ftp/inference/inferred-dialogue.js'
import type { Announcement, Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import { buildChannels } from './channels.js'
import { type Answer, Fit } from './fit.js'
import type { DataChannel, Inferred, Session } from './model.js'
import { inferHidden } from './hidden-dialogue.js'

/** What is inferred of a session under TLS; `null` where nothing is hidden, or nothing is likely. */
export function inferSession(session: Session): Inferred | null {
  const inference = inferHidden(session.control, session.dialogue, session.channels)
  if (!inference?.records.some(({ claimed }) => claimed)) return null
  const dialogue = inferredDialogue(session.dialogue, inference)
  const hidden = session.channels.flatMap(({ announcement, connection }) =>
    announcement === null && connection ? [connection] : [],
  )
  const answers = answersTo(dialogue, session, hidden)
  const taken = new Set([...answers.values()].flatMap((each) => each.map(({ connection }) => connection)))
  const rest = hidden.filter((connection) => !taken.has(connection))
  const announced = session.channels.filter(({ announcement, connection }) => announcement !== null || !connection)
  const channels = mergedChannels(announced, buildChannels(session.control, dialogue, answers, rest))
  return { inference, session: { ...session, dialogue, channels, inferred: null } }
}

/** Each announcement under TLS is answered by the first data connection before the next one. */
function answersTo(dialogue: Dialogue, { channels, control }: Session, hidden: readonly Connection[]) {
  const answers = new Map<Announcement, Answer[]>()
  for (const { announcement, connection } of channels)
    if (announcement && connection) answers.set(announcement, [{ connection, fit: Fit.Exact }])
  const free = [...hidden]
  for (const [index, announcement] of dialogue.announcements.entries()) {
    if (!announcement.exchange.encrypted || !announcement.accepted) continue
    const next = dialogue.announcements[index + 1]?.exchange.time ?? Infinity
    const initiator = announcement.mode === 'passive' ? control.initiator : control.responder
    const at = free.findIndex(
      ({ first, initiator: { address } }) =>
        address === initiator.address && first.time >= announcement.time && first.time < next,
    )
    if (at < 0) continue
    const [connection] = free.splice(at, 1)
    announcement.port = connection!.responder.port
    answers.set(announcement, [{ connection: connection!, fit: Fit.Exact }])
  }
  return answers
}

/** Channels that were announced in clear text stay as they are. */
function mergedChannels(known: readonly DataChannel[], inferred: readonly DataChannel[]): DataChannel[] {
  const others = inferred.filter(({ announcement }) => announcement === null || announcement.exchange.encrypted)
  const channels = [...known, ...others.filter((channel) => !known.includes(channel))]
  return channels.map((channel, index) => ({ ...channel, id: index + 1 }))
}
