import { Direction, opposite } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from '../digest/observation.js'
import type { Alignment } from './alignment.js'
import { pairInTime } from './pair-in-time.js'

/** What two packets must have in common to be the same; each level demands less than the one before. */
interface Level {
  identification?: true
  timestamps?: true
  acknowledgment?: true
  hash?: true
}

const LEVELS: readonly Level[] = [
  { identification: true, timestamps: true, acknowledgment: true, hash: true },
  // A device that rewrites identifications, timestamps, or removes SACK blocks.
  { timestamps: true, acknowledgment: true, hash: true },
  { identification: true, acknowledgment: true, hash: true },
  { identification: true, acknowledgment: true },
  { acknowledgment: true, hash: true },
  { acknowledgment: true },
  { hash: true },
]
/** FIN, SYN and RST make another packet of it; PSH, URG may be set by what merges segments. */
const ESSENTIAL = TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst
/** Both halves of a key stay exact as one double. */
const HALF = 0x100000

/** Pairs packets that are the same by their fields, the most alike first; repeats in the order of their times. */
export function pairByKeys(alignment: Alignment): void {
  // First those that admit no doubt: they show the delays by which the others are judged.
  const ignores = { ignoresPayload: ignoresPayload(alignment) }
  for (const level of LEVELS) pairLevel(alignment, { ...level, ...ignores }, true)
  for (const level of LEVELS) pairLevel(alignment, { ...level, ...ignores }, false)
}

type KeyLevel = Level & { ignoresPayload: boolean }

function pairLevel(alignment: Alignment, level: KeyLevel, onlyCertain: boolean): void {
  const { a, b, maps, ofA, ofB } = alignment
  const here = new Map<number, number[]>()
  collect(a, ofA, here, (row) => {
    const direction = a.log.direction(row)
    const sequence = maps[direction].there(a.log.sequence(row))
    const acknowledgment = maps[opposite(direction)].there(a.log.acknowledgment(row))
    return keyOf(a, row, sequence, acknowledgment, level)
  })
  if (here.size === 0) return
  const there = new Map<number, number[]>()
  collect(b, ofB, there, (row) => {
    const key = keyOf(b, row, b.log.sequence(row), b.log.acknowledgment(row), level)
    return here.has(key) ? key : -1
  })
  for (const [key, others] of there) {
    const rows = here.get(key)!
    if (rows.length === others.length)
      rows.forEach((row, at) => {
        alignment.pair(row, others[at]!)
      })
    else if (!onlyCertain) pairInTime(alignment, rows, others)
  }
}

function collect(
  { log }: Observation,
  partners: Int32Array,
  groups: Map<number, number[]>,
  key: (row: number) => number,
): void {
  for (let row = 0; row < log.size; row++) {
    if (partners[row]! >= 0 || log.isIcmp(row)) continue
    const found = key(row)
    if (found < 0) continue
    const group = groups.get(found)
    if (group) group.push(row)
    else groups.set(found, [row])
  }
}

/** Hashes say nothing where either place has snapped packets: the other one's are of more bytes. */
function ignoresPayload({ a, b }: Alignment): boolean {
  return [a.log, b.log].some((log) => {
    for (let row = 0; row < log.size; row++) if (log.isSnapped(row)) return true
    return false
  })
}

function keyOf({ log }: Observation, row: number, sequence: number, acknowledgment: number, level: KeyLevel): number {
  const flags = log.flags(row)
  const length = log.length(row)
  let low = Math.imul(sequence ^ 0x9e3779b1, 0x85ebca6b)
  const mix = (value: number): void => {
    low = Math.imul(low ^ (low >>> 15) ^ value, 0xc2b2ae35)
  }
  mix(length)
  mix((flags & (ESSENTIAL | TcpFlag.Ack)) | (log.direction(row) === Direction.FromInitiator ? 0 : 64))
  // A RST answers an acknowledgment and may have none.
  if (level.acknowledgment && flags & TcpFlag.Ack) mix(acknowledgment)
  else if (!level.acknowledgment && length === 0 && (flags & ESSENTIAL) === 0) return -1
  const isComparable = length === 0 || !level.ignoresPayload
  if (level.hash && isComparable) mix(log.hash(row))
  else if (length > 0 && isComparable) return -1
  if (level.identification) mix(log.identification(row))
  const high = Math.imul(low ^ (low >>> 13) ^ sequence, 0x27d4eb2f)
  if (level.timestamps) mix(log.timestamp(row))
  if (level.timestamps) mix(log.echo(row))
  return (low >>> 0) * HALF + (high >>> 12)
}
