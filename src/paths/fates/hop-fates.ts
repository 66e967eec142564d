import type { Direction } from '../../tcp/connection.js'
import type { Alignment } from '../align/alignment.js'
import { median } from '../digest/rows.js'
import type { Delay, Fate, Hop, SteadyChange } from '../model.js'
import { changesOf } from './changes.js'
import { bothWays, type OneWay } from './one-way.js'
import { type Coverage, OneSided } from './one-sided.js'

/** Clocks of the two places of a hop. */
export interface HopClocks {
  /** Time at `b` for a time at `a`, without delay; `null` if unknown. */
  toB: ((time: number) => number) | null
  toA: ((time: number) => number) | null
  uncertainty: number | null
  /** When each place captured. */
  a: { start: number; end: number }
  b: { start: number; end: number }
}

/** What became of the packets between two neighboring places; `at` is the index of the first observation. */
export function hopFates(alignment: Alignment, at: number, clocks: HopClocks): { hop: Hop; fates: Fate[] } {
  const hop: Hop = { alignment, routers: [null, null], steady: mappings(alignment), delays: [], arrived: [0, 0] }
  const fates: Fate[] = []
  for (const way of bothWays(alignment)) {
    const { direction } = way
    const [upAt, downAt] = direction === 0 ? [at, at + 1] : [at + 1, at]
    const rewritten = new Set(alignment.rewritings.map(({ row, there }) => (direction === 0 ? row : there)))
    const changes = changesOf(way, onlyOf(way, rewritten))
    hop.routers[direction] = changes.routers
    hop.steady.push(...changes.steady)
    const delay = delayOf(way, direction === 0 ? clocks.toB : clocks.toA, clocks.uncertainty)
    if (delay) hop.delays.push(delay)
    const oneSided = new OneSided(way)
    const coverage = coverageOf(way, clocks, delay)
    const fate = (part: Pick<Fate, 'kind' | 'at' | 'row' | 'next'> & Partial<Fate>): void => {
      const nextPlace = part.next === at ? alignment.a.place : alignment.b.place
      fates.push({ there: -1, direction, reason: null, changes: [], missing: 0, certain: true, nextPlace, ...part })
    }
    for (let row = 0; row < way.up.log.size; row++) {
      if (way.up.log.direction(row) !== direction) continue
      const there = way.partnersOfUp[row]!
      if (there < 0) fate({ ...oneSided.notArrived(row, coverage.down), at: upAt, row, next: downAt })
      else {
        hop.arrived[direction]++
        const missing = way.missingOfUp.get(row) ?? 0
        const changed = changes.byRow.get(row)
        if (missing > 0) fate({ kind: 'lost', at: upAt, row, next: downAt, there, missing })
        else if (changed) fate({ kind: 'changed', at: upAt, row, next: downAt, there, changes: changed })
      }
    }
    for (let row = 0; row < way.down.log.size; row++) {
      if (way.down.log.direction(row) !== direction || way.partnersOfDown[row]! >= 0) continue
      fate({ ...oneSided.notSent(row, coverage.up), at: downAt, row, next: upAt })
    }
  }
  return { hop, fates: withDoubt(answeredByDevice(fates, alignment, at)) }
}

/** Rows of a direction among those that were rewritten. */
function onlyOf({ up, direction, partnersOfUp }: OneWay, rows: ReadonlySet<number>): Set<number> {
  const { log } = up
  return new Set(
    [...rows].filter((row) => row < log.size && log.direction(row) === direction && partnersOfUp[row]! >= 0),
  )
}

/** How soon a firewall rejects what it does not let through. */
const REJECTED_WITHIN_NS = 1e9

/**
 * A packet that a firewall answered in the host's name did not reach the host, even if the capture there has nothing
 * that shows how long it went on.
 */
