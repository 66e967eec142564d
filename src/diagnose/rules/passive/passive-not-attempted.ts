import { announcesUnusable, privateAnnouncement } from '../../facts/announced-address.js'
import { unusedForItsForm } from '../../facts/announcement-form.js'
import { departure } from '../../facts/departure.js'
import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, commandEvidence, replyEvidence } from '../../words/evidence.js'
import { duration, seconds } from '../../words/quantities.js'
import { type NotAttempted, neverTried, notAttemptedFact } from '../not-attempted.js'
import { openingTimerWords } from '../opening-timer.js'

/** How soon a client connects that has what it needs: a capture that ends earlier proves nothing. */
const PROMPT_NS = 2e9

/** A client whose SYN is dropped waits longer than this for an answer before it gives up. */
const MOMENT_NS = 2e9

const LOG = "the client's log shows whether it tried"

/** `left`: the client gave up at once, so it was not waiting for the answer to a SYN. */
type Kind = 'not-attempted' | 'left'

export const passiveNotAttempted = defineRule<NotAttempted<Kind>>({
  id: 'passive-not-attempted',
  title: 'client never opens the data connection',
  severity: 'error',
  side: 'client',
  level: 'effect',
  awaits: 'client',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', 'RFC 1579'],
  samples: { reports: 'made/passive-not-attempted.pcap', silent: 'made/passive-not-attempted--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session, facts) {
    for (const candidate of neverTried(facts, 'passive')) {
      const { channel, announcement, transfer, reply } = candidate
      // Another server was to connect.
      if (session.surroundings.exchanged.some((exchanged) => exchanged.announcement === announcement)) continue
      if (announcesUnusable(session, channel) || unusedForItsForm(facts, channel)) continue
      const waitedNs = session.control.last.time - announcement.time
      if (!reply && session.cutOff && waitedNs < PROMPT_NS) continue
      // A client that continues with other commands had no use for the port; one that leaves after it had.
      if (!transfer && (facts.lastAccepted > channel.id || facts.discouragement(channel))) continue
      // The wrong address explains it, as far as an unfinished capture shows.
      const behindNat = privateAnnouncement(session, channel) === 'behind-nat'
      if (behindNat && transfer?.outcome === 'unknown' && session.cutOff) continue
      const { at } = facts.vantage
      const step = transfer ? null : departure(facts, announcement.exchange)
      // Its next step came before the reply: it does not depend on what that announced.
      if (step && step.time < announcement.time) continue
      // Elsewhere a SYN that was refused on the way would look the same.
      const left = at === 'client' && step !== null && step.time - announcement.time < MOMENT_NS
      yield {
        fact: left
          ? notAttemptedFact(facts, candidate, 'left', step.time - announcement.time)
          : notAttemptedFact(facts, candidate, 'not-attempted', waitedNs),
        side: left ? 'client' : at === 'client' ? 'client' : at === 'server' ? 'server-network' : 'unknown',
        confidence: facts.filtered || at === 'unknown' ? 'low' : 'medium',
        evidence: [
          announcementEvidence(announcement),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: facts.filtered ? ['capture-filter-suspected'] : left ? [] : ['passive-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, target, waitedNs, filtered, vantage, timer }) {
      if (kind === 'left') {
        const gaveUp = `the client gave up ${duration(waitedNs)} later, without a connection to it`
        return `The server announced ${target}; ${gaveUp}. It did not wait for an answer, so none was lost.`
      }
      const absence = `no connection to it was captured in the following ${seconds(waitedNs)}`
      const narrow = ' Only control connections were captured, so the capture may have been filtered.'
      const dropped = 'dropped by a firewall, or by a NAT that does not forward the port'
      const away = ` The capture was not taken at the client: a SYN ${dropped}, would look the same.`
      return `The server announced ${target}; ${absence}.${openingTimerWords(timer)}${filtered ? narrow : ''}${vantage === 'client' ? '' : away}`
    },
  },

  remedy({ kind, vantage }, context) {
    const why = 'a reply or address that it does not accept, a local policy, or a user who changed his mind'
    if (kind === 'left') return [`on the client: its log gives the reason: ${why}`]
    return [
      ...(vantage === 'client' ? [] : openRangeRemedy(context)),
      `on the client: check for an outbound firewall or security software that allows port 21 only; ${LOG}`,
      ...unlessCaptured(context, 'client', 'to be sure: capture on the client host, without a filter on port 21'),
    ]
  },
})
