/**
 * What `ftpscope compare --format json` prints, `ftpscope-compare/1`: one value, from which the text is made as well.
 * Field names are fixed; more may be added. `compare-schema.json` in the folder above is its JSON Schema. Frames are
 * numbered within their files, so that each file can be opened at that place.
 */
import type { EndpointReport } from '../contract.js'

export const COMPARE_SCHEMA = 'ftpscope-compare/1'

export interface ComparisonReport {
  schema: typeof COMPARE_SCHEMA
  tool: { name: string; version: string }
  /** From the client's side to the server's, as far as the connections show it. */
  places: PlaceReport[]
  /** Of neighboring places. */
  clocks: ClockReport[]
  summary: CompareSummary
  /** In the order of their first packets. */
  paths: PathReport[]
  /** FTP connections that one place has and no other. */
  alone: AloneReport[]
  /** What memory's limits left out; empty if nothing. */
  limits: string[]
}

export interface PlaceReport {
  /** How the place is called: its file, or its first one. */
  name: string
  files: { path: string; name: string; frames: number }[]
  start: string | null
  end: string | null
  /** TCP connections, and those of them that belong to FTP sessions by the place's own packets. */
  connections: number
  ftpConnections: number
}

/** How far the clock of one place is ahead of another's. */
export interface ClockReport {
  /** Indices of the places. */
  from: number
  to: number
  /** At the middle of the time in which packets passed both. */
  offsetMs: number
  /** Half the width of what causality allows; `null` if packets passed in one direction only. */
  uncertaintyMs: number | null
  /** `null` where the packets do not show it. */
  driftPpm: number | null
  driftUncertaintyPpm: number | null
  /** False if no steady clocks explain the packets. */
  consistent: boolean
  /** Packets that passed both, by direction. */
  packets: { forward: number; backward: number }
}

export interface FateCounts {
  arrived: number
  lost: number
  changed: number
  injected: number
  onlyHere: number
}

export interface CompareSummary {
  /** Connections that several places saw, whether listed or not. */
  joined: number
  /** Of the listed ones. */
  listed: number
  fates: FateCounts
}

export interface PathReport {
  id: number
  kind: 'control' | 'data' | 'other'
  /** A data connection that the server opened. */
  active: boolean
  /** Ids of the session in the analyses of each file, from the client's side to the server's. */
  sessions: number[]
  /** What is the same at the places, and so shows that they saw one connection; the surest first. */
  signs: string[]
  places: PathPlaceReport[]
  hops: HopReport[]
  counts: FateCounts
  fates: FateReport[]
  /** Fates beyond those that are listed. */
  fatesLeftOut: number
  /** The packets that a ladder shows: the handshake, those that did not simply arrive, and what was around them. */
  packets: FlightReport[]
  /** Places that have nothing of the connection, although no packets show that they are on its way. */
  unseenAt: string[]
  /** One sentence. */
  verdict: string
}

export interface PathPlaceReport {
  /** Index of the place. */
  place: number
  file: string
  /** Where the place is, by its own packets. */
  at: 'client' | 'server' | 'middle' | 'unknown'
  session: number | null
  /** `null` for a place that saw nothing of the connection. */
  tcpStream: number | null
  client: EndpointReport | null
  server: EndpointReport | null
  firstFrame: number | null
  packets: number
  /** Against the first place of the path. */
  clockOffsetMs: number | null
  clockUncertaintyMs: number | null
}

/** What lies between two neighboring places. */
export interface HopReport {
  /** Routers by the hop limits of the packets, in each direction; `null` where unknown. */
  routers: { toServer: number | null; toClient: number | null }
  /** What is changed of all packets, each in words: addresses, sequence numbers, MSS, options. */
  changes: string[]
  /** `null` where the clocks cannot be compared. */
  delays: { toServer: DelayReport | null; toClient: DelayReport | null }
  /** A device ended the connection here, and opened another one for the same dialogue. */
  relayed: boolean
}

export interface DelayReport {
  minMs: number
  medianMs: number
  maxMs: number
  uncertaintyMs: number | null
}

/** A packet on its way past the places. */
export interface FlightReport {
  /** Since the first packet of the connection, by the clock of the path's first place. */
  timeMs: number
  sender: 'client' | 'server' | 'network'
  /** To the client's side, or to the server's. */
  toward: 'client' | 'server'
  /** By place of the path; `null` where it was not seen. */
  frames: (number | null)[]
  packet: string
  /** Other spellings: after which place, in the order of the path, and what it then was. */
  became: { after: number; packet: string }[]
  /** How it ends beyond the last place that saw it, and begins before the first one. */
  end: 'arrived' | 'lost' | 'unknown'
  start: 'sent' | 'injected' | 'unknown'
  /** Packets between the one before and this one that are not listed. */
  skipped: number
}

export interface FateReport {
  kind: 'lost' | 'changed' | 'injected' | 'only-here'
  frame: number
  file: string
  time: string
  /** Index into the path's places. */
  place: number
  /** The neighboring place that has it not, or otherwise. */
  next: number
  /** The same packet there. */
  there: number | null
  thereFile: string | null
  sender: 'client' | 'server' | 'network'
  /** The packet in a few words: `SYN`, `227 Entering Passive Mode …`, `1,448 bytes`. */
  packet: string
  /** Why one place has it only, although it may have passed both; `null` for the others. */
  reason: 'not-captured' | 'before-start' | 'after-end' | 'filtered' | 'unclear' | null
  /** One sentence. */
  what: string
}

export interface AloneReport {
  place: number
  file: string
  session: number
  kind: 'control' | 'data'
  tcpStream: number
  client: EndpointReport
  server: EndpointReport
  firstFrame: number
  packets: number
}
