/** Of the contract: sessions that several places saw. */
import type { FateCounts, FlightReport, HopReport } from './compare/contract.js'
import type { EndpointReport, VerdictReport } from './contract.js'

/** One session as several places saw it. */
export interface SessionPathReport {
  /** 1-based. */
  id: number
  /**
   * Ids of the session at each place that saw its control connection, from the client's side to the server's; then of
   * what the capture behind a translator has of it under another port.
   */
  sessions: number[]
  /** What is the same at the places, and so shows that they saw one session; the surest first. */
  signs: string[]
  /** From the client's side to the server's. */
  places: SessionPlaceReport[]
  /** Between neighboring places, as the control connection shows it; one fewer than places. */
  hops: HopReport[]
  counts: FateCounts
  /** Packets of all its connections that did not simply arrive, in the order of time. */
  fates: SessionFateReport[]
  /** Fates beyond those that are listed. */
  fatesLeftOut: number
  /** What a ladder with a column for each place shows, connection by connection, the control connection first. */
  connections: PathConnectionReport[]
  /** The same in each of its sessions. */
  verdict: VerdictReport
}

export interface SessionPlaceReport {
  /** How the place is called: its file, or the first of them. */
  file: string
  at: 'client' | 'server' | 'middle' | 'unknown'
  /** Id of the session there; `null` for a place that saw nothing of its control connection. */
  session: number | null
  client: EndpointReport | null
  server: EndpointReport | null
  /** Frame and stream of the control connection, counted in the whole input, and in that file. */
  firstFrame: number | null
  localFirstFrame: number | null
  tcpStream: number | null
  localTcpStream: number | null
  /** How far its clock is ahead of the first place's; `null` if the packets do not show it. */
  clockOffsetMs: number | null
  clockUncertaintyMs: number | null
}

export interface SessionFateReport {
  kind: 'lost' | 'changed' | 'injected' | 'only-here'
  /** Counted in the whole input, and in `file`. */
  frame: number
  file: string
  localFrame: number
  time: string
  /** Index into the path's places: where it is, and the neighbor that has it not, or otherwise. */
  place: number
  next: number
  /** The same packet at the neighbor; `null` if it is not there. */
  there: number | null
  thereFile: string | null
  localThere: number | null
  /** `id` of a data channel of the first session; `null` for the control connection. */
  dataChannel: number | null
  sender: 'client' | 'server' | 'network'
  /** The packet in a few words: `SYN`, `227 Entering Passive Mode …`, `1,448 bytes`. */
  packet: string
  /** Why one place has it only, although it may have passed both; `null` for the others. */
  reason: 'not-captured' | 'before-start' | 'after-end' | 'filtered' | 'unclear' | null
  /** One sentence. */
  what: string
}

/** A connection of a session, with the packets that a ladder shows. */
export interface PathConnectionReport {
  kind: 'control' | 'data'
  dataChannel: number | null
  /** By place; `null` where it was not seen. */
  tcpStreams: (number | null)[]
  packets: PathFlightReport[]
  /** One sentence. */
  verdict: string
}

/** Its `frames` are counted in the whole input. */
export interface PathFlightReport extends FlightReport {
  /** The same, counted in their files. */
  localFrames: (number | null)[]
}
