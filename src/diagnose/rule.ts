import type { DataChannel, Session } from '../correlate/model.js'
import type { FindingId } from './catalogue.js'
import type { Confidence } from './confidence.js'
import type { SessionFacts } from './facts/session-facts.js'
import type { Sign } from './facts/signs.js'
import type { Whereabouts } from './places/whereabouts.js'
import type { RemedyContext } from './remedies/remedy-context.js'
import type { Evidence } from './words/evidence.js'
import type { Shown } from './words/quote.js'

/** Worst first. */
export const SEVERITIES = ['error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]
/** Who has to act, or where the fault lies. */
export type Side = 'client' | 'client-network' | 'path' | 'server-network' | 'server' | 'unknown'

/**
 * Where a finding stands between what is seen last and what came first. A finding explains those of lower levels that
 * concern the same data channel or the session as a whole, so that only the root cause is reported (`explain.ts` has
 * the details).
 */
export type Level =
  /** Takes no part: worth knowing whatever else is found. */
  | 'remark'
  /** How the session ended, whatever broke it: a silence, a reset, a 421. */
  | 'aftermath'
  /** What a transfer or a login came to. */
  | 'symptom'
  /** The step that failed: a connection refused, a stall, a handshake. */
  | 'effect'
  /** Why it failed, by a setting, a device or a host that can be named. */
  | 'cause'

/** The values of a finding: plain ones, for the JSON too. Strings from the wire are quotes. */
export interface Fact {
  /** Which of the cases that its rule reports. */
  kind: string
  /** It rests on what was inferred of a dialogue under TLS; absent where that was read. */
  inferred?: true
  /** Another capture shows that an answer was sent, and was lost on its way back; absent where none does. */
  answerLost?: true
}

/** What a rule saw. Severity and side are the rule's unless given. */
export interface Observation<F extends Fact = Fact> {
  /** What the texts are generated from. */
  fact: F
  confidence: Confidence
  /** The first is the primary piece of evidence, which every finding must have. */
  evidence: readonly [Evidence, ...Evidence[]]
  severity?: Severity
  side?: Side
  /** True if the user succeeded nevertheless: worth reporting, but the outcome does not depend on it. */
  harmless?: boolean
  /** Other causes that the same packets could indicate. */
  rivals?: readonly FindingId[]
  /** The data channel concerned. */
  channel?: DataChannel
}

/** The texts of a finding, generated from its fact. */
export interface Texts<F extends Fact> {
  /** Replaces the rule's title where that does not fit; `null` where it does. */
  title?(fact: Shown<F>): string | null
  /** The cause in a few words for tables, if the title is not enough: what was refused, and how. */
  why?(fact: Shown<F>): string
  /**
   * What happened, with the session's own values, in one or two sentences. Starts with a capital, ends with a period.
   */
  message(fact: Shown<F>): string
}

/** What holds for every finding of a rule. */
export interface RuleFacts<F extends Fact = Fact> {
  id: FindingId
  /** A few words, for tables; no capital, no period. The page in docs/findings has the same. */
  title: string
  severity: Severity
  side: Side
  /** RFC sections and the like. */
  references: readonly string[]
  /**
   * Capture files below samples/: one on which the rule reports, and a similar one on which it does not. Several are of
   * one session, each of another place.
   */
  samples: { reports: string | readonly string[]; silent: string | readonly string[] }
  texts: Texts<F>
}

/** Where another capture is to be taken. */
export type Place = 'client' | 'server' | 'both'

/** What a finding of a rule proves about the path, for the ladder diagram. */
export type Middlebox = 'translator' | 'firewall'

/** A rule judges one session; one rule per file, named after its finding. */
export interface Rule<F extends Fact = Fact> extends RuleFacts<F> {
  level: Level
  /** Findings that this one explains although their level says otherwise, or although they concern another channel. */
  explains?: readonly FindingId[]
  /** Findings of lower levels that are reported as well as this one. */
  spares?: readonly FindingId[]
  /** Whether the outcome of the session depends on it, by default that of every finding that is not harmless. */
  decides?: boolean | ((finding: Finding) => boolean)
  /** Transfers whose end the capture does not show are accounted for by this finding. */
  accountsForUnknown?: true
  /** The kind of middlebox that this finding proves to be on the path. */
  proves?: Middlebox
  /** It reports that this side did not send what should have followed a packet among its evidence. */
  awaits?: 'client' | 'server'
  /** Its texts say where its packets went: what became of the connection that they were of does not. */
  tellsWhere?(fact: F): boolean
  /** It is about the address that an announcement names, which is the one that the host that is to connect gets. */
  judgesAddress?: true
  /** Its evidence consists of RSTs that were not sent by the host whose address they carry. */
  identifiesResets?: true
  /** For a defect of the capture: what to capture instead, as a sentence. */
  betterCapture?(session: Session): string
  /**
   * The question for another capture, if the rule has a more specific one than its group; `there` is where it is taken.
   */
  question?(fact: Shown<F>, session: Session, there: Place): string | null
  /** The question for another capture is what happened to the SYN of the data channel. */
  concernsDataSyn?: true
  /** What a session must show for this rule to have anything to report; the rule is not run on other sessions. */
  needs?: readonly Sign[]
  check(session: Session, facts: SessionFacts): Iterable<Observation<F>>
  /** What to change, with the exact names of settings, best first. */
  remedy(fact: Shown<F>, context: RemedyContext): readonly string[]
}

/** An observation completed by its rule. */
export interface Finding<R extends RuleFacts = Rule> {
  rule: R
  id: FindingId
  fact: Fact
  severity: Severity
  confidence: Confidence
  side: Side
  evidence: readonly [Evidence, ...Evidence[]]
  rivals: readonly FindingId[]
  harmless: boolean
  channel: DataChannel | null
  /** Where its packets went, if several places show it; otherwise `null`. */
  where: Whereabouts | null
  /** How often the same was found on other data channels of the session. */
  repeated: number
}

/** A rule whose findings have facts of one type. */
export function defineRule<F extends Fact>(rule: Rule<F>): Rule<F> {
  return rule
}
