import type { Inference } from '../ftp/inference/model.js'
import type { Announcement, AnnouncementVerb, Dialogue, PlaceInSegment, TransferCommand } from '../ftp/model.js'
import type { Connection, Endpoint } from '../tcp/connection.js'
import type { TlsFacts } from '../tls/tls-facts.js'
import type { DataContent } from './content/data-content.js'
import type { DataHead } from './data-head.js'

/** How a data connection was recognized as the announced one. */
export type Match =
  /** It goes to the announced address and port (EPSV: to the control peer's). */
  | 'announced'
  /** Same port, but an address translator changed the address between announcement and connection. */
  | 'translated'
  /** Same port, but to the control peer's address: the initiator ignored the announced one. */
  | 'control-address'
  /** Nothing readable connects the two: same hosts, during the session (hidden by TLS), or default data port. */
  | 'none'

export type ChannelState =
  'established' | 'refused' | 'unanswered' | 'unreachable' | 'not-attempted' | 'rejected' | 'closed-early'

export type TransferOutcome = 'completed' | 'incomplete' | 'aborted' | 'refused' | 'failed' | 'unknown'

/** A transfer command with the result that its data connection and replies show. */
export interface Transfer {
  command: TransferCommand
  /**
   * Payload bytes seen in the transfer's direction, `null` without a data connection. Under TLS those of the content if
   * it was decrypted, else those on the wire.
   */
  bytes: number | null
  /** `bytes` are of TLS records that were not decrypted: more than the file has. */
  hidden: boolean
  /** `bytes` are of content that was decrypted. */
  decrypted: boolean
  missingBytes: number
  durationMs: number | null
  /** From the command to the first byte of its payload; `null` where none was seen. */
  firstByteMs: number | null
  bytesPerSecond: number | null
  outcome: TransferOutcome
}

/** One announcement, or one transfer command that never got one, and the data connection that followed. */
export interface DataChannel {
  /** 1-based within the session. */
  id: number
  announcement: Announcement | null
  mode: 'active' | 'passive'
  /** Who should connect, and where to: the address in force (EPSV: the control peer's). Port `null` where unknown. */
  from: { address: string; port: number | null }
  to: { address: string | null; port: number | null }
  state: ChannelState
  match: Match
  connection: Connection | null
  /** Connections to the same announced endpoint that came from a host that is neither end of the control connection. */
  fromOtherHosts: Connection[]
  /** What the first bytes of the connection show; `null` without a connection. */
  head: DataHead | null
  /** What its TLS shows, with or without keys; `null` if none was seen. */
  tls: Readonly<TlsFacts> | null
  /** What was decrypted of it; `null` if nothing was, or if it is in clear text. */
  content: DataContent | null
  transfer: Transfer | null
}

/** One control connection and all it caused: what the rules judge. */
export interface Session {
  /** 1-based, in the order in which the sessions opened. */
  id: number
  control: Connection
  /** The ends of the control connection, which the FTP client opens (RFC 959 §2.3). */
  client: Endpoint
  server: Endpoint
  dialogue: Dialogue
  /** What is known of the TLS of the control connection, with or without keys; `null` without TLS. */
  tls: Readonly<TlsFacts> | null
  channels: DataChannel[]
  /** What the lengths of records under TLS say, without keys; `null` where nothing is hidden. */
  inferred: Inferred | null
  /** The control connection was still open when the session was judged: the capture ended, or a cap was reached. */
  cutOff: boolean
  /** Time (ns) of the last frame of the input that was read when the session was judged. */
  judgedAt: number
  surroundings: Surroundings
  /** Announcements not at the start of a segment, or split over several: ALGs that read single segments miss them. */
  places: ReadonlyMap<Announcement, PlaceInSegment>
}

/** What TLS hides of a session, as the lengths of its records tell it. */
export interface Inferred {
  inference: Inference
  /** The session as it would be if that had been read. */
  session: Session
}

/** What else the capture shows: rules need it to distinguish what did not happen from what was not captured. */
export interface Surroundings {
  /** The whole input so far has a connection between the session's two hosts other than control connections. */
  otherConnectionsBetweenHosts: boolean
  /** Anything at all besides control connections was captured: other connections, ARP, UDP … */
  otherTraffic: boolean
  /** Earlier or simultaneous control connections of the same client to the same server. */
  sameHosts: SessionOfSameHosts[]
  /** Connections from the server to the client's port 113 (ident, RFC 1413) around the greeting. */
  ident: Connection[]
  /** A connection to the port on which the backdoor of vsftpd 2.3.4 listens, after a user name that opens it. */
  backdoorShell: Connection | null
  /** Share of the session's packets that were captured twice, 0 to 1. */
  duplicateShare: number
  /** The same control connection on the other side of a NAT, if both sides were captured. */
  sameSession: SameSession | null
  /** Third hosts of its data connections with which the same client has a control connection, too (FXP). */
  exchangePartners: string[]
  /** Passive ports that the client passed on to another server, whose session has the data connection (FXP). */
  exchanged: Exchanged[]
}

/** A passive announcement that the client repeated in PORT or EPRT to another server. */
export interface Exchanged {
  announcement: Announcement
  /** Address of the other server, and the frame of PORT or EPRT to it. */
  partner: string
  frame: number
}

/** A session's control connection seen elsewhere: same initial sequence numbers, other addresses. */
export interface SameSession {
  firstFrame: number
  client: Endpoint
  server: Endpoint
  announcements: (Pick<Announcement, 'verb' | 'address' | 'port'> & { frame: number; time: number })[]
}

/** Another control connection of the same two hosts, to detect connection limits and brute force. */
export interface SessionOfSameHosts {
  clientPort: number
  firstFrame: number
  start: number
  end: number | null
  answered: boolean
  /** TSval of the client's SYN, if both ends send timestamps as far as captured; -1 otherwise (RFC 7323 §3.2). */
  timestampValue: number
  /** Time of its last packet so far. */
  lastTime: number
  /** The server sent the first FIN, and remembers the connection in TIME-WAIT. */
  closedByServer: boolean
  rejectedLogins: { frame: number; time: number }[]
  /** Logins that were accepted: USER's argument, and the reply. */
  acceptedLogins: { frame: number; time: number; user: string }[]
  /** The latest passive data connections that were attempted. */
  passive: PassiveAttempt[]
}

/** A passive data connection of another session: the port that was announced, and whether it was established. */
export interface PassiveAttempt {
  verb: AnnouncementVerb
  port: number
  established: boolean
  frame: number
}
