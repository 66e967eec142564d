import { resetOrigin } from '../../facts/reset-origin.js'
import { defineRule, repliesOf, vantageOf, type Evidence } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { Direction, opposite, type ResetSighting, type Sighting } from '../../../tcp/connection.js'
import { retransmittedAfter, unseenDirection } from '../../facts/control.js'
import { at, commandLine, endpointText, replyLine, resetEvidence } from '../../words/evidence.js'
import { type Side } from '../../rule.js'

/** Address translators forget idle connections after a minute at the earliest; stricter ones exist. */
const USUAL_TIMER_NS = 60e9
/** With a transfer to explain the silence, a shorter one is believed, too. */
const SHORT_SILENCE_NS = 5e9
const REPETITIONS = 2
/** A client that waits this long behind the end of its data misses a reply. */
const CLIENT_PATIENCE_NS = 3e9
/** A first retransmission comes after 0.2 s at the earliest (Linux; RFC 6298 §2.4 has 1 s). */
const MIN_ANSWER_NS = 0.2e9

export const controlIdleDropped = defineRule({
  id: 'control-idle-dropped',
  title: 'idle control connection dropped by a NAT or firewall',
  severity: 'error',
  side: 'path',
  level: 'effect',
  explains: ['capture-ends-inside', 'transfer-unconfirmed'],
  proves: 'firewall',
  remedy: ['Keep the control connection alive, or raise the idle timer of the box on the way'],
  references: ['RFC 5382 §5 REQ-5 (idle timeout of NAT, 2 hours 4 minutes)', 'RFC 1123 §4.1.3.2', 'RFC 9293 §3.8.4'],
  samples: { reports: 'made/control-idle-dropped.pcap', silent: 'made/control-idle-dropped--silent.pcap' },

  *check(session) {
    const { control } = session
    if (unseenDirection(control) !== null) return
    const lost = firstUndelivered(session)
    if (!lost) return
    // Whoever closed before needs no answer any more, and its system resets what comes late.
    if (control.flows.some(({ fin }) => fin !== null && fin.frame < lost.frame)) return
    const silence = lost.time - lost.before.time
    const transfer = runningMeanwhile(session, lost.before, lost)
    // After mere idleness nobody misses the answer to a FIN.
    if (!transfer && (silence < USUAL_TIMER_NS || lost.what === 'FIN')) return
    const proof = proofOf(session, lost)
    if (!proof) return
    const keptAlive = control.flows[0].keepAlives + control.flows[1].keepAlives > 0
    const client = control.initiator.address
    const server = endpointText(control.responder.address, control.responder.port)
    const sender = lost.direction === Direction.FromInitiator ? client : server
    yield {
      side: sideOf(session, proof.reset),
      confidence:
        keptAlive || !transfer
          ? 'low'
          : proof.foreign || (silence >= USUAL_TIMER_NS && !proof.reset)
            ? 'high'
            : 'medium',
      message: `The control connection of ${client} to ${server} was silent for ${seconds(silence)}${
        transfer ? ` while ${transfer.transfer?.command.command ?? 'data'} ran` : ''
      }; what ${sender} said then (${lost.what}) ${proof.words}. Something on the way forgot the idle connection.`,
      evidence: [
        at(lost, `${lost.what}, the first after ${seconds(silence)} of silence`),
        ...proof.evidence,
        at(lost.before, 'last packet before the silence'),
        ...(transfer?.connection ? [at(transfer.connection.last, 'last packet of the data connection')] : []),
      ],
      remedy: [
        'on the box: a longer idle timer for TCP (Linux: net.netfilter.nf_conntrack_tcp_timeout_established; Cisco ASA: timeout conn; LVS: ipvsadm --set; cloud balancers: idle timeout), at least as long as the longest transfer',
        'in the client: TCP keepalive on the control connection (curl --keepalive-time 30; Linux: net.ipv4.tcp_keepalive_time), or NOOP during transfers where the server allows it',
        'on the server: TCP keepalive (ProFTPD SocketOptions keepalive on; Linux: net.ipv4.tcp_keepalive_time below the timer of the box)',
      ],
      rivals: ['command-unanswered'],
    }
  },
})

/** The first word that its receiver never acknowledged, and the last packet before it. */
interface Undelivered extends Sighting {
  direction: Direction
  what: string
  before: Sighting
}

