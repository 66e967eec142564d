import type { Packet } from '../wire/packet.js'
import type { Connection, Direction, Flow } from './connection.js'
import { Doubt, type DoubtfulSegment } from './doubt.js'

/** Segments that are named; from the next one on, all of a connection's are doubtful. */
export const MOST_DOUBTS = 64

/** Keeps in mind that a segment which was followed is doubtful. */
export function noteDoubt(connection: Connection, packet: Packet, direction: Direction, why: number): void {
  note(connection, { frame: packet.frame, direction, why, hopLimit: why & Doubt.HopLimit ? packet.hopLimit : 0 })
}

/** A segment has other bytes than an earlier one. Where it is unlike its sender's others, that is why. */
export function noteConflict(connection: Connection, direction: Direction, frame: number, earlier: number): void {
  if (connection.doubts?.some((doubt) => doubt.frame === frame)) return
  for (const each of [earlier, frame])
    if (each >= 0) note(connection, { frame: each, direction, why: Doubt.Conflict, hopLimit: 0 })
}

function note(connection: Connection, doubt: DoubtfulSegment): void {
  const { doubts } = connection
  if (doubts === null) connection.doubts = [doubt]
  else if (doubts.length < MOST_DOUBTS) doubts.push(doubt)
}

/**
 * Doubts that the rest of the connection confirms: a hop limit that came again is that of another path, and where most
 * checksums are wrong the capture has them before the network card completes them.
 */
export function doubtsOf({ doubts, flows }: Connection): DoubtfulSegment[] {
  if (doubts === null) return []
  return doubts.flatMap((doubt) => {
    const why = confirmed(doubt, flows[doubt.direction])
    return why === 0 ? [] : [{ ...doubt, why }]
  })
}

function confirmed({ why, hopLimit }: DoubtfulSegment, { marks }: Flow): number {
  let rest = why
  if (rest & Doubt.HopLimit && marks.isUsual(hopLimit)) rest &= ~Doubt.HopLimit
  if (rest & Doubt.Checksum && !marks.checksumsTell) rest &= ~Doubt.Checksum
  return rest
}
