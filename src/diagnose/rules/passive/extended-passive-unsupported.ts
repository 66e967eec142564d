import type { DataChannel } from '../../../correlate/model.js'
import type { Announcement } from '../../../ftp/model.js'
import { leaving } from '../../facts/departure.js'
import { isUnsupported, onlyExtendedTried } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { notExtendedRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type ReplyFact, replyEvidence, replyFact, replyWords } from '../../words/evidence.js'

export interface Unsupported extends Fact {
  /** `unsupported`: refused. `no-port`: a positive reply that names no port, such as 200 or 202. */
  kind: 'unsupported' | 'no-port'
  reply: ReplyFact
  /** The client never tried PASV. */
  gaveUp: boolean
  /** FEAT offers EPSV. */
  offered: boolean
}

export const extendedPassiveUnsupported = defineRule<Unsupported>({
  id: 'extended-passive-unsupported',
  title: 'server does not support EPSV',
  severity: 'info',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  references: ['RFC 2428 §3'],
  samples: {
    reports: 'made/extended-passive-unsupported.pcap',
    silent: 'made/extended-passive-unsupported--silent.pcap',
  },
  needs: ['passive', 'unfinished'],

  *check(session, facts) {
    const channel = session.channels.find(({ announcement }) => announcement !== null && kindOf(announcement) !== null)
    if (!channel) return
    const gaveUp = facts.lastAccepted < channel.id
    // Over IPv6 there is no PASV to fall back to: `passive-rejected`.
    if (gaveUp && (facts.overIpv6 || !onlyExtendedTried(session))) return
    const { reply, exchange } = lastTry(session.channels, channel)
    // The next attempt may follow, after the end of the capture.
    const step = leaving(facts, exchange)
    if (gaveUp && session.cutOff && !step) return
    yield {
      fact: {
        kind: kindOf(channel.announcement!)!,
        reply: replyFact(reply!),
        gaveUp,
        offered: session.dialogue.features.includes('EPSV'),
      },
      severity: gaveUp ? 'error' : 'info',
      side: gaveUp ? 'client' : 'server',
      confidence: 'high',
      evidence: [
        replyEvidence(reply!, `reply to EPSV`),
        ...(gaveUp && step ? [at(step, 'the client leaves without trying PASV')] : []),
      ],
      channel,
    }
  },

  texts: {
    title: ({ gaveUp }) => (gaveUp ? 'server does not support EPSV, and the client does not try PASV' : null),
    message({ kind, reply, gaveUp, offered }) {
      const words = `"${replyWords(reply)}"`
      const promise = offered ? ', although its reply to FEAT lists EPSV' : ''
      const said =
        kind === 'unsupported'
          ? `The server does not support EPSV (${words})${promise}`
          : `The server replied to EPSV with ${words}, which names no port (229 would): it does not support EPSV${promise}`
      return gaveUp ? `${said}. The client never tried PASV.` : `${said}; the client continued without it.`
    },
  },

  remedy: ({ gaveUp }, context) =>
    gaveUp
      ? [notExtendedRemedy(context), 'or update the server, or use one that supports EPSV (RFC 2428)']
      : ['no change needed', 'or configure the client not to try EPSV first'],
})

/** How the server shows that it has no EPSV; `null` if it does not. */
function kindOf({ verb, refused, accepted, reply }: Announcement): Unsupported['kind'] | null {
  if (verb !== 'EPSV' || accepted || !reply) return null
  if (refused) return isUnsupported(reply) ? 'unsupported' : null
  return 'no-port'
}

/** The last EPSV that failed in the same way. */
function lastTry(channels: SessionFacts['session']['channels'], first: DataChannel): Announcement {
  const kind = kindOf(first.announcement!)
  return channels.findLast(({ announcement }) => announcement !== null && kindOf(announcement) === kind)!.announcement!
}
