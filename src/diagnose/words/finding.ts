/** The texts of a finding, which its rule generates from its fact. */
import type { Fact, Finding, RuleFacts } from '../rule.js'
import { shown, type Shown } from './quote.js'
import { whereSentence } from './where.js'

/** The title, from the fact as reports show it. */
export function findingTitle({ rule }: Pick<Finding<RuleFacts>, 'rule'>, fact: Shown<Fact>): string {
  return rule.texts.title?.(fact) ?? rule.title
}

export function findingMessage(finding: Finding<RuleFacts>): string {
  return messageOf(finding, shown(finding.fact))
}

/** The message, from the fact as reports show it, and where it happened. */
export function messageOf({ rule, repeated, where }: Finding<RuleFacts>, fact: Shown<Fact>): string {
  const message = where ? `${rule.texts.message(fact)} ${whereSentence(where)}` : rule.texts.message(fact)
  if (repeated === 0) return message
  return `${message} The same happened ${repeated === 1 ? 'once more' : `${repeated} more times`} in this session.`
}
