import { isOfOtherHop } from '../../facts/reset-origin.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { FROM_CLIENT, FROM_SERVER, type Reply } from '../../../ftp/model.js'
import { type Direction, opposite, type ResetSighting, type Sighting, SIGHTINGS } from '../../../tcp/connection.js'
import { retransmittedAfter, senderOf } from '../../facts/control.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Side } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  type CommandFact,
  commandFact,
  type Evidence,
  phraseEvidence,
  quoteWords,
  type ReplyFact,
  replyFact,
  resetEvidence,
} from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** The first message after a silence, which its receiver never acknowledged. */
export interface LostWord extends Ends {
  silenceNs: number
  /** The command of the transfer in progress meanwhile, "data" if unknown; `null` if the session was merely idle. */
  meanwhile: string | null
  sender: 'client' | 'server'
  /** What was sent; `null` for a FIN. */
  word: CommandFact | ReplyFact | null
}

/** A RST answered it. */
export interface AnsweredByReset extends Fact {
  kind: 'reset'
  /** Source address of the RST. */
  resetFrom: string
  /** TTL of the RST, and of the host's other packets; `null` if none was captured. */
  ttl: number
  usualTtl: number | null
  /** A different host sent it: the TTLs differ. */
  foreign: boolean
}

/** It was retransmitted repeatedly. */
export interface Repeated extends Fact {
  kind: 'retransmitted'
  /** Retransmissions recorded; there may be more if `all` is false. */
  retransmissions: number
  all: boolean
}

/** A FIN from the client, after it had waited in vain for the reply to a transfer. */
export interface UnansweredFin extends Fact {
  kind: 'fin-unacknowledged'
}

export type Fate = AnsweredByReset | Repeated | UnansweredFin
export type IdleDropped = LostWord & Fate

/** NATs usually drop idle connections after a minute at the earliest; stricter ones exist. */
const USUAL_TIMER_NS = 60e9
/** With a transfer to explain the silence, a shorter one is accepted, too. */
const SHORT_SILENCE_NS = 5e9
const REPETITIONS = 2
/** A client that waits this long after the end of its data is missing a reply. */
const CLIENT_PATIENCE_NS = 3e9
/** A first retransmission comes after 0.2 s at the earliest (Linux; RFC 6298 §2.4 has 1 s). */
const MIN_ANSWER_NS = 0.2e9

