import { defineRule, type Fact } from '../../rule.js'
import { type ReplyFact, replyEvidence, replyFact, replyWords } from '../../words/evidence.js'

const UNSUPPORTED = new Set([500, 501, 502, 504, 522])

export interface Unsupported extends Fact {
  kind: 'unsupported'
  reply: ReplyFact
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
  needs: ['passive', 'refusal'],

  *check(session, facts) {
    const channel = session.channels.find(
      ({ announcement }) =>
        announcement?.verb === 'EPSV' && announcement.refused && UNSUPPORTED.has(announcement.reply!.code),
    )
    if (!channel || facts.lastAccepted < channel.id) return
    const reply = channel.announcement!.reply!
    yield {
      fact: { kind: 'unsupported', reply: replyFact(reply) },
      confidence: 'high',
      evidence: [replyEvidence(reply)],
      channel,
    }
  },

  texts: {
    message: ({ reply }) =>
      `The server does not support EPSV ("${replyWords(reply)}"); the client continued without it.`,
  },

  remedy: () => ['no change needed', 'or configure the client not to try EPSV first'],
})
