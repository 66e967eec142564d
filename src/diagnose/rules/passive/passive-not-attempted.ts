import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { discouragedBy, madeGood, vantageOf } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import { announcementEvidence, commandEvidence, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import { announcesForeignInside, isUnusable, passiveChannels } from '../../facts/passive.js'
import { perSession } from '../../facts/per-session.js'

/** A client that has what it needs dials at once; silence for longer than this is no haste. */
const PROMPT_NS = 2e9

export const passiveNotAttempted = defineRule({
  id: 'passive-not-attempted',
  title: 'client never opens the data connection',
  severity: 'error',
  side: 'client',
  level: 'effect',
  concernsDataSyn: true,
  remedy: ["Look at outbound rules on the client host, and at the client's own log"],
  references: ['RFC 959 §3.2', 'RFC 1579'],
  samples: { reports: 'made/passive-not-attempted.pcap', silent: 'made/passive-not-attempted--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    if (session.dialogue.opaqueFrom) return
    for (const channel of passiveChannels(session)) {
      if (channel.state !== 'not-attempted' || isUnusable(session, channel) || madeGood(session, channel)) continue
      const announcement = channel.announcement!
      const reply = refusalOf(channel)
      const waited = session.control.last.time - announcement.time
      if (!reply && session.cutOff && waited < PROMPT_NS) continue
      // A client that goes on with other work had no use for the port; one that leaves over it had.
      if (!channel.transfer && lastAccepted(session) > channel.id) continue
      if (!channel.transfer && discouragedBy(session, channel)) continue
      // The listing or file came all the same, its connection was not captured; or the server said no before it needed one.
      if (channel.transfer?.outcome === 'completed' || channel.transfer?.outcome === 'refused') continue
      if (announcesForeignInside(session, channel) && channel.transfer?.outcome === 'unknown' && session.cutOff)
        continue
      const vantage = vantageOf(session)
      const filtered = !session.surroundings.otherTraffic
      const atClient = vantage.at === 'client'
      yield {
        side: atClient ? 'client' : vantage.at === 'server' ? 'server-network' : 'unknown',
        confidence: filtered || vantage.at === 'unknown' ? 'low' : 'medium',
        message: `The server announced ${endpointText(announcement.address ?? session.server.address, announcement.port)}; no connection to it was captured in the following ${seconds(waited)}.${
          filtered ? ' Nothing but control connections was captured at all, so the capture may have been filtered.' : ''
        }${atClient ? '' : ' Captured away from the client: a SYN that was dropped on the way, by a firewall or a NAT that does not forward the port, looks the same.'}`,
        evidence: [
          announcementEvidence(announcement),
          ...(channel.transfer ? [commandEvidence(channel.transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          ...(atClient ? [] : openRangeRemedy(contextOf(session))),
          "on the client: outbound firewall or security software that admits port 21 only; the client's own log says whether it tried",
          'to settle it: capture on the client host, without a filter on port 21',
        ],
        rivals: filtered ? ['capture-filter-suspected'] : ['passive-port-unanswered'],
        channel,
      }
    }
  },
})

/** Id of the last channel that the server agreed to; 0 where there is none. */
const lastAccepted = perSession((session) => session.channels.findLast((c) => c.announcement?.accepted)?.id ?? 0)
