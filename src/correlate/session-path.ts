import type { Fate, Path } from '../paths/model.js'
import type { DataChannel, Session } from './model.js'

/** Where a place is on the path, as far as its own packets and its neighbors show. */
export type PlaceAt = 'client' | 'server' | 'middle' | 'unknown'

/** One place of capture that saw a session, or lies on its way. */
export interface SessionPlace {
  /** How the place is called: its file, or the first of them. */
  file: string
  at: PlaceAt
  /** The session as this place saw it; `null` if it saw nothing of the control connection. */
  session: Session | null
}

/** One connection of the session as the places saw it. */
export interface ConnectionPath {
  path: Path
  /** Index into `places` of each observation of `path`, in its order: from the initiator to the responder. */
  slots: readonly number[]
  /** The data channel at the first place that saw the connection; `null` for the control connection. */
  channel: DataChannel | null
  /** What became of a packet, by its frame number in the input; empty for one that simply arrived. */
  fatesOf(frame: number): readonly Fate[]
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
}
