import type { SameSession, Session } from '../../../correlate/model.js'
import type { AnnouncementVerb } from '../../../ftp/model.js'
import type { Elsewhere } from '../../facts/path-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'

/** The announcement on one side of the middlebox. */
export interface CapturedSide {
  /** Addresses of the control connection there. */
  client: string
  server: string
  /** Address and port that the announcement names, as text. */
  announced: string
}

export interface Rewritten extends Fact {
  kind: 'rewritten'
  verb: AnnouncementVerb
  before: CapturedSide
  after: CapturedSide
  /** Announcements that were rewritten, including this one. */
  count: number
}

export const announcementRewritten = defineRule<Rewritten>({
  id: 'announcement-rewritten',
  title: 'middlebox rewrites the announcement',
  severity: 'info',
  side: 'path',
  level: 'remark',
  proves: 'translator',
  references: ['RFC 3027 §4.1', 'RFC 2663 §2.9', 'Linux nf_nat_ftp.c, ip_vs_ftp.c'],
  samples: { reports: 'made/announcement-rewritten.pcap', silent: 'made/announcement-rewritten--silent.pcap' },

  *check(session, facts) {
    const { elsewhere } = facts
    if (!elsewhere) return
    const changes = changesBetween(session, elsewhere)
    const [first] = changes
    if (!first) return
    const here = sideOf(session, first.here)
    const there = sideOf(elsewhere, first.there)
    const hereFirst = isFirst(first, elsewhere)
    const [before, after] = hereFirst ? [here, there] : [there, here]
    const [from, to] = hereFirst ? [first.here, first.there] : [first.there, first.here]
    const { verb } = first
    const ends = `${elsewhere.client.address} and ${elsewhere.server.address}`
    const note = `the same control connection between ${ends}: same initial sequence numbers`
    yield {
      fact: { kind: 'rewritten', verb, before, after, count: changes.length },
      confidence: 'high',
      harmless: true,
      evidence: [
        at(from, `${verb}: ${before.announced}, before the middlebox`),
        at(to, `${verb}: ${after.announced}, after it`),
        { frame: elsewhere.firstFrame, quote: null, note },
      ],
    }
  },

  texts: {
    message({ verb, before, after, count }) {
      const names = `${verb} names ${before.announced} before it (${before.client} to ${before.server})`
      const others = count > 1 ? `; ${count} announcements were rewritten in total` : ''
      const renames = `${after.announced} after it (${after.client} to ${after.server})`
      return `A middlebox on the path rewrites announcements: ${names} and ${renames}${others}.`
    },
  },

  remedy: () => ['no change needed while it works; with TLS the middlebox can no longer rewrite announcements'],
})

/** Whether an announcement passes this side first: what a client says the side that is nearer to the client. */
function isFirst({ verb, here, there }: Change, { isNearerToClient }: Elsewhere): boolean {
  if (isNearerToClient === null) return here.frame < there.frame
  return isActive(verb) !== isNearerToClient
}

function isActive(verb: AnnouncementVerb): boolean {
  return verb === 'PORT' || verb === 'EPRT' || verb === 'LPRT'
}

export type Named = SameSession['announcements'][number]

export interface Change {
  verb: AnnouncementVerb
  here: Named
  there: Named
}

/** Announcements captured on both sides, in order, whose address or port differs between them. */
function changesBetween(session: Session, elsewhere: SameSession): Change[] {
  const { announcements } = session.dialogue
  const changes: Change[] = []
  for (let i = 0; i < Math.min(announcements.length, elsewhere.announcements.length); i++) {
    const [here, there] = [announcements[i]!, elsewhere.announcements[i]!]
    if (here.verb !== there.verb) break
    if (here.port === null || there.port === null) continue
    if (here.address !== there.address || here.port !== there.port) changes.push({ verb: here.verb, here, there })
  }
  return changes
}

function sideOf({ client, server }: Pick<SameSession, 'client' | 'server'>, { address, port }: Named): CapturedSide {
  return { client: client.address, server: server.address, announced: endpointText(address, port) }
}
