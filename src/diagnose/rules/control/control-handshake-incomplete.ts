import { defineRule, vantageOf, type Evidence, type Observation } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import type { Sighting } from '../../../tcp/connection.js'
import { at, endpointText, synEvidence } from '../../words/evidence.js'
import { type Side } from '../../rule.js'

/** The client has so long to acknowledge; then a lone SYN,ACK counts as unanswered, too. */
const LONE_SYN_ACK_NS = 3e9

export const controlHandshakeIncomplete = defineRule({
  id: 'control-handshake-incomplete',
  title: 'TCP handshake is not completed',
  severity: 'error',
  side: 'path',
  level: 'effect',
  explains: ['tls-mode-mismatch'],
  remedy: ['Let both directions take the same way through stateful firewalls'],
  references: ['RFC 9293 §3.5'],
  samples: {
    reports: 'made/control-handshake-incomplete.pcap',
    silent: 'made/control-handshake-incomplete--silent.pcap',
  },

  *check(session) {
    const { control } = session
    const [client, server] = control.flows
    const answer = control.synAcks[0]
    // A server that speaks has its acknowledgment: it was not captured. So was nothing of a client without a SYN.
    if (!answer || server.end > 0 || control.syns.length === 0) return
    if (control.established) {
      yield* unheardClient(session, control.established)
      return
    }
    if (client.end > 0) return
    const refusal = control.resets.find((r) => r.direction === 0)
    const waited = session.judgedAt - answer.time
    if (!refusal && control.synAckAttempts < 2 && waited < LONE_SYN_ACK_NS) return
    const target = endpointText(control.responder.address, control.responder.port)
    const clientRepeats = control.synAttempts > 1
    const vantage = vantageOf(session).at
    const side: Side = refusal ? 'client-network' : clientRepeats && vantage === 'client' ? 'client' : 'path'
    const lost = refusal
      ? `${control.initiator.address} answered it with RST: that host or its NAT does not know of the connection, or the client was only probing the port`
      : clientRepeats
        ? `the client sent its SYN ${times(control.synAttempts)}, so the SYN,ACK does not reach it${vantage === 'client' ? ' although it was captured on its side: its own firewall drops it' : ''}`
        : 'the client does not repeat its SYN, so it has the SYN,ACK and its acknowledgment is lost on the way to the server, or the client is gone'
    const repeats: Evidence[] = control.synAcks
      .slice(1)
      .map((s) => at(s, `SYN,ACK again, ${seconds(s.time - answer.time)} later`))
    yield {
      side,
      confidence: refusal || control.synAckAttempts < 2 ? 'medium' : 'high',
      message: `${target} answered the SYN of ${control.initiator.address} with SYN,ACK (${times(control.synAckAttempts)}), and nobody acknowledged it: ${lost}.`,
      evidence: [
        at(answer, `SYN,ACK from ${target}`),
        ...repeats,
        ...(refusal ? [at(refusal, `RST in the name of ${control.initiator.address} (TTL ${refusal.hopLimit})`)] : []),
        ...synEvidence(control),
      ],
      remedy: remedies(session),
    }
  },
})

/** The client acknowledges, and the server goes on repeating its SYN,ACK: seen before the place where the acknowledgment is lost. */
function* unheardClient(session: Session, acknowledged: Sighting): Generator<Observation> {
  const { control } = session
  const repeats = control.synAcks.filter((synAck) => synAck.time > acknowledged.time)
  // One repetition may have crossed the acknowledgment; anything else from the server shows that it has it.
  if (repeats.length < 2 || control.flows[1].packets > control.synAckAttempts) return
  const target = endpointText(control.responder.address, control.responder.port)
  yield {
    confidence: 'high',
    message: `${control.initiator.address} acknowledged the SYN,ACK of ${target}, which repeats it ${times(repeats.length)} all the same: the acknowledgment does not reach the server.`,
    evidence: [
      at(acknowledged, "the client's acknowledgment of the SYN,ACK"),
      ...repeats.map((s) => at(s, `SYN,ACK again, ${seconds(s.time - acknowledged.time)} after the acknowledgment`)),
      ...synEvidence(control).slice(0, 1),
    ],
    remedy: remedies(session),
  }
}

function remedies(session: Session): string[] {
  const { client, server } = session
  return [
    `compare the routes of both directions between ${client.address} and ${server.address}: a stateful firewall that sees one of them only drops the rest (asymmetric route, second default gateway, reverse-path filter rp_filter)`,
    'to settle it: capture at the other end at the same time; the packet that is missing there was dropped between the two',
  ]
}
