import type { Announcement, PlaceInSegment } from '../ftp/model.js'
import type { ControlSession } from '../ftp/session.js'
import type { Connection } from '../tcp/connection.js'
import { type Ends, responderKey } from '../tcp/ends.js'
import type { Expectation } from './fit.js'
import type { HostPair } from './host-pairs.js'
import type { SessionOfSameHosts } from './model.js'

/** A session that is being read. */
export class OpenSession {
  /** In the order of opening; 0 while doubtful, or when it is not wanted. */
  id = 0
  readonly wanted: boolean
  readonly control: Connection
  readonly pair: HostPair<OpenSession>
  readonly clientId: number
  readonly serverId: number
  /** The server's address and port as one key. */
  readonly endpoint: number
  /** The last summary for other sessions of the same hosts; valid while no packet has come since. */
  summary: { of: SessionOfSameHosts; lastFrame: number } | null = null
  readonly expectations: Expectation[] = []
  /** Announcements that were split over segments, or came after other lines in theirs. */
  readonly places = new Map<Announcement, PlaceInSegment>()
  /** Connections of the same hosts that no announcement explains. */
  readonly unexplained: Connection[] = []
  /** Connections of the client to private addresses of third hosts, while TLS hides what the server announces. */
  readonly elsewhere: Connection[] = []
  /** Found by content and not yet certainly FTP. */
  doubtful: boolean
  /** Size of the dialogue when it was last counted. */
  kept = 0
  readonly #read: (session: OpenSession) => ControlSession
  #ftp: ControlSession | null = null

  constructor(of: {
    control: Connection
    ends: Ends
    pair: HostPair<OpenSession>
    wanted: boolean
    doubtful: boolean
    read: (session: OpenSession) => ControlSession
  }) {
    this.control = of.control
    this.pair = of.pair
    this.clientId = of.ends.initiator
    this.serverId = of.ends.responder
    this.endpoint = responderKey(of.ends)
    this.wanted = of.wanted
    this.doubtful = of.doubtful
    this.#read = of.read
  }

  /** Made when it is needed: most connections of a scan or a flood carry no payload. */
  get ftp(): ControlSession {
    return (this.#ftp ??= this.#read(this))
  }

  /** Any payload was captured on the control connection. */
  get hasDialogue(): boolean {
    return this.#ftp !== null
  }

  /** All its connections but the control connection. */
  dataConnections(): Connection[] {
    const all: Connection[] = []
    for (const { answers } of this.expectations) for (const { connection } of answers) all.push(connection)
    return all.concat(this.unexplained, this.elsewhere)
  }
}
