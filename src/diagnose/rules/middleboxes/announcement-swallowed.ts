import { withCommands } from '../../remedies/commands.js'
import type { Session } from '../../../correlate/model.js'
import { lostBytes } from '../../facts/lost-bytes.js'
import { type Announcement, type Exchange, FROM_CLIENT, FROM_SERVER, type Mode } from '../../../ftp/model.js'
import { type Direction, opposite, type StuckSegment } from '../../../tcp/connection.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  announcementEvidence,
  announcementFact,
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  endpointText,
  type Evidence,
  quoteWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
} from '../../words/evidence.js'
import { byteCount, seconds, times } from '../../words/quantities.js'
import { Quote } from '../../words/quote.js'

/** A segment retransmitted this often is not merely delayed. */
const REPETITIONS = 2
/** After the middlebox: the receiver waits at least this long for the lost bytes. */
const WAIT_NS = 3e9
const PASSIVE_VERBS = new Set(['PASV', 'EPSV', 'LPSV', 'CPSV', 'SPSV'])
/** The server ends the session (RFC 959 §4.2.2), regardless of the preceding command. */
const CLOSING = 421

export interface Swallowed extends Fact {
  /**
   * `not-acknowledged`: captured before the middlebox. `hole`: captured after it, where the reply never arrived.
   * `ahead`: the same, where no bytes followed, only the server's sequence numbers show that it replied.
   * `no-announcement`: as the first, but the reply has no more than the code of one.
   */
  kind: 'not-acknowledged' | 'hole' | 'ahead' | 'no-announcement'
  mode: Mode
  /** The announcement, or the command that requested it where the reply is lost. */
  announcement: ReplyFact | CommandFact
  /** Whose segment is lost: the client's address, or the server's address and port, as text. */
  sender: string
  /** Retransmissions of the segment. */
  retransmissions: number
  /** From the announcement to its last retransmission, or from the command to the end. */
  waitedNs: number
  /** Size of the hole, or of what the server sent, in bytes. */
  missingBytes: number
  /** What an ALG may object to. */
  oddity: Oddity | null
  /** Why the announcement cannot be parsed. */
  malformed: Quote | null
}

export type Found = Generator<Observation<Swallowed>>

export const announcementSwallowed = defineRule<Swallowed>({
  id: 'announcement-swallowed',
  title: 'middlebox drops the PORT/PASV message',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: ['capture-ends-inside', 'path-mtu-blackhole', 'capture-loss'],
  proves: 'firewall',
  references: ['Linux nf_conntrack_ftp.c: help(), NF_DROP for a partial match', 'RFC 9293 §3.8.1', 'RFC 1123 §4.1.2.6'],
  samples: { reports: 'made/announcement-swallowed.pcap', silent: 'made/announcement-swallowed--silent.pcap' },
  needs: ['impeded'],

  *check(session, facts) {
    if (facts.unseen !== null || session.control.midstream) return
    const announcement = session.dialogue.announcements.at(-1)
    // What is under TLS is not dropped for what it says.
    if (announcement && !announcement.exchange.encrypted) yield* notAcknowledged(session, announcement)
    yield* neverArrived(session, facts)
    yield* mistaken(session, facts)
  },

  texts: {
    message({ kind, announcement, sender, retransmissions, waitedNs, missingBytes }) {
      const words = `"${quoteWords(announcement)}"`
      if (kind === 'hole') {
        const lost = byteCount(missingBytes)
        const loss = `${lost} of its reply did not arrive within ${seconds(waitedNs)}, although later bytes did`
        return `The server acknowledged ${words}, but ${loss}: a middlebox drops the segment with the port.`
      }
      if (kind === 'ahead') {
        const sent = byteCount(missingBytes)
        const reply = `its sequence numbers show that it sent ${sent} in reply, which never arrived (${seconds(waitedNs)})`
        return `The server acknowledged ${words}, and ${reply}: a middlebox drops the segment with the port.`
      }
      const loss = `was retransmitted ${times(retransmissions)} in ${seconds(waitedNs)} and never acknowledged`
      if (kind === 'no-announcement') {
        const like =
          'it has the code of an announcement, but no address and port, so an FTP helper on the path drops it'
        return `The segment from ${sender} with ${words} ${loss}, while all earlier data got through: ${like}.`
      }
      const others = 'while all earlier data got through and the other host kept sending'
      const cause = 'a middlebox drops exactly this announcement'
      return `The segment from ${sender} with ${words} ${loss}, ${others}: ${cause}.`
    },
  },

  remedy({ kind, mode, oddity, malformed }, context) {
    const { session, serverSoftware } = context
    const { client, server } = session
    if (kind === 'no-announcement')
      return [
        `between ${client.address} and ${server.address}, and on the server: ${INSPECTION_OFF}`,
        'to be sure: the kernel log of nf_conntrack_ftp (Linux) has "nf_ct_ftp: dropping packet: partial matching"',
        serverSoftware?.startsWith('Pure-FTPd')
          ? `on the server (${serverSoftware}): update it; before September 2024 it said goodbye with 227 instead of 221`
          : 'on the server: use 227 and 229 for announcements only, and 221 for goodbye',
      ]
    const other =
      mode === 'active' ? 'passive mode (PASV or EPSV)' : 'EPSV instead of PASV or vice versa, or active mode'
    const objection = malformed ?? (oddity && ODDITIES[oddity])
    return [
      `between ${client.address} and ${server.address}: ${INSPECTION_OFF}`,
      FIXED_RANGE,
      ...(objection === null ? [] : [`what an ALG may object to: ${objection}`]),
      `in the client: use ${other}`,
      'or use TLS, which no ALG can read',
      ...unlessCaptured(
        context,
        'elsewhere',
        'to be sure: capture on both sides of the middlebox; a segment captured on one side only was dropped there',
      ),
    ]
  },
})

