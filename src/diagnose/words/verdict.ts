/** A verdict in a sentence. */
import type { Judgement } from '../judge.js'
import type { Redactor } from './quote.js'
import { findingMessage } from './finding.js'

/** One sentence, for a ticket. */
export function verdictSentence(judgement: Judgement, redact: Redactor): string {
  const { cause } = judgement.verdict
  return cause ? findingMessage(cause, redact) : plainSentence(judgement)
}

const LOGIN = { accepted: 'login accepted', rejected: 'login rejected', none: 'no login', unknown: 'login unknown' }

function plainSentence({ session, facts, verdict: { outcome } }: Judgement): string {
  const { attempted, completed } = facts.transfers
  const { login, security } = session.dialogue
  const tls = security === 'none' ? '' : ', under TLS'
  const transfers = attempted === 0 ? 'no transfers' : `transfers completed: ${completed} of ${attempted}`
  const summary = `${LOGIN[login]}${tls}, ${transfers}`
  switch (outcome) {
    case 'ok':
      return `The session worked: ${summary}.`
    case 'degraded':
      return `The session succeeded after a retry: ${summary}.`
    case 'failed':
      return `The session failed: ${summary}.`
    case 'undetermined':
      if (facts.askedForNothing) return `Nothing was requested in this session: ${summary}.`
      return `The capture does not show how the session ended: ${summary}.`
  }
}
