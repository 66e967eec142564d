import { addressLength, mayName, tupleIn } from '../ftp/inference/announced-tuple.js'
import { inferredDialogue } from '../ftp/inference/inferred-dialogue.js'
import type { Inference } from '../ftp/inference/model.js'
import type { Announcement, Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import { buildChannels } from './channels.js'
import type { ContentOf } from './content/data-content.js'
import { type Answer, Fit } from './fit.js'
import type { DataChannel, Inferred, Session } from './model.js'
import { inferHidden } from './hidden-dialogue.js'

/** What is inferred of a session under TLS; `null` where nothing is hidden, or nothing is likely. */
export function inferSession(
  session: Session,
  elsewhere: readonly Connection[],
  contentOf: ContentOf,
): Inferred | null {
  const inference = inferHidden(session.control, session.dialogue, session.channels, elsewhere)
  if (!inference?.records.some(({ claimed }) => claimed)) return null
  const dialogue = inferredDialogue(session.dialogue, inference)
  const hidden = session.channels.flatMap(({ announcement, connection }) =>
    announcement === null && connection ? [connection] : [],
  )
  const answers = answersTo(dialogue, session, inference, new Answering(session.control, hidden, elsewhere))
  const taken = new Set([...answers.values()].flatMap((each) => each.map(({ connection }) => connection)))
  const rest = hidden.filter((connection) => !taken.has(connection))
  const announced = session.channels.filter(({ announcement, connection }) => announcement !== null || !connection)
  const channels = mergedChannels(announced, buildChannels(session.control, dialogue, answers, rest, contentOf))
  return { inference, session: { ...session, dialogue, channels, inferred: null } }
}

/** The data connections that answer inferred announcements: the first before the next one. */
class Answering {
  readonly #control: Connection
  readonly #free: Connection[]
  readonly #elsewhere: Connection[]

  constructor(control: Connection, hidden: readonly Connection[], elsewhere: readonly Connection[]) {
    this.#control = control
    this.#free = [...hidden]
    this.#elsewhere = [...elsewhere]
  }

  /** Completes an announcement by what its connection and its length tell. */
  answer(announcement: Announcement, next: number, tuple: number | null): Answer[] {
    const passive = announcement.mode === 'passive'
    const [initiator, listener] = passive
      ? [this.#control.initiator, this.#control.responder]
      : [this.#control.responder, this.#control.initiator]
    const isTimely = ({ first, initiator: { address } }: Connection) =>
      address === initiator.address && first.time >= announcement.time && first.time < next
    const own = take(this.#free, isTimely)
    const named = ({ responder: { address, port } }: Connection) => tuple !== null && mayName(tuple, address, port)
    const other =
      own || announcement.verb !== 'PASV' ? null : take(this.#elsewhere, (each) => isTimely(each) && named(each))
    const connection = own ?? other
    announcement.port = connection?.responder.port ?? null
    if (other) announcement.address = other.responder.address
    else if (tuple !== null && mayName(tuple, listener.address, announcement.port))
      announcement.address = listener.address
    else if (tuple !== null && !listener.address.includes(':'))
      announcement.foreignAddress = addressLength(tuple, announcement.port)
    return connection ? [{ connection, fit: Fit.Exact }] : []
  }
}

function take(list: Connection[], wanted: (connection: Connection) => boolean): Connection | null {
  const at = list.findIndex(wanted)
  return at < 0 ? null : list.splice(at, 1)[0]!
}

function answersTo(
  dialogue: Dialogue,
  { channels }: Session,
  inference: Inference,
  answering: Answering,
): Map<Announcement, Answer[]> {
  const answers = new Map<Announcement, Answer[]>()
  for (const { announcement, connection } of channels)
    if (announcement && connection) answers.set(announcement, [{ connection, fit: Fit.Exact }])
  const tuples = new Map(inference.records.map((record) => [record.frame, tupleIn(record)]))
  for (const [index, announcement] of dialogue.announcements.entries()) {
    if (!announcement.exchange.encrypted || !announcement.accepted) continue
    const next = dialogue.announcements[index + 1]?.exchange.time ?? Infinity
    const found = answering.answer(announcement, next, tuples.get(announcement.frame) ?? null)
    if (found.length > 0) answers.set(announcement, found)
  }
  return answers
}

/** Channels that were announced in clear text stay as they are. */
function mergedChannels(known: readonly DataChannel[], inferred: readonly DataChannel[]): DataChannel[] {
  const others = inferred.filter(({ announcement }) => announcement === null || announcement.exchange.encrypted)
  const channels = [...known, ...others.filter((channel) => !known.includes(channel))]
  return channels.map((channel, index) => ({ ...channel, id: index + 1 }))
}
