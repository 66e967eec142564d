/** The texts of a finding, which its rule generates from its fact. */
import type { Finding, RuleFacts } from '../rule.js'
import { type Redactor, shown } from './quote.js'

export function findingTitle({ rule, fact }: Finding<RuleFacts>, redact: Redactor): string {
  return rule.texts.title?.(shown(fact, redact)) ?? rule.title
}

export function findingMessage({ rule, fact, repeated }: Finding<RuleFacts>, redact: Redactor): string {
  const message = rule.texts.message(shown(fact, redact))
  if (repeated === 0) return message
  return `${message} The same happened ${repeated === 1 ? 'once more' : `${repeated} more times`} in this session.`
}
