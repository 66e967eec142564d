import { Direction, type Endpoint } from '../../tcp/connection.js'
import { OptionBit } from '../digest/options-digest.js'
import type { Commonness, ValueKind } from './commonness.js'
import type { Traits } from './traits.js'

/** A reason to take two observations for the same connection, or not to. */
export type SignKind =
  /** Both ends have the same addresses and ports. */
  | 'four-tuple'
  /** A part of them that translators leave alone. */
  | 'ports'
  /** Initial sequence number of the initiator, of the responder (RFC 9293 §3.4.1). */
  | 'initiator-isn'
  | 'responder-isn'
  /** Of packets with the same payload, where the handshake was not captured. */
  | 'sequence-numbers'
  /** TSval (RFC 7323 §3), identifications (RFC 791 §3.1), payload of corresponding packets. */
  | 'timestamps'
  | 'ip-id'
  | 'payload'
  /** The same intervals between packets with the same payload. */
  | 'intervals'

export interface Sign {
  kind: SignKind
  /** How much less likely it is between others, as a power of two; negative for a contradiction. */
  bits: number
}

/** Signs that have to come together before two observations are the same connection. */
export const ENOUGH = 32

const WHOLE_TUPLE = 24
const PART_OF_TUPLE = 10
const SEQUENCE = 20
const OTHER_SEQUENCE = -10
const EACH_TIMESTAMP = 8
const MOST_OF_TIMESTAMPS = 24
const OTHER_TIMESTAMPS = -12
const EACH_ID = 8
const MOST_OF_IDS = 24
const OTHER_IDS = -8
const EACH_PAYLOAD = 4
const MOST_OF_PAYLOAD = 16
const OTHER_PAYLOAD = -16
/** Shorter payload is alike by chance. */
const LEAST_PAYLOAD = 6
const INTERVALS = 12
const MANY_INTERVALS = 20
const FEW = 6
const MANY = 20
const LEAST_SPAN_NS = 5e8
const SAME_INTERVALS = 0.05

/** The value of a timestamp that scanners send. */
const NO_TIMESTAMPS = new Set([0, 0xffffffff])

/** Everything that speaks for or against two observations, of different places, being one connection. */
export function signsOf(a: Traits, b: Traits, common: readonly [Commonness, Commonness]): Sign[] {
  const pairs = samePayload(a, b)
  const [first, second] = [a.observation, b.observation]
  const tuple = tupleBits(a, b)
  const isWhole = tuple === WHOLE_TUPLE
  // A place may see both sides of a translator, and so each value twice.
  const allowed = isWhole || first.place === second.place ? 1 : 0
  const isShared = (kind: ValueKind, value: number): boolean =>
    common[0].of(kind, value, first) > allowed || common[1].of(kind, value, second) > allowed
  const signs: Sign[] = []
  const add = (kind: SignKind, bits: number): void => {
    if (bits !== 0) signs.push({ kind, bits })
  }
  if (isWhole) add('four-tuple', tuple)
  else if (!isShared('port', first.initiator.port)) add('ports', tuple)

  const [initiators, responders] = [isnsOf(a, b, Direction.FromInitiator), isnsOf(a, b, Direction.FromResponder)]
  const bothAnswered = responders !== null && responders[0] === responders[1] && responders[0] !== 0
  if (initiators) {
    const [isn, there] = initiators
    if (isn !== there) add('initiator-isn', OTHER_SEQUENCE)
    // A constant one, as of scanners, distinguishes nothing.
    else if (bothAnswered || !isShared('initiator-isn', isn)) add('initiator-isn', SEQUENCE)
  }
  if (responders) {
    const [isn, there] = responders
    if (isn !== there) add('responder-isn', OTHER_SEQUENCE)
    else if (isn !== 0 && !isShared('responder-isn', isn)) add('responder-isn', SEQUENCE)
  }
  if (!initiators || !responders) add('sequence-numbers', sequenceBits(a, b, pairs))
  add('timestamps', timestampBits(a, b, pairs, isShared))
  add('ip-id', identificationBits(a, b, pairs, isShared))
  add('payload', payloadBits(a, b, pairs))
  add('intervals', intervalBits(a, b, pairs))
  return signs
}

/** Initial sequence numbers of a direction at both places; `null` if one is unknown. */
function isnsOf(a: Traits, b: Traits, direction: Direction): [number, number] | null {
  const [isn, there] = [a.observation.initialSequences[direction], b.observation.initialSequences[direction]]
  return isn === null || there === null ? null : [isn, there]
}

export function bitsOf(signs: readonly Sign[]): number {
  return signs.reduce((sum, { bits }) => sum + bits, 0)
}

/** Whether the signs suffice: more than one of them, and together beyond chance. */
export function isEnough(signs: readonly Sign[]): boolean {
  return bitsOf(signs) >= ENOUGH && signs.filter(({ bits }) => bits > 0).length >= 2
}

function tupleBits({ observation: a }: Traits, { observation: b }: Traits): number {
  const initiator = isSame(a.initiator, b.initiator)
  const responder = isSame(a.responder, b.responder)
  if (initiator && responder) return WHOLE_TUPLE
  const ports = a.initiator.port === b.initiator.port && a.responder.port === b.responder.port
  return ports ? PART_OF_TUPLE : 0
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address
}

