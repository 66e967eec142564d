import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { vantageOf } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { announcementEvidence, icmpEvidence, resetEvidence, synEvidence } from '../../words/evidence.js'
import { hasFailed, isEstablished, passiveChannels } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'

const isExtended = (channel: DataChannel) => channel.announcement?.verb === 'EPSV'

/** Away from the client a connection that was blocked before this point is not there: announced, given up, and tried the other way. */
function neverArrived(session: Session, channel: DataChannel): boolean {
  if (channel.announcement?.notes.includes('other-family')) return false
  return channel.state === 'not-attempted' && channel.transfer === null && vantageOf(session).at === 'server'
}

export const extendedPassiveBlocked = defineRule({
  id: 'extended-passive-blocked',
  title: 'only one of EPSV and PASV works',
  severity: 'warning',
  side: 'server-network',
  level: 'effect',
  explains: ['passive-not-attempted', 'passive-port-refused', 'passive-port-unanswered', 'passive-port-unreachable'],
  concernsDataSyn: true,
  remedy: ['Use the verb that works, or update the box that tracks the control connection'],
  references: ['RFC 2428 §3 (EPSV)', 'RFC 1579'],
  samples: { reports: 'made/extended-passive-blocked.pcap', silent: 'made/extended-passive-blocked--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    const channels = [...passiveChannels(session)]
    const server = session.server.address
    const established = channels.filter(isEstablished)
    const extended = established.find(isExtended)
    const plain = established.find((channel) => !isExtended(channel))
    for (const channel of channels) {
      const unseen = neverArrived(session, channel)
      if (!unseen && (!hasFailed(channel) || !channel.connection)) continue
      const [same, other] = isExtended(channel) ? [extended, plain] : [plain, extended]
      // The same verb once lost and once not is chance or a range that is partly open, not a matter of the verb.
      if (!other || same) continue
      const [lost, works] = isExtended(channel) ? ['EPSV', 'PASV'] : ['PASV', 'EPSV']
      const { connection } = channel
      yield {
        confidence: unseen ? 'low' : 'medium',
        message: `The data connection announced by ${lost} ${unseen ? 'never arrived here' : 'was lost'}, the one announced by ${works} came about: a box on the way follows ${works} only.`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...(connection ? synEvidence(connection) : []),
          ...(connection?.resets.slice(0, 1).map((r) => resetEvidence(r, connection.responder.address)) ?? []),
          ...(connection?.icmpErrors.slice(0, 1).map(icmpEvidence) ?? []),
          announcementEvidence(other.announcement!, 'this one worked'),
        ],
        remedy: isExtended(channel)
          ? [
              clientRemedy(session.dialogue.clientSoftware, 'PASV instead of EPSV', (c) => c.noExtended),
              ...openRangeRemedy(contextOf(session)),
            ]
          : [
              clientRemedy(session.dialogue.clientSoftware, 'EPSV instead of PASV', (c) => c.extended),
              `or ${serverRemedy(session.dialogue.serverSoftware, `${server} announced in 227`, (s) => s.passiveAddress?.(server))}`,
            ],
        rivals: ['passive-port-unanswered'],
        channel,
      }
    }
  },
})
