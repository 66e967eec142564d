import { defineRule } from '../../legacy.js'
import { replyEvidence, replyLine } from '../../words/evidence.js'

const UNSUPPORTED = new Set([500, 501, 502, 504, 522])

export const extendedPassiveUnsupported = defineRule({
  id: 'extended-passive-unsupported',
  title: 'server does not support EPSV',
  severity: 'info',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  remedy: ['Nothing, or tell the client not to try EPSV first'],
  references: ['RFC 2428 §3'],
  samples: {
    reports: 'made/extended-passive-unsupported.pcap',
    silent: 'made/extended-passive-unsupported--silent.pcap',
  },
  needs: ['passive', 'refusal'],

  *check(session) {
    const channel = session.channels.find(
      (c) => c.announcement?.verb === 'EPSV' && c.announcement.refused && UNSUPPORTED.has(c.announcement.reply!.code),
    )
    if (!channel || !session.channels.some((c) => c.id > channel.id && c.announcement?.accepted)) return
    const reply = channel.announcement!.reply!
    yield {
      confidence: 'high',
      message: `The server does not support EPSV ("${replyLine(reply)}"); the client went on without it.`,
      evidence: [replyEvidence(reply)],
      channel,
    }
  },
})
