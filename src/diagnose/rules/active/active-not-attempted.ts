import { saysLocalError, saysTriedToConnect } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { activeRemedy, serverConnectsRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, commandEvidence, replyEvidence, replyWords } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { type NotAttempted, neverTried, notAttemptedFact } from '../not-attempted.js'
import { openingTimerWords } from '../opening-timer.js'
import type { AnnouncementVerb, Reply } from '../../../ftp/model.js'
import type { FindingId } from '../../catalogue.js'
import type { Confidence } from '../../confidence.js'

/** A server that gives up within this time did not wait for an answer: it could not even send the SYN. */
const AT_ONCE_NS = 1e9
/** How soon a server connects: to a client that disconnects, and where the capture ends. */
const PATIENCE_NS = 2e9
const PATIENCE_AT_END_NS = 5e9

type Kind =
  /** The server's words name an error of its own host. */
  | 'local-error'
  /** The server gave up without waiting. */
  | 'at-once'
  /** No SYN came for a while, or the server says that it tried. */
  | 'absent'

export interface ActiveNotAttempted extends NotAttempted<Kind> {
  verb: AnnouncementVerb
}

export const activeNotAttempted = defineRule<ActiveNotAttempted>({
  id: 'active-not-attempted',
  title: 'server never opens the data connection',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  awaits: 'server',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2, §4.2.2 (425)', 'RFC 1579'],
  samples: { reports: 'made/active-not-attempted.pcap', silent: 'made/active-not-attempted--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session, facts) {
    for (const candidate of neverTried(facts, 'active')) {
      const { channel, announcement, transfer, reply } = candidate
      if (!transfer && !reply) continue
      const asked = transfer?.command.exchange ?? announcement.exchange
      const waitedNs = (reply ?? session.control.last).time - asked.time
      if (!reply && waitedNs < (session.cutOff ? PATIENCE_AT_END_NS : PATIENCE_NS)) continue
      const { at } = facts.vantage
      const kind = kindOf(reply, waitedNs, at === 'server')
      const ofServer = kind !== 'absent' || at === 'server'
      const words = [announcementEvidence(announcement), commandEvidence(asked)] as const
      yield {
        fact: {
          ...notAttemptedFact(facts, candidate, kind, waitedNs),
          verb: announcement.verb,
        },
        side: ofServer ? 'server' : 'path',
        confidence: confidenceOf(kind, facts),
        evidence: reply ? [replyEvidence(reply), ...words] : words,
        rivals: rivalsOf(kind, facts),
        channel,
      }
    }
  },

  texts: {
    message({ kind, verb, target, waitedNs, vantage, reply, timer }) {
      const refusal = reply ? `"${replyWords(reply)}"` : ''
      if (kind === 'local-error') {
        const words = `The server could not open the data connection to ${target}: ${refusal}`
        return `${words}. That is an error of the server host itself: no SYN left it.`
      }
      if (kind === 'at-once') {
        const cause = 'it could not connect (port 20 not available, or an outbound firewall rule)'
        const absence = 'no SYN was captured'
        const end = `immediately (${refusal}), and ${absence}`
        return `The server gave up on the data connection to ${target} ${end}: ${cause}.`
      }
      const end = reply ? `, after which the server replied ${refusal}` : ''
      const cause =
        vantage === 'server'
          ? 'the server never connected'
          : 'it was dropped on the path, most likely by the NAT or firewall in front of the client'
      const absence = `no SYN to it was captured in ${seconds(waitedNs)}${end}`
      return `The server accepted ${verb} for ${target}, but ${absence}: ${cause}.${openingTimerWords(timer)}`
    },
  },

  remedy: ({ kind, vantage }, context) =>
    kind === 'absent' && vantage !== 'server'
      ? activeRemedy(context)
      : serverConnectsRemedy(context, kind === 'local-error'),
})

function kindOf(reply: Reply | null, waitedNs: number, atServer: boolean): Kind {
  if (!reply) return 'absent'
  if (saysLocalError(reply)) return 'local-error'
  // A RST from the client's side comes at once as well; where it is not captured, the server's words tell.
  if (!atServer && saysTriedToConnect(reply)) return 'absent'
  return waitedNs < AT_ONCE_NS ? 'at-once' : 'absent'
}

function confidenceOf(kind: Kind, { filtered, vantage }: SessionFacts): Confidence {
  if (kind === 'local-error') return 'high'
  return !filtered && (kind === 'at-once' || vantage.at === 'client') ? 'medium' : 'low'
}

/** The server's own words leave no doubt. */
function rivalsOf(kind: Kind, { filtered }: SessionFacts): FindingId[] {
  if (kind === 'local-error') return []
  return filtered ? ['capture-filter-suspected'] : ['active-port-unanswered', 'active-private-address']
}
