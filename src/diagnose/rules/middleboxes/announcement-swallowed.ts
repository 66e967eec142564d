import { defineRule, type Evidence, type Observation } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import type { Announcement, Exchange } from '../../../ftp/model.js'
import { Direction, opposite, type StuckSegment } from '../../../tcp/connection.js'
import { closingOf, unseenDirection } from '../../facts/control.js'
import {
  announcementEvidence,
  at,
  commandEvidence,
  commandLine,
  endpointText,
  replyLine,
} from '../../words/evidence.js'

/** A segment sent so often again is not merely delayed. */
const REPETITIONS = 2
/** Behind the box: the receiver waits for the lost bytes at least so long. */
const WAIT_NS = 3e9
const PASSIVE_VERBS = new Set(['PASV', 'EPSV', 'LPSV', 'CPSV', 'SPSV'])

export const announcementSwallowed = defineRule({
  id: 'announcement-swallowed',
  title: 'middlebox drops the PORT/PASV message',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: ['capture-ends-inside', 'path-mtu-blackhole'],
  proves: 'firewall',
  remedy: ['Switch the FTP helper or inspection on the boxes between the two off to compare, and update it'],
  references: ['Linux nf_conntrack_ftp.c: help(), NF_DROP for a partial match', 'RFC 9293 §3.8.1', 'RFC 1123 §4.1.2.6'],
  samples: { reports: 'made/announcement-swallowed.pcap', silent: 'made/announcement-swallowed--silent.pcap' },

  *check(session) {
    if (unseenDirection(session.control) !== null || session.control.midstream) return
    const announcement = session.dialogue.announcements.at(-1)
    if (announcement?.mode === 'active') yield* sentInVain(session, announcement, Direction.FromInitiator)
    else if (announcement?.reply) yield* sentInVain(session, announcement, Direction.FromResponder)
    yield* neverArrived(session)
  },
})

/** Before the box: the segment with the announcement is repeated and never acknowledged. */
function* sentInVain(session: Session, announcement: Announcement, direction: Direction): Generator<Observation> {
  const { control } = session
  const flow = control.flows[direction]
  const { stuck } = flow
  if (!stuck || stuck.times < REPETITIONS || flow.acknowledged > stuck.offset) return
  if (
    direction === Direction.FromInitiator
      ? !holds(stuck, announcement.exchange)
      : !holdsReply(session, stuck, announcement)
  )
    return
  // A dead way, or a dead host, is silent in both directions.
  const other = control.flows[opposite(direction)]
  const sent = direction === Direction.FromInitiator ? announcement.exchange : announcement.reply!
  if (other.lastTime <= sent.time) return
  const sender =
    direction === Direction.FromInitiator
      ? control.initiator.address
      : endpointText(control.responder.address, control.responder.port)
  const words =
    direction === Direction.FromInitiator ? commandLine(announcement.exchange) : replyLine(announcement.reply!)
  const trying = stuck.last.time - sent.time
  yield {
    confidence: stuck.times > REPETITIONS ? 'high' : 'medium',
    message: `The segment of ${sender} with "${words}" was sent again ${times(stuck.times)} in ${seconds(trying)} and never acknowledged, while all before it passed and the other side went on speaking: something on the way drops exactly this announcement.`,
    evidence: [
      announcementEvidence(announcement, 'never acknowledged'),
      at(stuck.first, 'sent again'),
      at(stuck.last, `again, ${seconds(trying)} after the first`),
      ...lastOf(session, opposite(direction)),
    ],
    remedy: remedyOf(session, announcement.exchange, oddityOf(announcement)),
    rivals: ['command-unanswered'],
  }
}

function holds(stuck: StuckSegment, exchange: Exchange): boolean {
  return stuck.offset < exchange.streamEnd && stuck.offset + stuck.length > exchange.streamStart
}

/** The server repeats what it said last, and that was the answer with the port. */
function holdsReply(session: Session, stuck: StuckSegment, announcement: Announcement): boolean {
  const { reply, exchange } = announcement
  if (!reply || !announcement.accepted || stuck.first.time < exchange.time) return false
  const later = session.dialogue.exchanges.some((other) =>
    other.replies.some((r) => r !== reply && r.time > exchange.time),
  )
  return !later
}

/** Behind the box: PASV was acknowledged, and where its answer should be the stream has a hole that is never filled. */
function* neverArrived(session: Session): Generator<Observation> {
  const { control, dialogue } = session
  const server = control.flows[Direction.FromResponder]
  const asked = dialogue.exchanges.at(-1)
  if (!asked?.command || !PASSIVE_VERBS.has(asked.command) || asked.replies.length > 0) return
  if (control.flows[Direction.FromInitiator].acknowledged < asked.streamEnd) return
  if (server.firstHole < 0 || server.acknowledged > server.firstHole) return
  const end = closingOf(control) ?? { ...control.last, time: session.judgedAt }
  const waited = end.time - asked.time
  if (waited < WAIT_NS) return
  yield {
    confidence: 'medium',
    message: `The server acknowledged "${commandLine(asked)}", and of its answer ${server.missingBytes} bytes never arrived in ${seconds(waited)} although what it sent behind them did: something on the way drops the segment with the port.`,
    evidence: [
      commandEvidence(asked, 'acknowledged'),
      at(server.lastData ?? control.last, `bytes behind a hole of ${server.missingBytes}`),
      at(end, `${seconds(waited)} later the hole is still open`),
    ],
    remedy: remedyOf(session, asked, null),
    rivals: ['command-unanswered'],
  }
}

/** What a tracker may have objected to. */
function oddityOf({ malformed, notes, exchange }: Announcement): string | null {
  if (malformed !== null) return malformed
  if (notes.includes('bare-line-feed')) return 'the line ends in LF without CR'
  if (notes.includes('privileged-port')) return 'the port is below 1024'
  if (notes.includes('address-in-229')) return 'the 229 names an address'
  return exchange.argument?.startsWith(' ') ? 'two blanks behind the verb' : null
}

function remedyOf(session: Session, exchange: Exchange, oddity: string | null): string[] {
  const { client, server } = session
  return [
    `between ${client.address} and ${server.address}: FTP helper or inspection off to compare (Linux: no ct helper for it; Cisco ASA: inspect ftp without strict; other boxes: FTP ALG off); then the passive range is opened as fixed ports: ftpscope firewall CAPTURE --no-helper --for nftables`,
    ...(oddity === null ? [] : [`an oddity that trackers stumble over: ${oddity}`]),
    `in the client: the other mode, or the extended form (${exchange.command === 'PORT' || exchange.command === 'EPRT' ? 'PASV, EPSV' : 'EPSV instead of PASV or the reverse'}); or TLS, which no tracker reads`,
    'to settle it: capture on both sides of the box; the segment that only one side shows was swallowed there',
  ]
}

function lastOf(session: Session, direction: Direction): Evidence[] {
  const { lastData } = session.control.flows[direction]
  return lastData ? [at(lastData, 'last payload of the other side')] : []
}
