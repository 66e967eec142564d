import type { Direction } from '../tcp/connection.js'
import type { Alignment } from './align/alignment.js'
import type { ClockRelation } from './clock/clock-bounds.js'
import type { Observation } from './digest/observation.js'
import type { Sign } from './twins/signs.js'

/** What one place of capture saw. */
export interface Place {
  observations: readonly Observation[]
  /** Time of its first and last packet, in nanoseconds of its own clock. */
  start: number
  end: number
  /** Its connections besides control connections, or other traffic, show that no filter left only those. */
  sawOtherTraffic: boolean
}

/** Connections that belong to one FTP session at one place, by stream number. */
export interface Kin {
  place: number
  control: number
  data: readonly number[]
}

/** What a packet shows that one place has, and a neighboring place has not, or differently. */
export type FateKind =
  /** It left one place and never reached the next. */
  | 'lost'
  /** It arrived as another. */
  | 'changed'
  /** The sender's side never sent it. */
  | 'injected'
  /** One capture has it, and the other cannot have it, or missed it. */
  | 'only-here'

/** Why a packet is in one capture only, although it may have passed both places. */
export type MissingReason =
  /** The other side received it, or sent it: the capture there missed it. */
  | 'not-captured'
  /** It passed before the other capture began, or after it ended. */
  | 'before-start'
  | 'after-end'
  /** The other capture has nothing but control connections. */
  | 'filtered'
  /** Other packets of the same connection were not captured there although they passed, so this one may be, too. */
  | 'unclear'

export interface Fate {
  kind: FateKind
  /** Index into the path's observations, and row of its log. */
  at: number
  row: number
  /** The neighboring observation, or -1 if that place saw nothing of the connection. */
  next: number
  /** The place of that observation. */
  nextPlace: number
  /** The row there; -1 for none. */
  there: number
  direction: Direction
  reason: MissingReason | null
  /** Of a changed one. */
  changes: Change[]
  /** Of a merged segment that was lost in part: the bytes that did not arrive; otherwise 0. */
  missing: number
  /** Something besides the missing packet proves it; false if only the absence speaks. */
  certain: boolean
}

/** What a device changed of a packet. */
export type ChangeKind =
  'payload' | 'mss' | 'options' | 'window' | 'acknowledgment' | 'hop-limit' | 'timestamps' | 'identification'

export interface Change {
  kind: ChangeKind
  before: number
  after: number
}

/** A change that holds for all packets of a direction, stated once. */
export interface SteadyChange {
  kind: 'address' | 'sequence-numbers' | 'mss' | 'options' | 'window' | 'timestamps' | 'identification'
  direction: Direction
  before: number
  after: number
  /** Packets that it was seen in; 0 for addresses. */
  count: number
  /** Row at the first of both observations. */
  row: number
}

/** Time from one place to the next, beyond the clocks' uncertainty, in nanoseconds. */
export interface Delay {
  direction: Direction
  least: number
  median: number
  most: number
  /** `null` where the clocks are not comparable. */
  uncertainty: number | null
}

/** Two neighboring places of a path. */
export interface Hop {
  /** `null` if one of them saw nothing of the connection, or the dialogue was relayed. */
  alignment: Alignment | null
  /** Routers between, by the hop limit of each direction; `null` where unknown. */
  routers: [number | null, number | null]
  steady: SteadyChange[]
  delays: Delay[]
  /** Packets that arrived in each direction, changed or not. */
  arrived: [number, number]
}

/** One connection as several places saw it, from the initiator's side to the responder's. */
export interface Path {
  observations: Observation[]
  signs: Sign[]
  /** Between observations, one fewer than these. */
  hops: Hop[]
  fates: Fate[]
  /** A device ended the connection, and opened another for the same dialogue, between these two observations. */
  relayedAfter: number | null
  /** Places on the way that saw nothing of it: next to the first, and to the last observation. */
  absent: { place: number; beyond: 'initiator' | 'responder' }[]
}

/** Relation of the clocks of two places. */
export interface PlaceClocks {
  first: number
  second: number
  relation: ClockRelation
}

/** All connections of several places. */
export interface JoinedPaths {
  paths: Path[]
  /** Observations without a twin. */
  alone: Observation[]
  clocks: PlaceClocks[]
}
