/** What became of the commands that ask for a data connection. */
import type { DataChannel, Session } from '../../correlate/model.js'
import type { AnnouncementVerb, Mode } from '../../ftp/model.js'
import { isEstablished } from './passive.js'

/** Verbs of announcements by what came of them; one verb may be in several. */
export interface TriedVerbs {
  /** The server replied 4yz or 5yz. */
  refused: ReadonlySet<AnnouncementVerb>
  /** Announced and accepted, and the data connection was never established. */
  failed: ReadonlySet<AnnouncementVerb>
  /** A data connection was established. */
  worked: ReadonlySet<AnnouncementVerb>
}

export function triedVerbs({ channels }: Session): TriedVerbs {
  const refused = new Set<AnnouncementVerb>()
  const failed = new Set<AnnouncementVerb>()
  const worked = new Set<AnnouncementVerb>()
  for (const channel of channels) {
    const { announcement } = channel
    if (!announcement) continue
    if (announcement.refused) refused.add(announcement.verb)
    else if (isEstablished(channel)) worked.add(announcement.verb)
    else if (hasFailed(channel)) failed.add(announcement.verb)
  }
  return { refused, failed, worked }
}

/** The client tried data connections of this mode in the session, and none was established. */
export function triedInVain({ channels }: Session, mode: Mode): boolean {
  let tried = false
  for (const channel of channels) {
    if (channel.mode !== mode || !channel.announcement) continue
    if (isEstablished(channel)) return false
    tried ||= channel.announcement.refused || hasFailed(channel)
  }
  return tried
}

/** A data connection of this mode was established in the session. */
export function worksInMode({ channels }: Session, mode: Mode): boolean {
  return channels.some((channel) => channel.mode === mode && isEstablished(channel))
}

function hasFailed({ state, transfer }: DataChannel): boolean {
  return state !== 'not-attempted' || transfer?.outcome === 'failed'
}
