import type { DataChannel } from '../../../correlate/model.js'
import type { Announcement, AnnouncementVerb } from '../../../ftp/model.js'
import { type Arrival, arrivalOf, type Translation, translationOf } from '../../facts/announcement-translation.js'
import { negativeReply } from '../../facts/attempt.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { hasMissed } from '../../places/whereabouts.js'
import { isPublic } from '../../../wire/address-scope.js'
import { defineRule, type Fact, type Observation, type Side } from '../../rule.js'
import { at, endpointText, replyEvidence } from '../../words/evidence.js'

type Kind =
  /** The host that announced has another address there. */
  | 'other-address'
  /** What was announced was right there, and what the device wrote is not. */
  | 'was-right'
  /** The device passes connections to the port that it wrote to another port than the announced one. */
  | 'other-port'
  /** The device passes no connection to the port that it wrote. */
  | 'not-mapped'
  /** What it wrote is no announcement. */
  | 'malformed'

export interface RewrittenWrongly extends Fact {
  kind: Kind
  verb: AnnouncementVerb
  /** What was announced and what the device wrote, as text, and the captures before and after it. */
  announced: string
  written: string
  before: string
  after: string
  by: 'client' | 'server'
  /** The address of the host that announced, as seen after the device. */
  announcer: string
  /** Of `other-port`: where the connection came to. */
  port?: number
  /** Of the two numbers of the port (RFC 959 §4.1.2), the only one that was changed. */
  onlyNumber?: 'first' | 'second'
  /** Of `malformed`: why. */
  why?: string
}

export const announcementRewrittenWrongly = defineRule<RewrittenWrongly>({
  id: 'announcement-rewritten-wrongly',
  title: 'FTP ALG rewrites the announcement wrongly',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: [
    'announcement-rewritten',
    'announcement-malformed',
    'announcement-family-mismatch',
    'passive-private-address',
    'passive-unusable-address',
    'passive-address-mismatch',
    'passive-public-address-inside',
    'passive-port-outlier',
    'active-private-address',
    'active-address-mismatch',
    'port-bounce',
  ],
  proves: 'translator',
  tellsWhere: () => true,
  references: ['RFC 2663 §2.9', 'RFC 3022 §4.4', 'RFC 3027 §4.1'],
  samples: {
    reports: ['made/announcement-rewritten-wrongly.pcap', 'made/announcement-rewritten-wrongly--at-server.pcap'],
    silent: ['made/announcement-rewritten-wrongly--silent.pcap', 'made/sequence-numbers-uncorrected--at-server.pcap'],
  },

  needs: ['elsewhere'],
  *check(session, { path }) {
    if (!path) return
    for (const channel of session.channels) {
      const translation = translationOf(channel, path)
      if (translation) yield* wrong(translation, channel, path)
    }
  },

  texts: {
    message(fact) {
      const { verb, announced, written, before, after, by } = fact
      const words = by === 'server' ? `answer to ${verb}` : verb
      const device = `A device between ${before} and ${after} rewrites the ${by}'s ${words}`
      return `${device}: it makes ${written} of ${announced}. ${consequence(fact)}`
    },
  },

  remedy: ({ by }) => [
    'in the firewalls and NATs on the path: update the FTP ALG, or turn FTP inspection off',
    by === 'server'
      ? 'without an ALG: let the server announce its public address, and forward a fixed passive range'
      : 'without an ALG: use passive mode',
  ],
})

function consequence({
  kind,
  written,
  announced,
  announcer,
  by,
  after,
  port,
  onlyNumber,
  why,
}: RewrittenWrongly): string {
  const part = onlyNumber ? ` Of the two numbers of the port it changed the ${onlyNumber} only.` : ''
  switch (kind) {
    case 'malformed':
      return `What it writes is no valid announcement: ${why!}.`
    case 'was-right':
      return `The ${by} is ${announcer} for ${after}, as it had announced: the data connection is sent elsewhere.`
    case 'other-address':
      return `The ${by} is ${announcer} for ${after}: the data connection to ${written} does not reach it.`
    case 'other-port':
      return `The data connection to ${written} leaves it to port ${port!}, which nobody announced.${part}`
    case 'not-mapped':
      return `The data connection to ${written} enters it and never leaves it: it has no mapping to ${announced}.${part}`
  }
}