function answeredByDevice(fates: Fate[], { a, b }: Alignment, at: number): Fate[] {
  const logOf = (fate: Fate): Alignment['a']['log'] => (fate.at === at ? a : b).log
  const answers = fates.filter(({ kind }) => kind === 'injected')
  for (const fate of fates) {
    if (fate.reason !== 'after-end') continue
    const time = logOf(fate).time(fate.row)
    const isAnswered = answers.some((answer) => {
      const after = logOf(answer).time(answer.row) - time
      return answer.at === fate.at && answer.direction !== fate.direction && after >= 0 && after < REJECTED_WITHIN_NS
    })
    if (isAnswered) [fate.kind, fate.reason] = ['lost', null]
  }
  return fates
}

/**
 * Where a capture demonstrably missed packets that carry data, it may as well have missed acknowledgments, which
 * nothing confirms: these are not called lost, unless the network lost others.
 */
function withDoubt(fates: Fate[]): Fate[] {
  for (const direction of [0, 1] as Direction[]) {
    const same = fates.filter((fate) => fate.direction === direction && fate.missing === 0)
    const missed = same.filter(({ reason }) => reason === 'not-captured').length
    const lost = same.filter(({ kind }) => kind === 'lost')
    const proved = lost.filter((fate) => fate.certain).length
    // A capture that missed one packet in passing did not miss dozens of them.
    if (missed === 0 || proved >= missed || lost.length - proved > 2 * missed + 1) continue
    for (const fate of lost) if (!fate.certain) [fate.kind, fate.reason] = ['only-here', 'unclear']
  }
  return fates
}

function mappings({ a, b, maps }: Alignment): SteadyChange[] {
  const steady: SteadyChange[] = []
  for (const direction of [0, 1] as Direction[]) {
    const [from, to] = [a.sender(direction), b.sender(direction)]
    const base = { direction, before: 0, after: 0, count: 0, row: -1 }
    if (from.address !== to.address || from.port !== to.port) steady.push({ ...base, kind: 'address' })
    const shift = maps[direction].firstShift
    if (shift !== 0) steady.push({ ...base, kind: 'sequence-numbers', after: shift })
  }
  return steady
}

function delayOf(way: OneWay, clock: ((time: number) => number) | null, uncertainty: number | null): Delay | null {
  if (!clock) return null
  const { up, down, direction, partnersOfUp } = way
  const delays: number[] = []
  for (let row = 0; row < up.log.size; row++) {
    const there = partnersOfUp[row]!
    if (there < 0 || up.log.direction(row) !== direction) continue
    delays.push(down.log.time(there) - clock(up.log.time(row)))
  }
  if (delays.length === 0) return null
  const [least, most] = [Math.min(...extremes(delays)), Math.max(...extremes(delays))]
  return { direction, least, median: median(delays)!, most, uncertainty }
}

/** Two numbers: spreading a long list as arguments exceeds the engine's limit. */
function extremes(numbers: readonly number[]): [number, number] {
  return numbers.reduce<[number, number]>(
    ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
    [Infinity, -Infinity],
  )
}

/** For packets that one place has: when they should have passed the other one. */
function coverageOf(way: OneWay, clocks: HopClocks, delay: Delay | null): { down: Coverage; up: Coverage } {
  const isForth = way.direction === 0
  const [forth, back] = isForth ? [clocks.toB, clocks.toA] : [clocks.toA, clocks.toB]
  const [up, down] = isForth ? [clocks.a, clocks.b] : [clocks.b, clocks.a]
  const usual = Math.max(0, delay?.median ?? 0)
  return {
    down: { there: (time) => (forth ? forth(time) + usual : null), ...kept(way.down, down) },
    up: { there: (time) => (back ? back(time) - usual : null), ...kept(way.up, up) },
  }
}

/** When packets were kept: up to the memory's limit, if it was reached. */
function kept({ log }: OneWay['up'], { start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end: log.dropped > 0 && log.size > 0 ? Math.min(end, log.time(log.size - 1)) : end }
}
