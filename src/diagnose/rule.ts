import type { DataChannel, Session } from '../correlate/model.js'
import type { FindingId } from './finding-ids.js'
import type { Sign } from './facts/signs.js'

export type Severity = 'error' | 'warning' | 'info'
export type Confidence = 'high' | 'medium' | 'low'
/** Who has to act, or where the fault sits. */
export type Side = 'client' | 'client-network' | 'path' | 'server-network' | 'server' | 'unknown'

/** A frame, and what it shows. */
export interface Evidence {
  frame: number
  note: string
}

/** What a rule saw. Everything not given is taken from the rule. */
export interface Observation {
  confidence: Confidence
  /** What happened, with the session's own values, in one or two sentences. Starts with a capital, ends with a period. */
  message: string
  /** The first is the primary piece of evidence: a finding without one does not exist. */
  evidence: readonly [Evidence, ...Evidence[]]
  severity?: Severity
  side?: Side
  title?: string
  /** True where the user got what was wanted all the same: worth telling, but the outcome does not hang on it. */
  harmless?: boolean
  /** What to change, by the settings' real names; replaces the rule's. */
  remedy?: readonly string[]
  /** Other causes that the same packets allow. */
  rivals?: readonly FindingId[]
  /** The data channel concerned. */
  channel?: DataChannel
}

export interface RuleFacts {
  id: FindingId
  /** Few words, for tables; sentence case, no period. */
  title: string
  severity: Severity
  side: Side
  /** Why it matters: one paragraph. */
  explanation: string
  /** What to change when the session tells nothing more precise. */
  remedy: readonly string[]
  /** RFC sections and the like. */
  references: readonly string[]
  /** Findings that say less about the same data channel (or, without one, about the session): this one makes them redundant. */
  explains?: readonly FindingId[]
  /** Capture files below samples/: one that makes the rule report, one that looks alike and keeps it silent. */
  samples: { reports: string; silent: string }
}

/** A rule judges one session; one rule per file, named after its finding. */
export interface Rule extends RuleFacts {
  /** What a session has to show for this rule to have anything to say: it is not asked about others. */
  needs?: readonly Sign[]
  check(session: Session): Iterable<Observation>
}

/** An observation completed with its rule's facts. */
export interface Finding {
  id: FindingId
  severity: Severity
  confidence: Confidence
  title: string
  message: string
  side: Side
  evidence: readonly [Evidence, ...Evidence[]]
  remedy: readonly string[]
  references: readonly string[]
  rivals: readonly FindingId[]
  harmless: boolean
  channel: DataChannel | null
}

export function defineRule(rule: Rule): Rule {
  return rule
}
