/** The texts of a finding, which its rule generates from its fact. */
import type { Fact, Finding, RuleFacts } from '../rule.js'
import { framesOf, type Locate, withFileNames } from './frame-names.js'
import { shown, type Shown } from './quote.js'
import { whereSentence } from './where.js'

/** The title, from the fact as reports show it. */
export function findingTitle({ rule }: Pick<Finding<RuleFacts>, 'rule'>, fact: Shown<Fact>): string {
  return rule.texts.title?.(fact) ?? rule.title
}

export function findingMessage(finding: Finding<RuleFacts>, locate?: Locate): string {
  return messageOf(finding, shown(finding.fact), locate)
}

const INFERRED = 'What TLS hides was inferred from the lengths of its records, not read.'

/**
 * The message, from the fact as reports show it, and where it happened. `locate` names the files of frames, if there
 * are several.
 */
export function messageOf(finding: Finding<RuleFacts>, fact: Shown<Fact>, locate?: Locate): string {
  const { rule, repeated, where } = finding
  const said = rule.texts.message(fact)
  const text = fact.inferred ? `${said} ${INFERRED}` : said
  const named = locate ? withFileNames(text, locate, framesOf(finding, fact)) : text
  const message = where ? `${named} ${whereSentence(where)}` : named
  if (repeated === 0) return message
  return `${message} The same happened ${repeated === 1 ? 'once more' : `${repeated} more times`} in this session.`
}
