import type { Session } from '../../correlate/model.js'
import { Doubt, type DoubtfulSegment } from '../../tcp/doubt.js'
import { doubtsOf, MOST_DOUBTS } from '../../tcp/doubts.js'
import { dataConnectionsOf } from './capture-facts.js'

/** Frames of a session that another host than the one of their address may have sent, or that were not taken. */
export type Doubts = ReadonlyMap<number, DoubtfulSegment>

const NONE: Doubts = new Map()

export function doubtsIn(session: Session): Doubts {
  let all: Map<number, DoubtfulSegment> | null = null
  for (const connection of [session.control, ...dataConnectionsOf(session)]) {
    const { doubts, resets, resetsOutside, flows } = connection
    // A second RST confirms what a middlebox wanted; whether a lone one was taken nobody shows.
    const odd = resets.filter(({ direction, hopLimit }) => !flows[direction].marks.isUsual(hopLimit))
    const strange = odd.length === 1 ? odd[0]! : null
    if (doubts === null && resetsOutside === 0 && strange === null) continue
    all ??= new Map()
    for (const doubt of doubtsOf(connection)) all.set(doubt.frame, doubt)
    if (strange) {
      const { frame, direction, hopLimit } = strange
      all.set(frame, { frame, direction, why: Doubt.HopLimit, hopLimit })
    }
    for (const { frame, direction, outsideWindow } of resets)
      if (outsideWindow) all.set(frame, { frame, direction, why: Doubt.Window, hopLimit: 0 })
  }
  return all ?? NONE
}

/** Why a frame is doubtful, as a note beside what it shows. */
export function doubtWords(doubt: DoubtfulSegment): string {
  const { why, hopLimit } = doubt
  if (why & Doubt.Checksum) return 'with a wrong checksum, unlike the others of its sender'
  if (why & Doubt.HopLimit) return `with TTL ${hopLimit}, unlike the others of its sender`
  if (why & Doubt.Identification) return 'with an IP ID unlike the others of its sender'
  return why & Doubt.Window ? 'outside the window of its receiver' : 'sent twice, with different content'
}

/** More segments were doubtful than are named. */
export function hasMoreDoubts(session: Session): boolean {
  return [session.control, ...dataConnectionsOf(session)].some(({ doubts }) => doubts?.length === MOST_DOUBTS)
}
