import { OUTCOMES } from '../../diagnose/outcome.js'
import type { Outcome, SessionReport } from '../../report/contract.js'

/** A session on the timeline; `lane` counts from 0, so that no bar covers another. */
export interface Bar {
  id: number
  outcome: Outcome
  lane: number
  /** Shares of the whole period, 0 to 1. */
  from: number
  to: number
}

/** How many sessions were open in a part of the period, by outcome. */
export interface Bin {
  from: number
  to: number
  counts: Record<Outcome, number>
}

export interface Period {
  /** Epoch milliseconds. */
  start: number
  end: number
}

export function periodOf(sessions: readonly SessionReport[]): Period {
  let [start, end] = [Infinity, -Infinity]
  for (const session of sessions) {
    start = Math.min(start, Date.parse(session.start))
    end = Math.max(end, Date.parse(session.end))
  }
  return { start, end: Math.max(end, start + 1) }
}

/** Smallest share of the period that a bar takes, so that a short session can be seen and clicked. */
const NARROWEST = 0.006

/** Each session in the first lane that is free again; `null` when more than `lanes` would be needed. */
export function bars(sessions: readonly SessionReport[], { start, end }: Period, lanes: number): Bar[] | null {
  const free: number[] = []
  const list: Bar[] = []
  const share = (time: string): number => (Date.parse(time) - start) / (end - start)
  for (const session of [...sessions].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const from = Math.min(share(session.start), 1 - NARROWEST)
    const to = Math.max(share(session.end), from + NARROWEST)
    let lane = free.findIndex((until) => until <= from)
    if (lane < 0) lane = free.length
    if (lane >= lanes) return null
    free[lane] = to + NARROWEST / 4
    list.push({ id: session.id, outcome: session.verdict.outcome, lane, from, to })
  }
  return list
}

/** The period in `count` equal parts, with the sessions that were open in each. */
export function bins(sessions: readonly SessionReport[], { start, end }: Period, count: number): Bin[] {
  const width = (end - start) / count
  const list = Array.from({ length: count }, (_, at): Bin => ({
    from: start + at * width,
    to: start + (at + 1) * width,
    counts: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Bin['counts'],
  }))
  const index = (time: string): number =>
    Math.min(count - 1, Math.max(0, Math.floor((Date.parse(time) - start) / width)))
  for (const session of sessions) {
    for (let at = index(session.start), last = index(session.end); at <= last; at++) {
      list[at]!.counts[session.verdict.outcome]++
    }
  }
  return list
}
