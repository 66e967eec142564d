import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from '../digest/observation.js'
import { firstSyn } from '../digest/rows.js'

/** Packets with payload that are compared before two observations are taken for the same connection. */
const SAMPLED = 64

/** What distinguishes a connection among others, taken from its first packets. */
export interface Traits {
  observation: Observation
  /** Rows of the first packets with payload, without repetitions, and keys of what they carry. */
  sample: { row: number; key: number }[]
  /** First SYN by direction, -1 for none. */
  syns: [number, number]
  /** All SYNs, repeated ones included. */
  allSyns: number[]
}

export function traitsOf(observation: Observation): Traits {
  const { log } = observation
  const sample: Traits['sample'] = []
  const seen = new Set<number>()
  for (let row = 0; row < log.size && sample.length < SAMPLED; row++) {
    if (log.isIcmp(row) || log.length(row) === 0 || log.isSnapped(row)) continue
    const key = payloadKey(observation, row)
    const place = key ^ log.sequence(row)
    if (seen.has(place)) continue
    seen.add(place)
    sample.push({ row, key })
  }
  return {
    observation,
    sample,
    allSyns: synsOf(observation),
    syns: [firstSyn(observation, Direction.FromInitiator), firstSyn(observation, Direction.FromResponder)],
  }
}

/** Rows that are searched for SYNs, and SYNs that are taken. */
const HANDSHAKE = 64
const MOST_SYNS = 8

function synsOf({ log }: Observation): number[] {
  const found: number[] = []
  for (let row = 0; row < Math.min(log.size, HANDSHAKE) && found.length < MOST_SYNS; row++) {
    if (!log.isIcmp(row) && (log.flags(row) & TcpFlag.Syn) !== 0) found.push(row)
  }
  return found
}

/** 32 bits of what a packet carries, and which way. */
export function payloadKey({ log }: Observation, row: number): number {
  return Math.imul(log.hash(row) ^ Math.imul(log.length(row), 0x85ebca6b), 0xc2b2ae35) ^ (log.direction(row) << 31)
}

/** Both ends, whichever opened the connection. */
export function tupleOf({ initiator, responder }: Observation): string {
  const [a, b] = [`${initiator.address} ${initiator.port}`, `${responder.address} ${responder.port}`]
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
