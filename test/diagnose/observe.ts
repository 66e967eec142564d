import type { Session } from '../../src/correlate/model.js'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { complete, findingsOf, judge } from '../../src/diagnose/judge.js'
import { remedyContext } from '../../src/diagnose/remedies/remedy-context.js'
import type { Fact, Finding, Rule, RuleFacts } from '../../src/diagnose/rule.js'
import { evidenceText, type Evidence } from '../../src/diagnose/words/evidence.js'
import { findingMessage, findingTitle } from '../../src/diagnose/words/finding.js'
import { type Shown, shown } from '../../src/diagnose/words/quote.js'
import { settledBy } from '../../src/diagnose/words/settled-by.js'
import { verdictSentence } from '../../src/diagnose/words/verdict.js'
import type { CaptureFacts, CaptureRule } from '../../src/diagnose/capture/capture-rule.js'

interface Noted {
  frame: number
  note: string
}

/** A finding with its words, its fact as reports show it. */
export interface Observed<F extends Fact = Fact> extends Omit<Finding, 'rule' | 'fact' | 'evidence'> {
  fact: Shown<F>
  title: string
  message: string
  remedy: readonly string[]
  evidence: [Noted, ...Noted[]]
}

function noted([first, ...rest]: Finding['evidence']): [Noted, ...Noted[]] {
  const note = (each: Evidence) => ({ frame: each.frame, note: evidenceText(shown(each)) })
  return [note(first), ...rest.map(note)]
}

/** What a rule finds in a session. */
export function observe<F extends Fact>(rule: Rule<F>, session: Session): Observed<F>[] {
  const facts = new SessionFacts(session)
  const context = remedyContext(session, facts)
  return [...findingsOf(rule, facts)].map((finding) => {
    const fact = shown(finding.fact) as Shown<F>
    const evidence = noted(finding.evidence)
    return {
      ...finding,
      fact,
      evidence,
      title: findingTitle(finding, fact),
      message: findingMessage(finding),
      remedy: rule.remedy(fact, context),
    }
  })
}

/** What a rule on the capture as a whole finds in it. */
export function observeCapture<F extends Fact>(rule: CaptureRule<F>, facts: CaptureFacts): Observed<F>[] {
  return [...rule.check(facts)].map((observation) => {
    const finding = complete<RuleFacts>(rule, observation)
    const fact = shown(observation.fact)
    return {
      ...finding,
      fact,
      evidence: noted(finding.evidence),
      title: findingTitle(finding, fact),
      message: findingMessage(finding),
      remedy: rule.remedy(fact),
    }
  })
}

/** The verdict on a session, in words. */
export function verdictOn(session: Session) {
  const judgement = judge(session)
  const { outcome, cause, confidence } = judgement.verdict
  return {
    outcome,
    cause: cause?.id ?? null,
    confidence,
    sentence: verdictSentence(judgement),
    settledBy: settledBy(judgement),
    transfers: judgement.facts.transfers,
  }
}