export const controlIdleDropped = defineRule<IdleDropped>({
  id: 'control-idle-dropped',
  title: 'idle control connection dropped by a NAT or firewall',
  severity: 'error',
  side: 'path',
  level: 'effect',
  explains: ['capture-ends-inside', 'transfer-unconfirmed'],
  proves: 'firewall',
  references: ['RFC 5382 §5 REQ-5 (idle timeout of NAT, 2 hours 4 minutes)', 'RFC 1123 §4.1.3.2', 'RFC 9293 §3.8.4'],
  samples: { reports: 'made/control-idle-dropped.pcap', silent: 'made/control-idle-dropped--silent.pcap' },

  *check(session, facts) {
    const { control } = session
    if (facts.unseen !== null) return
    const lost = firstUndelivered(facts)
    if (!lost) return
    // A host that has already closed needs no answer, and its operating system resets whatever arrives late.
    if (control.flows.some(({ fin }) => fin !== null && fin.frame < lost.frame)) return
    const silenceNs = lost.time - lost.before.time
    const running = runningMeanwhile(session, lost.before, lost)
    // If the session was merely idle, a missing answer to a FIN does not matter.
    if (!running && (silenceNs < USUAL_TIMER_NS || lost.word === null)) return
    const proof = proofOf(facts, lost)
    if (!proof) return
    const { reset, foreign } = proof
    const keptAlive = control.flows.some(({ keepAlives }) => keepAlives > 0)
    const sure = foreign || (silenceNs >= USUAL_TIMER_NS && !reset)
    yield {
      fact: {
        ...proof.fate,
        ...endsOf(session),
        silenceNs,
        meanwhile: running ? (running.transfer?.command.command ?? 'data') : null,
        sender: senderOf(lost.direction),
        word: lost.word,
      },
      side: sideOf(facts, reset),
      confidence: keptAlive || !running ? 'low' : sure ? 'high' : 'medium',
      evidence: [
        lostEvidence(lost, `, the first message after ${seconds(silenceNs)} of silence`),
        ...proof.evidence,
        at(lost.before, 'last packet before the silence'),
        ...(running?.connection ? [at(running.connection.last, 'last packet of the data connection')] : []),
      ],
      rivals: ['command-unanswered'],
    }
  },

  texts: {
    message(fact) {
      const { client, silenceNs, meanwhile, word } = fact
      const server = endpointWords(fact.server)
      const running = meanwhile === null ? '' : ` while ${meanwhile} was in progress`
      const silent = `The control connection from ${client} to ${server} was silent for ${seconds(silenceNs)}${running}`
      const sender = fact.sender === 'client' ? client : server
      const said = `what ${sender} sent next (${word ? quoteWords(word) : 'FIN'})`
      return `${silent}; ${said} ${fateWords(fact)}. A middlebox dropped its state for the idle connection.`
    },
  },

  remedy() {
    const timers = [
      'Linux: net.netfilter.nf_conntrack_tcp_timeout_established, 432000 by default',
      'Cisco ASA: timeout conn',
      'LVS: ipvsadm --set',
      'cloud load balancers: idle timeout',
    ].join('; ')
    const clients = 'curl --keepalive-time 30; Linux: net.ipv4.tcp_keepalive_time'
    const servers =
      'ProFTPD SocketOptions keepalive on; Linux: net.ipv4.tcp_keepalive_time below the timer of the middlebox'
    const noop = 'send NOOP during transfers if the server allows it'
    return [
      `on the middlebox: set a TCP idle timer at least as long as the longest transfer (${timers})`,
      `in the client: enable TCP keepalive on the control connection (${clients}), or ${noop}`,
      `on the server: enable TCP keepalive (${servers})`,
    ]
  },
})

function fateWords(fact: Shown<Fate>): string {
  switch (fact.kind) {
    case 'reset': {
      const unlike = isOfOtherHop(fact.ttl, fact.usualTtl)
      const sender = unlike ? `with TTL ${fact.ttl} instead of ${fact.usualTtl}` : 'which that host did not send'
      const look = fact.foreign ? `, ${sender}` : ''
      return `was answered by a RST with source address ${fact.resetFrom}${look}`
    }
    case 'retransmitted': {
      const count = `${fact.all ? '' : 'at least '}${times(fact.retransmissions)}`
      return `was retransmitted ${count} and never acknowledged`
    }
    case 'fin-unacknowledged':
      return 'was never acknowledged, and no reply had arrived'
  }
}

/** A message that its receiver never acknowledged. */
export interface Undelivered extends Sighting {
  direction: Direction
  /** `null` for a FIN. */
  word: CommandFact | ReplyFact | null
}

/** The first such message, and the last packet before it. */
function firstUndelivered(facts: SessionFacts): (Undelivered & { before: Sighting }) | null {
  const first = undelivered(facts).reduce<Undelivered | null>(
    (earliest, word) => (earliest && earliest.time <= word.time ? earliest : word),
    null,
  )
  return first && { ...first, before: facts.lastOnControlBefore(first) }
}

