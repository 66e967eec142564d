import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Announcement, AnnouncementVerb } from '../../../ftp/model.js'
import { negativeReply } from '../../facts/attempt.js'
import { type FormOddity, unusedForItsForm } from '../../facts/announcement-form.js'
import type { Departure } from '../../facts/departure.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { extendedRemedy, notExtendedRemedy } from '../../remedies/mode-remedies.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  announcementEvidence,
  at,
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { duration } from '../../words/quantities.js'
import { Quote, type Shown } from '../../words/quote.js'

export interface Malformed extends Fact {
  kind: 'malformed'
  /** Who sent the announcement. */
  by: 'client' | 'server'
  /** Why it cannot be parsed: "octet 300 is larger than 255". */
  reason: Quote
  verb: AnnouncementVerb
  /** Code of the reply to a passive verb; `null` for an active one. */
  code: number | null
  /** A host name stands where numbers belong. */
  hostName: boolean
  /** The reply as it was sent; `null` for an active verb, whose argument the evidence shows. */
  reply: ReplyFact | null
  /** The line after the reply, which has no code although it may hold the numbers. */
  nextLine: Quote | null
}

/** Readable, but not for this client, which gave up as soon as it had read it. */
export interface Unusual extends Fact {
  kind: 'unusual'
  verb: AnnouncementVerb
  code: number
  oddity: Exclude<FormOddity, 'other-reply'>
  leftNs: number
}