const BY_PRODUCT = 'Linux: no ct helper for it; Cisco ASA: inspect ftp without strict; others: FTP ALG off'
const INSPECTION_OFF = `disable FTP inspection as a test (${BY_PRODUCT})`
const FIXED_RANGE = withCommands('without inspection, open a fixed range of passive ports', [
  null,
  'ftpscope firewall CAPTURE --no-helper --for nftables',
])

const ODDITIES = {
  'bare-line-feed': 'the line ends in LF without CR',
  'privileged-port': 'the port is below 1024',
  'address-in-229': 'the 229 reply contains an address',
  'two-blanks': 'two spaces follow the verb',
} as const
export type Oddity = keyof typeof ODDITIES

function oddityOf({ notes, exchange }: Announcement): Oddity | null {
  const noted = (['bare-line-feed', 'privileged-port', 'address-in-229'] as const).find((note) => notes.includes(note))
  return noted ?? (exchange.argument?.startsWith(' ') ? 'two-blanks' : null)
}

/** Before the middlebox: the segment with the announcement is retransmitted and never acknowledged. */
function* notAcknowledged(session: Session, announcement: Announcement): Found {
  const { control } = session
  const { mode, malformed } = announcement
  const direction = mode === 'active' ? FROM_CLIENT : FROM_SERVER
  const { stuck, acknowledged } = control.flows[direction]
  if (!stuck || stuck.times < REPETITIONS || acknowledged > stuck.offset) return
  const sent = mode === 'active' ? announcement.exchange : announcement.reply
  if (!sent || !(mode === 'active' ? holds(stuck, announcement.exchange) : holdsReply(session, stuck, announcement)))
    return
  // A dead path or a dead host is silent in both directions.
  if (control.flows[opposite(direction)].lastTime <= sent.time) return
  const waitedNs = stuck.last.time - sent.time
  const { address, port } = control.responder
  yield {
    fact: {
      kind: 'not-acknowledged',
      mode,
      announcement: announcementFact(announcement),
      sender: mode === 'active' ? control.initiator.address : endpointText(address, port),
      retransmissions: stuck.times,
      waitedNs,
      missingBytes: 0,
      oddity: oddityOf(announcement),
      malformed: malformed === null ? null : new Quote(malformed),
    },
    confidence: stuck.times > REPETITIONS ? 'high' : 'medium',
    evidence: [
      announcementEvidence(announcement, 'never acknowledged'),
      at(stuck.first, 'retransmitted'),
      at(stuck.last, `retransmitted again, ${seconds(waitedNs)} after the first`),
      ...lastOf(session, opposite(direction)),
    ],
    rivals: ['command-unanswered'],
  }
}

function holds({ offset, length }: StuckSegment, { streamStart, streamEnd }: Exchange): boolean {
  return offset < streamEnd && offset + length > streamStart
}

