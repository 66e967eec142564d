/** Which capture would settle what this one leaves open. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Group, groupOf } from '../catalogue.js'
import type { Vantage } from '../facts/vantage.js'
import type { Judgement } from '../judge.js'
import type { Finding, Place } from '../rule.js'
import { captureEndsInside } from '../rules/capture/capture-ends-inside.js'
import { type Redactor, shown } from './quote.js'

/** For a verdict that is not sure: where to capture, and what to look for there. `null` where nothing is open. */
export function settledBy({ session, facts, findings, verdict }: Judgement, redact: Redactor): string | null {
  const { outcome, confidence, cause } = verdict
  if (outcome === 'ok' || confidence === 'high') return null
  // A fault of the capture comes first: another one at a better place would have it too.
  const rest = outcome === 'undetermined' || confidence === 'low' ? findings : []
  for (const finding of cause ? [cause, ...rest] : rest) {
    if (finding.rule.betterCapture) return finding.rule.betterCapture(session)
  }
  if (!cause) return session.cutOff ? captureEndsInside.betterCapture!(session) : null
  const there = otherSide(facts.vantage.at, cause)
  const where =
    there === 'both'
      ? 'Captures beside the client and beside the server at the same time'
      : `A capture beside the ${there} at the same time`
  return `${where} would settle it: ${question(session, cause, there, redact)}.`
}

/** Where the capture is missing: across from this one. */
function otherSide(at: Vantage, cause: Finding): Place {
  if (at === 'client') return 'server'
  if (at === 'server') return 'client'
  if (cause.side === 'client' || cause.side === 'client-network') return 'client'
  if (cause.side === 'server' || cause.side === 'server-network') return 'server'
  return 'both'
}

/** What the other capture has to be asked. */
function question(session: Session, cause: Finding, there: Place, redact: Redactor): string {
  const { rule, fact, channel } = cause
  const own = rule.question?.(shown(fact, redact), session, there) ?? null
  if (own !== null) return own
  if (channel && rule.concernsDataSyn) return dataQuestion(session, channel, there)
  return QUESTIONS[groupOf(cause.id)]
}

function dataQuestion(session: Session, channel: DataChannel, there: Place): string {
  const initiator = channel.mode === 'passive' ? 'client' : 'server'
  const port = channel.to.port === null ? '' : ` to port ${channel.to.port}`
  // Addresses may have been translated in between; the port is what both sides have in common.
  const syn = `the ${initiator}'s SYN${port}`
  if (there === initiator) return `does ${syn} leave it, and what answers`
  if (there !== 'both') return `does ${syn} arrive there, and what answers`
  return `where does ${syn} get lost, or its answer (announced in #${channel.announcement?.frame ?? session.control.first.frame})`
}

const QUESTIONS: Readonly<Record<Group, string>> = {
  'Control connection': 'which packets of the control connection arrive there, and what answers them',
  Passive: 'does the SYN of the data connection arrive there, and what answers',
  Active: 'does the SYN of the data connection leave, and what answers',
  FTPS: 'which packets of the data connection arrive there (or the log of the server, which knows what TLS hides)',
  Transfers: 'which segments of the data connection arrive there, and who stops first',
  Middleboxes: 'does the announcement arrive there as it was sent here',
  Security: 'who opens the connections there',
  'Capture quality': 'what this capture lacks',
}
