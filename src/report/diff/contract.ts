/**
 * What `ftpscope diff --format json` prints, `ftpscope-diff/1`: two runs of the same job, before and after a change.
 * Field names are fixed; more may be added. `diff-schema.json` in the folder above is its JSON Schema.
 */
import type { TransferOutcome } from '../../correlate/model.js'
import type { Severity } from '../../diagnose/rule.js'
import type { EndpointReport, Outcome, TransferCount } from '../contract.js'

export const DIFF_SCHEMA = 'ftpscope-diff/1'

export interface DiffReport {
  schema: typeof DIFF_SCHEMA
  tool: { name: string; version: string }
  before: RunReport
  after: RunReport
  summary: DiffSummary
  /** Each finding of either run once: those that went, came, and stayed; within these the most severe first. */
  findings: FindingChangeReport[]
  /** Sessions of the run before in their order, each with its counterpart; then those of the run after without one. */
  sessions: SessionChangeReport[]
}

export interface RunReport {
  files: string[]
  sessions: number
  outcomes: Record<Outcome, number>
  transfers: TransferCount
}

/**
 * What became of a session. `unclear`: one of the two runs cannot be judged. `gone` and `new` have no counterpart. A
 * session with the same outcome is `worse` if more transfers failed, `better` if fewer did.
 */
export const CHANGES = ['worse', 'gone', 'new', 'unclear', 'better', 'same'] as const
export type Change = (typeof CHANGES)[number]

export interface DiffSummary extends Record<Change, number> {
  /** True if something got worse: a session is `worse` or `gone`, or a `new` one failed. */
  isWorse: boolean
}

export interface FindingChangeReport {
  id: string
  title: string
  severity: Severity
  change: 'went' | 'came' | 'stayed'
  /** Number of sessions that have it; a finding on the capture as a whole counts as one. */
  before: number
  after: number
}

export interface SessionChangeReport {
  change: Change
  /** `null` if the run has no counterpart. */
  before: RunSessionReport | null
  after: RunSessionReport | null
  /** What is the same in both, and made them a pair; empty without a counterpart. */
  matchedBy: ('client' | 'server' | 'user' | 'dialogue' | 'transfers')[]
  /** Findings by what became of them. */
  findings: { went: FindingNameReport[]; came: FindingNameReport[]; stayed: FindingNameReport[] }
  /** Transfers in the order of the run before, then those of the run after only; the first 1,000. */
  transfers: TransferChangeReport[]
}

export interface FindingNameReport {
  id: string
  title: string
  severity: Severity
}

/** A session of one run. */
export interface RunSessionReport {
  id: number
  client: EndpointReport
  server: EndpointReport
  user: string | null
  start: string
  outcome: Outcome
  /** Finding id. */
  cause: string | null
  sentence: string
  transfers: TransferCount
  times: TimesReport
}

/** In milliseconds; `null` where the capture does not show it. */
export interface TimesReport {
  /** From the first packet to the reply that accepted the login. */
  loginMs: number | null
  /** From the command of the first transfer to the first byte of its data. */
  firstByteMs: number | null
  durationMs: number
  /** Of all transfers together, while they lasted. */
  bytesPerSecond: number | null
}

export interface TransferChangeReport {
  command: string
  path: string | null
  before: RunTransferReport | null
  after: RunTransferReport | null
}

export interface RunTransferReport {
  outcome: TransferOutcome
  bytes: number | null
  durationMs: number | null
  firstByteMs: number | null
  bytesPerSecond: number | null
}