type Pair = readonly [number, number]

/** Rows of both samples that carry the same, in the same order. */
function samePayload(a: Traits, b: Traits): Pair[] {
  const places = new Map<number, number[]>()
  b.sample.forEach(({ key }, at) => {
    const known = places.get(key)
    if (known) known.push(at)
    else places.set(key, [at])
  })
  const pairs: Pair[] = []
  let after = -1
  for (const { row, key } of a.sample) {
    const at = places.get(key)?.find((each) => each > after)
    if (at === undefined) continue
    pairs.push([row, b.sample[at]!.row])
    after = at
  }
  return pairs
}

function sequenceBits(a: Traits, b: Traits, pairs: readonly Pair[]): number {
  const [first, second] = [a.observation.log, b.observation.log]
  const same = pairs.filter(([row, other]) => first.sequence(row) === second.sequence(other)).length
  return same === 0 ? 0 : same === 1 ? SEQUENCE : SEQUENCE + EACH_PAYLOAD * 2
}

/** A field of packets that correspond: how many values are the same, and how many packets could be compared. */
interface Compared {
  same: number
  compared: number
}

/**
 * Packets with the same payload correspond. SYNs do if any of them has the value: they are repeated with other ones,
 * and either place may have missed some.
 */
function compareField(
  a: Traits,
  b: Traits,
  pairs: readonly Pair[],
  valueOf: (traits: Traits, row: number) => number | null,
): Compared {
  const same = new Set<number>()
  let compared = 0
  const take = (value: number | null, others: readonly (number | null)[]): void => {
    if (value === null || others.every((other) => other === null)) return
    compared++
    if (others.includes(value)) same.add(value)
  }
  for (const syn of a.allSyns) {
    const direction = a.observation.log.direction(syn)
    const there = b.allSyns.filter((row) => b.observation.log.direction(row) === direction)
    take(
      valueOf(a, syn),
      there.map((row) => valueOf(b, row)),
    )
  }
  for (const [row, other] of pairs) take(valueOf(a, row), [valueOf(b, other)])
  return { same: same.size, compared }
}

type IsShared = (kind: 'syn-id' | 'syn-timestamp', value: number) => boolean

function timestampBits(a: Traits, b: Traits, pairs: readonly Pair[], isShared: IsShared): number {
  const { same, compared } = compareField(a, b, pairs, ({ observation: { log } }, row) => {
    const value = log.timestamp(row)
    const isNone = (log.options(row) & OptionBit.Timestamps) === 0 || NO_TIMESTAMPS.has(value)
    return isNone || isShared('syn-timestamp', value) ? null : value
  })
  // The value of a SYN has 32 bits and is often random; later ones count on from it.
  if (same > 0) return Math.min(MOST_OF_TIMESTAMPS, EACH_TIMESTAMP * (same + 1))
  return compared > 0 && !isRepeated(a) && !isRepeated(b) ? OTHER_TIMESTAMPS : 0
}

/** Of a SYN that was repeated, either place may have missed the first. */
function isRepeated({ allSyns }: Traits): boolean {
  return allSyns.length > 2
}

function identificationBits(a: Traits, b: Traits, pairs: readonly Pair[], isShared: IsShared): number {
  const { same, compared } = compareField(a, b, pairs, ({ observation: { log } }, row) => {
    const value = log.identification(row)
    return value === 0 || isShared('syn-id', value) ? null : value
  })
  if (same > 0) return Math.min(MOST_OF_IDS, EACH_ID * same)
  return compared > 2 ? OTHER_IDS : 0
}

function payloadBits(a: Traits, b: Traits, pairs: readonly Pair[]): number {
  const { log } = a.observation
  const kept = new Set(pairs.filter(([row]) => log.length(row) >= LEAST_PAYLOAD).map(([row]) => log.hash(row)))
  if (kept.size > 0) return Math.min(MOST_OF_PAYLOAD, EACH_PAYLOAD * kept.size)
  const isComplete = [a, b].every(({ observation, sample }) => observation.opened && sample.length > 1)
  return isComplete ? OTHER_PAYLOAD : 0
}

/** Whatever the clocks show: they run equally fast, so what passed both places came at the same intervals. */
function intervalBits(a: Traits, b: Traits, pairs: readonly Pair[]): number {
  if (pairs.length < FEW) return 0
  const [first, second] = [a.observation.log, b.observation.log]
  const times = pairs.map(([row]) => first.time(row))
  const span = Math.max(...times) - Math.min(...times)
  if (span < LEAST_SPAN_NS) return 0
  const shifts = pairs.map(([row, other]) => second.time(other) - first.time(row)).sort((x, y) => x - y)
  const tenth = Math.floor(shifts.length / 10)
  const spread = shifts[shifts.length - 1 - tenth]! - shifts[tenth]!
  return spread > span * SAME_INTERVALS ? 0 : pairs.length >= MANY ? MANY_INTERVALS : INTERVALS
}

/** Whether two observations could be the same with the ends the other way round. */
export function isReversed(a: Traits, b: Traits): boolean {
  const [first, second] = [a.observation, b.observation]
  return isSame(first.initiator, second.responder) && isSame(first.responder, second.initiator)
}
