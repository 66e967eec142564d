import type { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from './observation.js'
import type { SegmentLog } from './segment-log.js'

/** Difference of two sequence numbers, which wrap (RFC 9293 §3.4). */
export function distance(from: number, to: number): number {
  return (to - from) | 0
}

/** What a row takes of the sequence space: payload, SYN and FIN. */
export function sequenceLength(log: SegmentLog, row: number): number {
  const flags = log.flags(row)
  return log.length(row) + (flags & TcpFlag.Syn ? 1 : 0) + (flags & TcpFlag.Fin ? 1 : 0)
}

/** Sequence number after a row. */
export function endSequence(log: SegmentLog, row: number): number {
  return (log.sequence(row) + sequenceLength(log, row)) >>> 0
}

/** Row of the first SYN of a direction; -1 if none was captured. */
export function firstSyn({ log }: Observation, direction: Direction): number {
  // The handshake is at the start of what was captured of a connection.
  const last = Math.min(log.size, HANDSHAKE)
  for (let row = 0; row < last; row++) {
    if (!log.isIcmp(row) && log.direction(row) === direction && (log.flags(row) & TcpFlag.Syn) !== 0) return row
  }
  return -1
}

/** Rows among which a handshake is looked for. */
const HANDSHAKE = 256

/** The middle one of some numbers, `null` of none. */
export function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