function firstUndelivered(session: Session): Undelivered | null {
  const { control, dialogue } = session
  const [client, server] = control.flows
  const spoken: Omit<Undelivered, 'before'>[] = []
  for (const exchange of dialogue.exchanges) {
    if (exchange.command !== null && exchange.streamEnd > client.acknowledged)
      spoken.push({ ...when(exchange), direction: Direction.FromInitiator, what: commandLine(exchange) })
  }
  const last = [...repliesOf(session)].reduce<Sighting | null>(
    (latest, { reply }) => (latest && latest.time >= reply.time ? latest : reply),
    null,
  )
  if (last && server.acknowledged < server.end) {
    const reply = [...repliesOf(session)].find((said) => said.reply === last)!.reply
    spoken.push({ ...when(reply), direction: Direction.FromResponder, what: replyLine(reply) })
  }
  // The client waited for a 226 in vain, and not even its FIN is acknowledged.
  if (client.fin && !server.fin && client.acknowledged <= client.finOffset)
    spoken.push({ ...when(client.fin), direction: Direction.FromInitiator, what: 'FIN' })
  const first = spoken.reduce<Omit<Undelivered, 'before'> | null>(
    (earliest, word) => (earliest && earliest.time <= word.time ? earliest : word),
    null,
  )
  return first && { ...first, before: lastBefore(session, first) }
}

function when({ frame, time }: Sighting): Sighting {
  return { frame, time }
}

/** The last words on the control connection before a moment. */
function lastBefore(session: Session, end: Sighting): Sighting {
  let last: Sighting = session.control.established ?? session.control.first
  const look = (sighting: Sighting) => {
    if (sighting.time > last.time && sighting.frame < end.frame) last = when(sighting)
  }
  for (const exchange of session.dialogue.exchanges) {
    look(exchange)
    exchange.replies.forEach(look)
  }
  return last
}

/** The data connection that moved bytes for long during a silence. */
function runningMeanwhile(session: Session, start: Sighting, end: Sighting): DataChannel | null {
  return (
    session.channels.find(({ connection }) => {
      if (!connection || connection.flows[0].end + connection.flows[1].end === 0) return false
      const overlap = Math.min(connection.last.time, end.time) - Math.max(connection.first.time, start.time)
      return overlap >= SHORT_SILENCE_NS
    }) ?? null
  )
}

interface Proof {
  words: string
  evidence: Evidence[]
  reset: ResetSighting | null
  foreign: boolean
}

function proofOf(session: Session, lost: Undelivered): Proof | null {
  const { control } = session
  const receiver = opposite(lost.direction)
  const reset = control.resets.find((r) => r.direction === receiver && r.time >= lost.time)
  if (reset) {
    const name = (receiver === Direction.FromInitiator ? control.initiator : control.responder).address
    const { foreign, usual } = resetOrigin(session, control, reset)
    return {
      words: `was answered by RST in the name of ${name}${foreign ? `, with TTL ${reset.hopLimit} instead of ${usual}` : ''}`,
      evidence: [resetEvidence(reset, name)],
      reset,
      foreign,
    }
  }
  if (lost.what === 'FIN') {
    // The client waited for the 226 before it gave up, and its FIN had time for an answer.
    const done = Math.max(0, ...session.channels.map(({ connection }) => connection?.last.time ?? 0))
    const patience = Math.max(MIN_ANSWER_NS, 4 * (control.roundTrip ?? 0))
    if (lost.time - done < CLIENT_PATIENCE_NS || session.judgedAt - lost.time < patience) return null
    return { words: 'was never acknowledged, and no reply had come', evidence: [], reset: null, foreign: false }
  }
  const repeated = retransmittedAfter(control, lost.direction, lost.time)
  if (repeated.length < REPETITIONS) return null
  return {
    words: `was sent again ${repeated.length === 8 ? 'at least 8' : repeated.length} times and never acknowledged`,
    evidence: repeated.map((sighting) => at(sighting, `again, ${seconds(sighting.time - lost.time)} later`)),
    reset: null,
    foreign: false,
  }
}

/** A box that answers in a host's name stands between that host and the point of capture. */
function sideOf(session: Session, reset: ResetSighting | null): Side {
  if (!reset) return 'path'
  const vantage = vantageOf(session).at
  if (vantage === 'server' && reset.direction === Direction.FromInitiator) return 'path'
  return vantage === 'client' && reset.direction === Direction.FromResponder ? 'path' : 'unknown'
}