type Verdict = Pick<RewrittenWrongly, 'kind' | 'port' | 'why'> & { isCertain: boolean }

function* wrong(
  translation: Translation,
  channel: DataChannel,
  path: PathFacts,
): Generator<Observation<RewrittenWrongly>> {
  const { before, after, announcer } = translation
  const arrival = arrivalOf(translation, path)
  const found = verdictOf(translation, arrival, hasMissed(path, translation.before.slot))
  if (!found) return
  const { isCertain, ...rest } = found
  const [from, to] = [before.announcement, after.announcement]
  const file = (slot: number): string => path.places[slot]!.file
  const reply = negativeReply(channel)
  const onlyNumber = onlyNumberOf(from, to)
  yield {
    fact: {
      ...rest,
      verb: from.verb,
      announced: textOf(from),
      written: textOf(to),
      before: file(before.slot),
      after: file(after.slot),
      by: channel.mode === 'passive' ? 'server' : 'client',
      announcer,
      ...(onlyNumber && (rest.kind === 'other-port' || rest.kind === 'not-mapped') && { onlyNumber }),
    },
    side: sideOf(before.slot, after.slot, path),
    confidence: isCertain ? 'high' : 'medium',
    evidence: [
      at(from, `${from.verb}: ${textOf(from)}, before the device`),
      at(to, `${to.verb}: ${textOf(to)}, after it`),
      ...(arrival
        ? [
            at(
              { frame: arrival.frame },
              arrival.kind === 'lost' ? 'SYN to it, which never leaves the device' : `SYN, as it leaves the device`,
            ),
          ]
        : []),
      ...(reply ? [replyEvidence(reply)] : []),
    ],
    rivals: isCertain ? [] : [channel.mode === 'passive' ? 'passive-port-unanswered' : 'active-port-unanswered'],
    channel,
  }
}

/** What is wrong with what the device wrote; `null` if nothing shows that it is. */
function verdictOf(
  { before, after, announcer }: Translation,
  arrival: Arrival | null,
  mayHaveMissed: boolean,
): Verdict | null {
  const [from, to] = [before.announcement, after.announcement]
  if (to.malformed !== null)
    return from.malformed === null ? { kind: 'malformed', why: to.malformed, isCertain: true } : null
  if (to.port === null || from.port === null) return null
  if (arrival?.kind === 'arrived')
    return arrival.port === from.port ? null : { kind: 'other-port', port: arrival.port, isCertain: true }
  if (to.address !== null && to.address !== from.address && to.address !== announcer) {
    if (from.address === announcer) return { kind: 'was-right', isCertain: true }
    // A server may have several public addresses: another one may be right, and blocked.
    return { kind: 'other-address', isCertain: !isPublic(to.address) && isPublic(announcer) }
  }
  if (to.port === from.port || arrival?.kind !== 'lost') return null
  if (mayHaveMissed && !arrival.certain) return null
  // With one router in between, that is the device.
  return { kind: 'not-mapped', isCertain: arrival.routers !== null && arrival.routers <= 1 }
}

function onlyNumberOf({ verb, port: one }: Announcement, { port: other }: Announcement): 'first' | 'second' | null {
  if ((verb !== 'PORT' && verb !== 'PASV') || one === null || other === null || one === other) return null
  if ((one & 0xff) === (other & 0xff)) return 'first'
  return one >> 8 === other >> 8 ? 'second' : null
}

function sideOf(before: number, after: number, { positions }: PathFacts): Side {
  const ends = [positions[before], positions[after]]
  const [atClient, atServer] = [ends.includes('client'), ends.includes('server')]
  if (atClient === atServer) return 'path'
  return atClient ? 'client-network' : 'server-network'
}

function textOf({ address, port }: Announcement): string {
  return address === null ? `port ${port ?? 'unknown'}` : endpointText(address, port)
}
