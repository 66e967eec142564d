import type { CauseReport, Outcome, TransferCount } from '../contract.js'

export const TOP_SCHEMA = 'ftpscope-top/1'

/** What totals are grouped by. */
export const TOP_GROUPS = ['server', 'client', 'user', 'day'] as const
export type TopGroup = (typeof TOP_GROUPS)[number]

/** `ftpscope top --format json` */
export interface TopReport {
  schema: typeof TOP_SCHEMA
  tool: { name: string; version: string }
  /** Of all sessions together. */
  total: TopTotals
  /** Totals of each server (address and port), client (address), user and day, those with the most sessions first. */
  groups: Record<TopGroup, TopRow[]>
  /** Causes of sessions that did not work, the worst outcome first, among equals the most sessions. */
  causes: CauseReport[]
}

export interface TopRow extends TopTotals {
  /** `203.0.113.20:21`, `10.1.0.2`, `alice`, `2026-03-01`; `null` for sessions without a user. */
  key: string | null
}

export interface TopTotals {
  sessions: number
  outcomes: Record<Outcome, number>
  transfers: Pick<TransferCount, 'attempted' | 'completed' | 'failed'>
  /** Payload on data connections. */
  bytes: number
  /** From the first frame until the login is accepted, ms. */
  loginMs: Percentiles
  /** From a transfer command to its first byte, ms. */
  firstByteMs: Percentiles
  /** Of transfers that took time, bytes per second. */
  bytesPerSecond: Percentiles
}

/** Of `count` values; `null` without any. The 95th percentile is the smallest value that 95 % of all do not exceed. */
export interface Percentiles {
  count: number
  median: number | null
  p95: number | null
}