/** A reply with the code of an announcement, such as "227 Logout.", which helpers take for one that is incomplete. */
function* mistaken(session: Session, facts: SessionFacts): Found {
  const { control, dialogue } = session
  const { stuck, acknowledged } = control.flows[FROM_SERVER]
  if (!stuck || stuck.times < REPETITIONS || acknowledged > stuck.offset) return
  const last = facts.replies.at(-1)?.reply
  if (!last || !MISTAKEN.includes(last.code) || last.time > stuck.first.time) return
  if (dialogue.announcements.some(({ reply }) => reply === last)) return
  // A dead path or a dead host is silent in both directions.
  if (control.flows[FROM_CLIENT].lastTime <= last.time) return
  const waitedNs = stuck.last.time - last.time
  const over = control.flows[FROM_CLIENT].fin !== null || dialogue.exchanges.some(({ command }) => command === 'QUIT')
  yield {
    fact: {
      kind: 'no-announcement',
      mode: 'passive',
      announcement: replyFact(last),
      sender: endpointText(control.responder.address, control.responder.port),
      retransmissions: stuck.times,
      waitedNs,
      missingBytes: 0,
      oddity: null,
      malformed: null,
    },
    severity: over ? 'warning' : 'error',
    confidence: stuck.times > REPETITIONS ? 'high' : 'medium',
    evidence: [
      replyEvidence(last, 'never acknowledged'),
      at(stuck.first, 'retransmitted'),
      at(stuck.last, `retransmitted again, ${seconds(waitedNs)} after the first`),
    ],
    rivals: ['control-idle-dropped'],
  }
}
const MISTAKEN = [227, 228, 229]

/** The server retransmits its last reply, and that was the one with the port. */
function holdsReply({ dialogue }: Session, stuck: StuckSegment, { accepted, reply, exchange }: Announcement): boolean {
  if (!accepted || stuck.first.time < exchange.time) return false
  return !dialogue.exchanges.some(({ replies }) =>
    replies.some((other) => other !== reply && other.time > exchange.time),
  )
}

function lastOf(session: Session, direction: Direction): Evidence[] {
  const { lastData } = session.control.flows[direction]
  return lastData ? [at(lastData, 'last payload from the other host')] : []
}

/** After the middlebox: PASV was acknowledged, and its reply is a hole that is never filled. */
function* neverArrived({ control, dialogue, judgedAt }: Session, { closing, vantage }: SessionFacts): Found {
  const [client, server] = [control.flows[FROM_CLIENT], control.flows[FROM_SERVER]]
  const asked = dialogue.exchanges.at(-1)
  if (!asked?.command || !PASSIVE_VERBS.has(asked.command)) return
  // A 421 of the idle timer, after the hole, is counted as a reply to the last command.
  if (asked.replies.some(({ code }) => code !== CLOSING) || client.acknowledged < asked.streamEnd) return
  const { ahead, aheadBytes, firstHole, missingBytes, acknowledged } = server
  const isAhead = firstHole < 0 && aheadBytes > 0 && ahead !== null && ahead.time >= asked.time
  if (isAhead) {
    // At the server, only the capture can have lost it.
    if (acknowledged > server.end || vantage.at === 'server') return
  } else if (firstHole < 0 || acknowledged > firstHole) return
  // The receiver has them all: only the capture lost them.
  const holes = lostBytes(control, FROM_SERVER)
  if (holes.length > 0 && holes.every(({ kind }) => kind === 'lost-by-capture')) return
  const end = closing ?? { ...control.last, time: judgedAt }
  const waitedNs = end.time - asked.time
  if (waitedNs < WAIT_NS) return
  const lost = isAhead ? aheadBytes : missingBytes
  const bytes = byteCount(lost)
  yield {
    fact: {
      kind: isAhead ? 'ahead' : 'hole',
      mode: 'passive',
      announcement: commandFact(asked),
      sender: endpointText(control.responder.address, control.responder.port),
      retransmissions: 0,
      waitedNs,
      missingBytes: lost,
      oddity: null,
      malformed: null,
    },
    confidence: 'medium',
    evidence: [
      commandEvidence(asked, 'acknowledged'),
      ...(isAhead
        ? [at(ahead, `without payload, ${bytes} ahead of what arrived`)]
        : [
            at(server.lastData!, `data after a hole of ${bytes}`),
            at(end, `${seconds(waitedNs)} later, the hole is still not filled`),
          ]),
    ],
    rivals: ['command-unanswered'],
  }
}
