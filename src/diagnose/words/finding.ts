/** The texts of a finding, which its rule generates from its fact. */
import type { Fact, Finding, RuleFacts } from '../rule.js'
import { shown, type Shown } from './quote.js'

/** The title, from the fact as reports show it. */
export function findingTitle({ rule }: Pick<Finding<RuleFacts>, 'rule'>, fact: Shown<Fact>): string {
  return rule.texts.title?.(fact) ?? rule.title
}

export function findingMessage(finding: Finding<RuleFacts>): string {
  return messageOf(finding, shown(finding.fact))
}

const INFERRED = 'What TLS hides was inferred from the lengths of its records, not read.'

/** The message, from the fact as reports show it. */
export function messageOf({ rule, repeated }: Finding<RuleFacts>, fact: Shown<Fact>): string {
  const said = rule.texts.message(fact)
  const message = fact.inferred ? `${said} ${INFERRED}` : said
  if (repeated === 0) return message
  return `${message} The same happened ${repeated === 1 ? 'once more' : `${repeated} more times`} in this session.`
}
