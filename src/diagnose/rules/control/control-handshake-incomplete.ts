import type { Session } from '../../../correlate/model.js'
import { FROM_CLIENT, FROM_SERVER } from '../../../ftp/model.js'
import type { ResetSighting, Sighting } from '../../../tcp/connection.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact, type Observation, type Side } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, synEvidence } from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** A SYN,ACK that was never acknowledged. */
export interface UnacknowledgedAnswer extends Fact, Ends {
  /**
   * The client answered it with RST, it retransmitted its SYN nevertheless, or it did neither: then it has the SYN,ACK,
   * and its acknowledgment was lost before the observation point.
   */
  kind: 'client-resets' | 'client-repeats' | 'client-silent'
  tries: number
  synAcks: number
  /** Captured at the client. */
  atClient: boolean
}

/** An acknowledgment that was captured but did not reach the server. */
export interface LostAcknowledgment extends Fact, Ends {
  kind: 'server-repeats'
  /** SYN,ACKs captured after the acknowledgment. */
  synAcks: number
}

/** How long the client has to acknowledge; after that a single SYN,ACK counts as unanswered, too. */
const LONE_SYN_ACK_NS = 3e9

export const controlHandshakeIncomplete = defineRule<UnacknowledgedAnswer | LostAcknowledgment>({
  id: 'control-handshake-incomplete',
  title: 'TCP handshake is not completed',
  severity: 'error',
  side: 'path',
  level: 'effect',
  explains: ['tls-mode-mismatch'],
  references: ['RFC 9293 §3.5'],
  samples: {
    reports: 'made/control-handshake-incomplete.pcap',
    silent: 'made/control-handshake-incomplete--silent.pcap',
  },

  needs: ['irregular'],
  *check(session, facts) {
    const { control } = session
    const answer = control.synAcks[0]
    // A server that sends data has received the acknowledgment: it was not captured. Without a SYN, nothing from the
    // client was captured.
    if (!answer || control.flows[FROM_SERVER].end > 0 || control.syns.length === 0) return
    if (control.established) yield* unheardClient(session, control.established)
    else yield* unacknowledged(facts, answer)
  },

  texts: {
    message(fact) {
      const { client, synAcks } = fact
      const server = endpointWords(fact.server)
      if (fact.kind !== 'server-repeats') {
        const answered = `${server} answered the SYN of ${client} with SYN,ACK (${times(synAcks)})`
        return `${answered}, but no acknowledgment was captured: ${lossWords(fact)}.`
      }
      const acknowledged = `${client} acknowledged the SYN,ACK of ${server}`
      const repeated = `which nevertheless retransmitted it ${times(synAcks)}`
      return `${acknowledged}, ${repeated}: the acknowledgment does not reach the server.`
    },
  },

  remedy({ client, server: { address } }, context) {
    const routes = `compare the routes of both directions between ${client} and ${address}`
    const missing = 'a packet that is missing there was dropped between the two'
    const examples = 'asymmetric route, second default gateway, reverse-path filter rp_filter'
    return [
      `${routes}: a stateful firewall that sees only one direction drops the rest (${examples})`,
      ...unlessCaptured(context, 'elsewhere', `to be sure: capture at the other end at the same time; ${missing}`),
    ]
  },
})

/** No acknowledgment from the client was captured. */
function* unacknowledged(facts: SessionFacts, answer: Sighting): Generator<Observation<UnacknowledgedAnswer>> {
  const { session } = facts
  const { control, client, server } = session
  const refusal = control.resets.find(({ direction }) => direction === FROM_CLIENT) ?? null
  const { synAckAttempts: synAcks, synAttempts: tries } = control
  if (!refusal && synAcks < 2 && session.judgedAt - answer.time < LONE_SYN_ACK_NS) return
  const kind = refusal ? 'client-resets' : tries > 1 ? 'client-repeats' : 'client-silent'
  const atClient = facts.vantage.at === 'client'
  const refused = (reset: ResetSighting) =>
    at(reset, `RST with source address ${client.address} (TTL ${reset.hopLimit})`)
  yield {
    fact: { kind, ...endsOf(session), tries, synAcks, atClient },
    side: sideOf(kind, atClient),
    confidence: refusal || synAcks < 2 ? 'medium' : 'high',
    evidence: [
      at(answer, `SYN,ACK from ${endpointWords(server)}`),
      ...control.synAcks
        .slice(1)
        .map((synAck) => at(synAck, `SYN,ACK retransmitted ${seconds(synAck.time - answer.time)} later`)),
      ...(refusal ? [refused(refusal)] : []),
      ...synEvidence(control),
    ],
  }
}

function sideOf(kind: UnacknowledgedAnswer['kind'], atClient: boolean): Side {
  if (kind === 'client-resets') return 'client-network'
  return kind === 'client-repeats' && atClient ? 'client' : 'path'
}

function lossWords({ kind, client, tries, atClient }: Shown<UnacknowledgedAnswer>): string {
  if (kind === 'client-resets') {
    const unknown = 'that host or its NAT has no record of the connection'
    return `${client} answered it with RST: ${unknown}, or the client was only probing the port`
  }
  if (kind === 'client-silent') {
    const lost = 'so it received the SYN,ACK and its acknowledgment is lost on the path to the server'
    return `the client does not retransmit its SYN, ${lost}, or the client is gone`
  }
  const dropped = ' although it was captured at the client: its own firewall drops it'
  return `the client sent its SYN ${times(tries)}, so the SYN,ACK does not reach it${atClient ? dropped : ''}`
}

/**
 * The client acknowledges, but the server keeps retransmitting its SYN,ACK: captured before the point where the
 * acknowledgment is lost.
 */
function* unheardClient(session: Session, acknowledged: Sighting): Generator<Observation<LostAcknowledgment>> {
  const { control } = session
  const repeats = control.synAcks.filter((synAck) => synAck.time > acknowledged.time)
  // One retransmission may have crossed the acknowledgment; anything else from the server shows that it received it.
  if (repeats.length < 2 || control.flows[FROM_SERVER].packets > control.synAckAttempts) return
  const later = (synAck: Sighting) => seconds(synAck.time - acknowledged.time)
  yield {
    fact: { kind: 'server-repeats', ...endsOf(session), synAcks: repeats.length },
    confidence: 'high',
    evidence: [
      at(acknowledged, "the client's acknowledgment of the SYN,ACK"),
      ...repeats.map((synAck) => at(synAck, `SYN,ACK retransmitted ${later(synAck)} after the acknowledgment`)),
      ...synEvidence(control).slice(0, 1),
    ],
  }
}
