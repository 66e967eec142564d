import type { FileFrame } from '../capture/frame-finder.js'
import type { Observation } from '../paths/digest/observation.js'
import type { Fate, Path } from '../paths/model.js'
import type { DataChannel, Session } from './model.js'

/** Where a place is on the path, as far as its own packets and its neighbors show. */
export type PlaceAt = 'client' | 'server' | 'middle' | 'unknown'

/** One place of capture that saw a session, or lies on its way. */
export interface SessionPlace {
  /** Its number among the places of the input, from 0: `Observation.place`. */
  place: number
  /** How the place is called: its file, or the first of them. */
  file: string
  /** The session as this place saw it; `null` if it saw no control connection, or did not take it for FTP. */
  session: Session | null
}

/** One connection of the session as the places saw it. */
export interface ConnectionPath {
  path: Path
  /** Index into `places` of each observation of `path`, in its order: from the initiator to the responder. */
  slots: readonly number[]
  /** The data channel at the first place that saw the connection; `null` for the control connection. */
  channel: DataChannel | null
  /** The FTP server opened it, or who did is unknown and the responder is the client. */
  isTurned: boolean
}

/** A packet as one place saw it. */
export interface PathPacket {
  connection: ConnectionPath
  /** Index into the observations of its path, and row of that log. */
  at: number
  row: number
}

/**
 * What several places of capture show of one session, the same for each of its sessions. Frames are those of the whole
 * input. Times are those of the place that saw the packet.
 */
export interface SessionPath {
  /** 1-based. */
  id: number
  /** From the client's side to the server's. */
  places: readonly SessionPlace[]
  control: ConnectionPath
  /** Its data connections, in the order of their first packets, also those that one place only saw. */
  data: readonly ConnectionPath[]
  /**
   * Connections of the same hosts that one place saw from their middle only, and that are no twins of others: a
   * translator that forgets a mapping makes them.
   */
  strays: readonly Observation[]
  /**
   * What a place took for sessions of their own, and are the rest of this one: the control connection after a
   * translator had given it another port.
   */
  continued: readonly Session[]
  /** Files of places that the input has and that saw no TCP connection at all, so that nothing shows where they are. */
  emptyPlaces: readonly string[]
  /** The packet of a frame; `null` if it is of none of its connections. */
  packet(frame: number): PathPacket | null
  /** What became of a packet; empty for one that simply arrived. */
  fatesOf(packet: PathPacket): readonly Fate[]
  /** Whether anything passed from one place to another, or back, after a time by the clock of the first. */
  passedAfter(time: number, place: number, other: number): boolean
  /** The file of a frame, and its number there. */
  file(frame: number): FileFrame
}
