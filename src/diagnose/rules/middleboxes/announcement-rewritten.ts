import { defineRule } from '../../legacy.js'
import type { Session, SameSession } from '../../../correlate/model.js'
import { endpointText } from '../../words/evidence.js'

export const announcementRewritten = defineRule({
  id: 'announcement-rewritten',
  title: 'middlebox rewrites the announcement',
  severity: 'info',
  side: 'path',
  level: 'remark',
  proves: 'translator',
  remedy: ['Nothing, as long as it works; under TLS the box cannot do this'],
  references: ['RFC 3027 §3.1', 'RFC 2663 §3.4', 'Linux nf_nat_ftp.c, ip_vs_ftp.c'],
  samples: { reports: 'made/announcement-rewritten.pcap', silent: 'made/announcement-rewritten--silent.pcap' },

  *check(session) {
    const { sameSession: twin } = session.surroundings
    if (!twin) return
    const changes = changesOf(session, twin)
    const first = changes[0]
    if (!first) return
    const here = sight(session.client.address, session.server.address)
    const there = sight(twin.client.address, twin.server.address)
    const [before, behind] = first.mine.frame < first.theirs.frame ? [here, there] : [there, here]
    const [from, to] = first.mine.frame < first.theirs.frame ? [first.mine, first.theirs] : [first.theirs, first.mine]
    yield {
      confidence: 'high',
      harmless: true,
      message: `A box on the way rewrites announcements: ${first.verb} named ${endpointText(from.address, from.port)} before it (${before}) and ${endpointText(to.address, to.port)} behind it (${behind})${
        changes.length > 1 ? `; ${changes.length} announcements in all` : ''
      }.`,
      evidence: [
        { frame: from.frame, note: `${first.verb}: ${endpointText(from.address, from.port)}, before the box` },
        { frame: to.frame, note: `${first.verb}: ${endpointText(to.address, to.port)}, behind it` },
        {
          frame: twin.firstFrame,
          note: `the same control connection between ${twin.client.address} and ${twin.server.address}: same initial sequence numbers`,
        },
      ],
    }
  },
})

interface Named {
  frame: number
  address: string | null
  port: number | null
}

/** Announcements that the two sights have in common, in order, and that name something else. */
function changesOf(session: Session, twin: SameSession): { verb: string; mine: Named; theirs: Named }[] {
  const { announcements } = session.dialogue
  const changes: { verb: string; mine: Named; theirs: Named }[] = []
  for (let i = 0; i < Math.min(announcements.length, twin.announcements.length); i++) {
    const mine = announcements[i]!
    const theirs = twin.announcements[i]!
    if (mine.verb !== theirs.verb) break
    if (mine.port === null || theirs.port === null) continue
    if (mine.address !== theirs.address || mine.port !== theirs.port) changes.push({ verb: mine.verb, mine, theirs })
  }
  return changes
}

function sight(client: string, server: string): string {
  return `${client} to ${server}`
}