export const announcementMalformed = defineRule<Malformed | Unusual>({
  id: 'announcement-malformed',
  title: 'malformed PORT/PASV announcement',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['passive-unusable-address', 'port-bounce'],
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2, §5.3.2 (host-port)', 'RFC 1123 §4.1.2.6', 'RFC 2428 §2, §3'],
  samples: { reports: 'made/announcement-malformed.pcap', silent: 'made/announcement-malformed--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    for (const channel of session.channels) {
      const { announcement, transfer } = channel
      if (!announcement) continue
      const reason = announcement.malformed ?? addressMissing(facts, channel)
      if (reason === null) {
        const unused = unusedForItsForm(facts, channel)
        if (unused && unused.oddity !== 'other-reply') yield unusual(channel, announcement, unused.oddity, unused.step)
        continue
      }
      const by = announcement.mode === 'passive' ? 'server' : 'client'
      const reply = transfer ? negativeReply(channel) : null
      const next = by === 'server' ? lineAfter(session, announcement) : null
      yield {
        fact: {
          kind: 'malformed',
          by,
          reason: new Quote(reason),
          verb: announcement.verb,
          code: announcement.mode === 'passive' ? announcement.reply!.code : null,
          hostName: announcement.mode === 'passive' && hasHostName(announcement.reply!.text),
          reply: announcement.mode === 'passive' ? replyFact(announcement.reply!) : null,
          nextLine: next && new Quote(next.text),
        },
        severity: hurts(channel) ? 'error' : 'warning',
        side: by,
        confidence: 'high',
        evidence: [
          announcementEvidence(announcement),
          ...(next ? [phraseEvidence(next, 'next line without a code: "', next.text, '"')] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'unusual' ? 'announcement in a form that the client cannot read' : null),
    message(fact) {
      if (fact.kind === 'unusual') return unusualWords(fact)
      const wanted = fact.hostName ? '; six numbers are required, not a host name' : ''
      const broken = fact.nextLine === null ? '' : `; the next line, "${fact.nextLine}", has no reply code`
      const said = fact.reply === null ? '' : ` in reply to ${fact.verb}, "${replyWords(fact.reply)}"`
      const sent = `The ${fact.by} sent a malformed announcement of a data connection${said}`
      return `${sent}: ${fact.reason}${wanted}${broken}.`
    },
  },

  remedy(fact, context) {
    if (fact.kind === 'malformed' && fact.by === 'client') return ['update the client', 'or use passive mode']
    const other = `or ${otherVerbRemedy(fact.code, context)}`
    if (fact.kind === 'unusual')
      return [`have the server send the usual form: ${USUAL[fact.code] ?? USUAL[227]!}`, other]
    return [fact.hostName ? numericRemedy(context) : 'update the server', other]
  },
})

const USUAL: Readonly<Record<number, string>> = {
  227: '227 Entering Passive Mode (h1,h2,h3,h4,p1,p2).',
  228: '228 Entering Long Passive Mode (4,4,h1,h2,h3,h4,2,p1,p2).',
  229: '229 Entering Extended Passive Mode (|||port|)',
}

const ODDITIES: Readonly<Record<Unusual['oddity'], string>> = {
  'no-parentheses': 'has no parentheses around its numbers',
  'several-lines': 'extends over several lines',
  spaces: 'has spaces between its numbers',
  'address-in-229': 'contains an address, where RFC 2428 allows only the port',
}

function unusual(
  channel: DataChannel,
  announcement: Announcement,
  oddity: Unusual['oddity'],
  step: Departure,
): Observation<Unusual> {
  const { verb, reply, time } = announcement
  const confidence = step.how === 'other' ? 'high' : 'medium'
  return {
    fact: { kind: 'unusual', verb, code: reply!.code, oddity, leftNs: step.time - time },
    confidence,
    evidence: [announcementEvidence(announcement), at(step, 'the client gives up without a data connection')],
    rivals: ['passive-not-attempted'],
    channel,
  }
}

function unusualWords({ verb, code, oddity, leftNs }: Shown<Unusual>): string {
  const end = `the client gave up ${duration(leftNs)} after it, without a data connection`
  return `The ${code} reply to ${verb} ${ODDITIES[oddity]}, which strict clients cannot read; ${end}.`
}

/** A 229 that is damaged says nothing about the 227 of the same server, and vice versa. */
function otherVerbRemedy(code: number | null, context: RemedyContext): string {
  return code === 229 ? notExtendedRemedy(context) : extendedRemedy(context)
}

function numericRemedy(context: RemedyContext): string {
  const { address } = context.session.server
  const meaning = `announce a numeric address such as ${address}, not a host name or URL`
  return serverRemedy(context.serverSoftware, meaning, (s) => s.passiveAddress?.(address))
}

/** `(files.example.net,195,80)`, `(localhost,195,80)`, `(ftp://files.example.net:50000)`: a name before the port. */
function hasHostName(text: string): boolean {
  const searched = text.slice(0, SEARCHED)
  if (/[A-Za-z][\w.-]{0,255}\s{0,8},\s{0,8}\d{1,5}\s{0,8},\s{0,8}\d{1,5}(?![\s,]{0,8}\d)/.test(searched)) return true
  return /[A-Za-z][\w-]{0,63}\.[A-Za-z][\w.-]{0,255}[,:]\s{0,8}\d/.test(searched)
}
/** Characters searched for a host name. */
const SEARCHED = 1024

/** `227 Entering Passive Mode`, and the numbers in a line of their own. */
function lineAfter({ dialogue }: Session, { reply, frame, time }: Announcement): Session['dialogue']['uncodedLine'] {
  const line = dialogue.uncodedLine
  if (!line || !reply || line.frame < frame || line.time - time > NEXT_NS) return null
  return /\d{1,8}(?:\s{0,8},\s{0,8}\d{1,8}){5}/.test(line.text) ? line : null
}
/** The next line of a reply may come in a segment of its own, but soon. */
const NEXT_NS = 2e9

/** PASV answered with a positive reply of another kind (200, 202): no client learns a port from it. */
function addressMissing(facts: SessionFacts, { id, announcement, transfer }: DataChannel): string | null {
  const { mode, verb, reply, accepted, refused } = announcement!
  // EPSV has a rule of its own; PASV during a transfer may get the reply to that.
  if (mode !== 'passive' || verb === 'EPSV' || !reply || accepted || refused || transfer) return null
  if (reply.code >= 400 || facts.lastAccepted > id) return null
  return `the ${reply.code} reply names no address and port`
}

/** A passive reply unless its transfer completed; a command if it was refused or its transfer did not complete. */
function hurts({ announcement, transfer }: DataChannel): boolean {
  if (announcement?.mode === 'passive') return transfer?.outcome !== 'completed'
  return announcement?.refused === true || (transfer !== null && transfer.outcome !== 'completed')
}
