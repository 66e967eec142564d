import type { Fact, Observation as NewObservation, Rule } from './rule.js'
import type { Evidence as NewEvidence } from './words/evidence.js'
import type { DataChannel, Session } from '../correlate/model.js'
import { SessionFacts } from './facts/session-facts.js'
import { remedyContext } from './remedies/remedy-context.js'
import { perSession } from './facts/per-session.js'

export const factsOf = perSession((session: Session) => new SessionFacts(session))
export const repliesOf = (session: Session) => factsOf(session).replies
export const greetingOf = (session: Session) => factsOf(session).greeting
export const dataConnections = (session: Session) => factsOf(session).dataConnections
export const vantageOf = (session: Session) => factsOf(session).vantage
export const madeGood = (session: Session, channel: DataChannel) => factsOf(session).madeGood(channel)
export const discouragedBy = (session: Session, channel: DataChannel) => factsOf(session).discouragement(channel)
export const transferOutcome = (session: Session, channel: DataChannel) => factsOf(session).outcome(channel)
export const countTransfers = (session: Session) => factsOf(session).transfers
export const latencyOf = (session: Session) => factsOf(session).latency
export const contextOf = (session: Session) => remedyContext(session, factsOf(session), (text) => text)

interface LegacyFact extends Fact {
  message: string
  remedy: readonly string[] | null
  title: string | null
}
export interface Evidence {
  frame: number
  note: string
  quote?: NewEvidence['quote']
}
export type Observation = Omit<NewObservation, 'fact' | 'evidence'> & {
  message: string
  remedy?: readonly string[]
  title?: string
  evidence: readonly [Evidence, ...Evidence[]]
}
type LegacyRule = Omit<Rule, 'texts' | 'remedy' | 'check'> & {
  remedy: readonly string[]
  check(session: Session): Iterable<Observation>
}
export function defineRule(rule: LegacyRule): Rule<LegacyFact> {
  return {
    ...rule,
    *check(session) {
      for (const { message, remedy, title, evidence, ...rest } of rule.check(session))
        yield {
          ...rest,
          evidence: evidence.map((each) => ({ quote: null, ...each })) as unknown as [NewEvidence, ...NewEvidence[]],
          fact: { kind: 'legacy', message, remedy: remedy ?? null, title: title ?? null },
        }
    },
    texts: { message: (fact) => fact.message, title: (fact) => fact.title },
    remedy: (fact) => fact.remedy ?? rule.remedy,
  }
}
