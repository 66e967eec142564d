import type { DataChannel } from '../../correlate/model.js'
import type { ConnectionPath } from '../../correlate/session-path.js'
import type { Announcement } from '../../ftp/model.js'
import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import { isEstablished } from './passive.js'
import type { PathFacts } from './path-facts.js'

/** An announcement as a place saw it. */
export interface Seen {
  slot: number
  announcement: Announcement
}

/** An announcement that a device between two neighboring places wrote anew (RFC 2663 §2.9). */
export interface Translation {
  /** Towards the host that announces, and towards the one that is to connect. */
  before: Seen
  after: Seen
  /** The host that announces, as the control connection shows it at the place after the device. */
  announcer: string
  /** The data connection, if it was tried. */
  data: ConnectionPath | null
}

/** The first rewriting of a channel's announcement on its way; `null` if all places show the same, or it has worked. */
export function translationOf(channel: DataChannel, path: PathFacts): Translation | null {
  const { announcement, mode } = channel
  const journey = announcement && path.journey(announcement)
  if (!journey) return null
  const there = path.channelElsewhere(channel).map((each) => each.channel)
  const all = [channel, ...there]
  if (all.some(isEstablished)) return null
  const seen = journey.seen.flatMap((each) => {
    const found = path.announcementIn(each)
    return found ? [{ slot: each.slot, announcement: found }] : []
  })
  const at = seen.findIndex(({ announcement: own }, index) => {
    const next = seen[index + 1]?.announcement
    return next !== undefined && isOther(own, next)
  })
  if (at < 0) return null
  const [before, after] = [seen[at]!, seen[at + 1]!]
  const { client, server } = path.places[after.slot]!.session!
  const announcer = (mode === 'passive' ? server : client).address
  const data = path.path.data.find((each) => each.channel !== null && all.includes(each.channel)) ?? null
  return { before, after, announcer, data }
}

function isOther(one: Announcement, other: Announcement): boolean {
  // What a snap length cuts off is no change.
  if (one.cutPorts !== null || other.cutPorts !== null) return false
  return one.address !== other.address || one.port !== other.port || one.malformed !== other.malformed
}

/** What became of the SYN to the announced port, beyond the device that wrote the announcement. */
export type Arrival =
  /** It came out of the device, to that port. */
  | { kind: 'arrived'; port: number; frame: number }
  /** It entered the device, or what is beside it, and never left that. */
  | { kind: 'lost'; frame: number; certain: boolean; routers: number | null }

export function arrivalOf({ before, after, data }: Translation, path: PathFacts): Arrival | null {
  if (!data) return null
  const { observations, fates } = data.path
  const isNear = (slot: number): boolean => (before.slot < after.slot ? slot <= before.slot : slot >= before.slot)
  const beyond = observations.findIndex((_, at) => isNear(data.slots[at]!))
  if (beyond >= 0) {
    const { log, responder } = observations[beyond]!
    const row = synOf(log)
    return row < 0 ? null : { kind: 'arrived', port: responder.port, frame: log.frame(row) }
  }
  const lost = fates.find(
    (fate) =>
      fate.kind === 'lost' &&
      fate.direction === Direction.FromInitiator &&
      data.slots[fate.at] === after.slot &&
      path.nextSlot(fate, data) === before.slot,
  )
  if (!lost) return null
  const frame = observations[lost.at]!.log.frame(lost.row)
  return { kind: 'lost', frame, certain: lost.certain, routers: path.routersBetween(before.slot, after.slot) }
}

type Log = ConnectionPath['path']['observations'][number]['log']

function synOf(log: Log): number {
  for (let row = 0; row < log.size; row++)
    if (!log.isIcmp(row) && (log.flags(row) & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn) return row
  return -1
}
