/** Which additional capture would confirm an uncertain verdict. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Group, groupOf } from '../catalogue.js'
import type { Vantage } from '../facts/vantage.js'
import type { Judgement } from '../judge.js'
import type { Finding, Place } from '../rule.js'
import { captureEndsInside } from '../rules/capture/capture-ends-inside.js'
import { shown } from './quote.js'

/** For an uncertain verdict: where to capture, and what to check there. `null` if nothing is uncertain. */
export function settledBy({ session, facts, findings, verdict }: Judgement): string | null {
  const { outcome, confidence, cause } = verdict
  if (outcome === 'ok' || confidence === 'high') return null
  // A defect of the capture comes first: a capture at a better place would have it too.
  const rest = outcome === 'undetermined' || confidence === 'low' ? findings : []
  for (const finding of cause ? [cause, ...rest] : rest) {
    if (finding.rule.betterCapture) return finding.rule.betterCapture(session)
  }
  if (cause?.where) return null
  if (!cause) return session.cutOff ? captureEndsInside.betterCapture!(session) : null
  const there = otherSide(facts.vantage.at, cause)
  // It was captured there.
  const positions = facts.path?.positions ?? []
  if ((there === 'both' ? (['client', 'server'] as const) : [there]).every((at) => positions.includes(at))) return null
  const where =
    there === 'both'
      ? 'Capture at the client and at the server at the same time'
      : `Capture at the ${there} at the same time`
  return `${where}, and check: ${question(session, cause, there)}?`
}

/** Where to capture as well: opposite to this capture. */
function otherSide(at: Vantage, cause: Finding): Place {
  if (at === 'client') return 'server'
  if (at === 'server') return 'client'
  if (cause.side === 'client' || cause.side === 'client-network') return 'client'
  if (cause.side === 'server' || cause.side === 'server-network') return 'server'
  return 'both'
}

/** The question for the other capture. */
function question(session: Session, cause: Finding, there: Place): string {
  const { rule, fact, channel } = cause
  const own = rule.question?.(shown(fact), session, there) ?? null
  if (own !== null) return own
  if (channel && rule.concernsDataSyn) return dataQuestion(session, channel, there)
  return QUESTIONS[groupOf(cause.id)]
}

function dataQuestion(session: Session, channel: DataChannel, there: Place): string {
  const initiator = channel.mode === 'passive' ? 'client' : 'server'
  const port = channel.to.port === null ? '' : ` to port ${channel.to.port}`
  // NAT may have changed addresses on the path; the port is the same on both sides.
  const syn = `the ${initiator}'s SYN${port}`
  if (there === initiator) return `does ${syn} leave it, and what answers it`
  if (there !== 'both') return `does ${syn} arrive there, and what answers it`
  const frame = channel.announcement?.frame ?? session.control.first.frame
  return `where is ${syn}, announced in #${frame}, or its answer lost`
}

const QUESTIONS: Readonly<Record<Group, string>> = {
  'Control connection': 'which packets of the control connection arrive there, and what answers them',
  Passive: 'does the SYN of the data connection arrive there, and what answers it',
  Active: 'does the SYN of the data connection leave, and what answers it',
  FTPS: 'which packets of the data connection arrive there, and what does the log of the server say',
  Transfers: 'which segments of the data connection arrive there, and which side stops first',
  Middleboxes: 'does the announcement arrive there unchanged',
  Security: 'which host opens the connections there',
  'Capture quality': 'what is missing from this capture',
}