function undelivered({ session: { control, dialogue }, replies }: SessionFacts): Undelivered[] {
  const [client, server] = control.flows
  const lost: Undelivered[] = []
  for (const exchange of dialogue.exchanges) {
    const { command, frame, time, streamEnd } = exchange
    if (command !== null && streamEnd > client.acknowledged)
      lost.push({ frame, time, direction: FROM_CLIENT, word: commandFact(exchange) })
  }
  const last = replies.reduce<Reply | null>(
    (latest, { reply }) => (latest && latest.time >= reply.time ? latest : reply),
    null,
  )
  if (last && server.acknowledged < server.end)
    lost.push({ frame: last.frame, time: last.time, direction: FROM_SERVER, word: replyFact(last) })
  // The client waited in vain for a 226, and not even its FIN is acknowledged.
  if (client.fin && !server.fin && client.acknowledged <= client.finOffset)
    lost.push({ ...client.fin, direction: FROM_CLIENT, word: null })
  return lost
}

function lostEvidence(lost: Undelivered, note: string): Evidence {
  const { word } = lost
  if (!word) return at(lost, `FIN${note}`)
  if ('code' in word) return phraseEvidence(lost, '', `${word.code} ${word.text.text}`, note)
  const argument = word.argument ? ` ${word.argument.text}` : ''
  return phraseEvidence(lost, '', word.command.text + argument, note)
}

/** The data connection that was busy for a long part of a silence. */
function runningMeanwhile({ channels }: Session, start: Sighting, end: Sighting): DataChannel | null {
  const running = channels.find(({ connection }) => {
    if (!connection || connection.flows[0].end + connection.flows[1].end === 0) return false
    const overlap = Math.min(connection.last.time, end.time) - Math.max(connection.first.time, start.time)
    return overlap >= SHORT_SILENCE_NS
  })
  return running ?? null
}

/** What shows that a message was lost. */
export interface Proof {
  fate: Fate
  evidence: Evidence[]
  reset: ResetSighting | null
  foreign: boolean
}

function proofOf(facts: SessionFacts, lost: Undelivered): Proof | null {
  const receiver = opposite(lost.direction)
  const reset = facts.session.control.resets.find((each) => each.direction === receiver && each.time >= lost.time)
  if (reset) return resetProof(facts, reset)
  return lost.word === null ? finProof(facts, lost) : repetitionProof(facts, lost)
}

function resetProof(facts: SessionFacts, reset: ResetSighting): Proof {
  const { control, client, server } = facts.session
  const resetFrom = (reset.direction === FROM_CLIENT ? client : server).address
  const { foreign, usual } = facts.origin(control, reset)
  return {
    fate: { kind: 'reset', resetFrom, ttl: reset.hopLimit, usualTtl: usual, foreign },
    evidence: [resetEvidence(reset, resetFrom)],
    reset,
    foreign,
  }
}

/** The client waited for the 226 before it gave up, and there was time to answer its FIN. */
function finProof({ session }: SessionFacts, fin: Sighting): Proof | null {
  const done = session.channels.reduce((latest, { connection }) => Math.max(latest, connection?.last.time ?? 0), 0)
  const patience = Math.max(MIN_ANSWER_NS, 4 * (session.control.roundTrip ?? 0))
  if (fin.time - done < CLIENT_PATIENCE_NS || session.judgedAt - fin.time < patience) return null
  return { fate: { kind: 'fin-unacknowledged' }, evidence: [], reset: null, foreign: false }
}

function repetitionProof({ session }: SessionFacts, lost: Undelivered): Proof | null {
  const repeated = retransmittedAfter(session.control, lost.direction, lost.time)
  if (repeated.length < REPETITIONS) return null
  return {
    fate: { kind: 'retransmitted', retransmissions: repeated.length, all: repeated.length < SIGHTINGS },
    evidence: repeated.map((again) => at(again, `retransmitted ${seconds(again.time - lost.time)} later`)),
    reset: null,
    foreign: false,
  }
}

/** A middlebox that answers with a host's source address is between that host and the observation point. */
function sideOf({ vantage: { at: place } }: SessionFacts, reset: ResetSighting | null): Side {
  if (!reset) return 'path'
  return place !== senderOf(reset.direction) && (place === 'server' || place === 'client') ? 'path' : 'unknown'
}
