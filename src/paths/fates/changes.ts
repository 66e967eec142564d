import { TcpFlag } from '../../wire/packet.js'
import { OptionBit } from '../digest/options-digest.js'
import { median } from '../digest/rows.js'
import type { Change, ChangeKind, SteadyChange } from '../model.js'
import type { OneWay } from './one-way.js'

/** A change of most packets is a habit of the device and stated once. */
const MOST = 0.5
/** Options that hosts set by packet are compared where they are agreed on: in SYNs. */
const PER_PACKET = OptionBit.Sack | OptionBit.Cut

type Field = 'window' | 'timestamps' | 'identification' | 'options' | 'mss'

const FIELDS: readonly Field[] = ['mss', 'options', 'window', 'timestamps', 'identification']

/** What a direction's packets have become between two places. */
export interface ChangesOfWay {
  steady: SteadyChange[]
  /** By row of the sender's side: what only some packets show. */
  byRow: Map<number, Change[]>
  /** Usual difference of hop limits; `null` without packets. */
  routers: number | null
}

export function changesOf(way: OneWay, rewritten: ReadonlySet<number>): ChangesOfWay {
  const { up, down, direction, partnersOfUp, dividedUp } = way
  const pairs: [number, number][] = []
  const hops: number[] = []
  for (let row = 0; row < up.log.size; row++) {
    const there = partnersOfUp[row]!
    if (there < 0 || up.log.isIcmp(row) || up.log.direction(row) !== direction) continue
    hops.push(up.log.hopLimit(row) - down.log.hopLimit(there))
    if (dividedUp[row] === 0) pairs.push([row, there])
  }
  const routers = median(hops)
  const byRow = new Map<number, Change[]>()
  const note = (row: number, kind: ChangeKind, before: number, after: number): void => {
    const known = byRow.get(row)
    if (known) known.push({ kind, before, after })
    else byRow.set(row, [{ kind, before, after }])
  }
  for (const row of rewritten) {
    const there = partnersOfUp[row]!
    note(row, 'payload', up.log.length(row), down.log.length(there))
  }
  const steady: SteadyChange[] = []
  for (const field of FIELDS) {
    const relevant = pairs.filter(([row, there]) => isCompared(way, field, row, there))
    const changed = relevant.filter(([row, there]) => value(up.log, row, field) !== value(down.log, there, field))
    const [first] = changed
    if (!first) continue
    if (changed.length >= relevant.length * MOST) {
      const [before, after] = [value(up.log, first[0], field), value(down.log, first[1], field)]
      steady.push({ kind: field, direction, before, after, count: changed.length, row: first[0] })
    } else
      for (const [row, there] of changed) note(row, field, value(up.log, row, field), value(down.log, there, field))
  }
  for (const [row, there] of pairs) {
    const expected = way.acknowledgmentToDown(up.log.acknowledgment(row))
    const hasAcknowledgment = (up.log.flags(row) & TcpFlag.Ack) !== 0
    if (hasAcknowledgment && down.log.acknowledgment(there) !== expected) {
      note(row, 'acknowledgment', expected, down.log.acknowledgment(there))
    }
    const hop = up.log.hopLimit(row) - down.log.hopLimit(there)
    if (hop !== routers) note(row, 'hop-limit', up.log.hopLimit(row), down.log.hopLimit(there))
  }
  return { steady, byRow, routers }
}

function isCompared({ up, down }: OneWay, field: Field, row: number, there: number): boolean {
  const isSyn = (up.log.flags(row) & TcpFlag.Syn) !== 0
  switch (field) {
    case 'mss':
      return isSyn && up.log.maximumSegmentSize(row) > 0 && down.log.maximumSegmentSize(there) > 0
    case 'options':
      return ((up.log.options(row) | down.log.options(there)) & OptionBit.Cut) === 0
    case 'timestamps':
      return (up.log.options(row) & down.log.options(there) & OptionBit.Timestamps) !== 0
    case 'identification':
      return up.log.identification(row) !== 0 || down.log.identification(there) !== 0
    case 'window':
      return true
  }
}

function value(log: OneWay['up']['log'], row: number, field: Field): number {
  switch (field) {
    case 'mss':
      return log.maximumSegmentSize(row)
    case 'options':
      return log.options(row) & ~PER_PACKET
    case 'timestamps':
      return log.timestamp(row)
    case 'identification':
      return log.identification(row)
    case 'window':
      return log.window(row)
  }
}
