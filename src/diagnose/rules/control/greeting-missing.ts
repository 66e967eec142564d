import type { Session } from '../../../correlate/model.js'
import { FROM_SERVER } from '../../../ftp/model.js'
import { hasNoDialogue, isOpened, retransmittedAfter, senderOf } from '../../facts/control.js'
import { awaitedBytes } from '../../facts/lost-bytes.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { banRemedy, banWords, rejectedEvidence } from '../../remedies/ban-remedies.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at } from '../../words/evidence.js'
import { byteCount, seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** The server sent no data before one side gave up. */
export interface UnsaidGreeting extends Fact, Ends {
  kind: 'unsaid'
  /** Who closed the connection, and how; `capture` if it was still open when the capture ended. */
  endedBy: 'client' | 'server' | 'capture'
  how: 'fin' | 'rst' | null
  /** From the end of the handshake. */
  waitedNs: number
  /** The server then sent a TLS alert. */
  expectsTls: boolean
  /** Logins of this client that the server rejected shortly before: a ban. */
  rejectedLogins: number
}

/** The server sends its greeting, but it does not arrive: captured at the server. */
export interface UnheardGreeting extends Fact, Ends {
  kind: 'unheard'
  /** How often it was sent, including the first time. */
  tries: number
}

/** The server sent its greeting, as its sequence numbers show, and it was lost before it came here. */
export interface LostGreeting extends Fact, Ends {
  kind: 'lost'
  bytes: number
  /** From the end of the handshake. */
  waitedNs: number
}

/** A server that is silent for this long is not merely slow, even if the capture ends before either side closes. */
const PATIENCE_NS = 30e9
/** A client that closes earlier (a port probe) did not give the server enough time. */
const PROBE_NS = 1e9
/** A greeting that was merely delayed has arrived by then. */
const LOST_NS = 3e9
/** A segment retransmitted this often is not merely delayed. */
const REPETITIONS = 2

export const greetingMissing = defineRule<UnsaidGreeting | UnheardGreeting | LostGreeting>({
  id: 'greeting-missing',
  title: 'no greeting from the server',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  awaits: 'server',
  references: ['RFC 959 §5.4 (connection establishment)', 'RFC 4217 §4'],
  samples: { reports: 'made/greeting-missing.pcap', silent: 'made/greeting-missing--silent.pcap' },

  needs: ['irregular'],
  *check(session, facts) {
    const { control, dialogue } = session
    if (control.midstream || !isOpened(control) || facts.unseen !== null) return
    if (dialogue.otherProtocol || dialogue.clientHello) return
    const { end, aheadBytes } = control.flows[FROM_SERVER]
    if (end === 0 && aheadBytes > 0) yield* lost(facts)
    else if (hasNoDialogue(control)) yield* unsaid(facts)
    else if (!dialogue.opaqueFrom) yield* unheard(session)
  },

  texts: {
    title: ({ kind }) => (kind === 'unsaid' ? null : 'greeting does not arrive'),
    message(fact) {
      const server = endpointWords(fact.server)
      if (fact.kind === 'unheard') {
        const sent = `The greeting from ${server} was sent ${times(fact.tries)}`
        return `${sent} and never acknowledged by ${fact.client}: it does not arrive.`
      }
      if (fact.kind === 'lost')
        return (
          `${server} accepted the connection from ${fact.client} and sent ${byteCount(fact.bytes)}, as its sequence ` +
          `numbers show, but they did not arrive in ${seconds(fact.waitedNs)}.`
        )
      const accepted = `${server} accepted the connection from ${fact.client} but sent no greeting; ${endWords(fact)}.`
      const alert = "The server's subsequent TLS alert shows that it was waiting for a ClientHello"
      const banned = banWords(fact.client, fact.rejectedLogins)
      return fact.expectsTls
        ? `${accepted} ${alert}: it expects TLS from the first byte (implicit).`
        : accepted + banned
    },
  },

  remedy(fact) {
    if (fact.kind !== 'unsaid') {
      const dropped = 'a firewall that dropped the connection after the handshake, the route of the return direction'
      return [`on the path to the client: look for ${dropped}, or an inspection that drops the greeting`]
    }
    const { address } = fact.server
    if (fact.rejectedLogins > 0) return banRemedy(fact.client)
    if (fact.endedBy === 'server') {
      const examples = [
        '/etc/hosts.allow and hosts.deny (tcp_wrappers)',
        'xinetd only_from, instances and per_source',
        "a proxy or load balancer with no healthy backend; the server's log gives the reason",
      ].join(', ')
      return [`on ${address}: check what accepts connections for the FTP server, it refused this client: ${examples}`]
    }
    const hanging = "processes, disk, lookups of the client's name"
    return [
      `on ${address}: check whether the FTP server is hung or overloaded (${hanging})`,
      'if the server expects TLS from the first byte (implicit TLS), choose implicit TLS in the client',
    ]
  },
})

/** Not where the client has it: then only the capture lacks it. At the server only the capture can have lost it. */
function* lost(facts: SessionFacts): Generator<Observation<LostGreeting>> {
  const { session, vantage } = facts
  const { control } = session
  const { ahead, aheadBytes } = control.flows[FROM_SERVER]
  const awaited = awaitedBytes(control, FROM_SERVER)
  const opened = control.established
  if (!opened || !ahead || !awaited || vantage.at === 'server') return
  const waitedNs = facts.waitedSince(opened)
  if (waitedNs < LOST_NS) return
  yield {
    fact: { kind: 'lost', ...endsOf(session), bytes: aheadBytes, waitedNs },
    side: 'path',
    confidence: awaited.kind === 'lost-on-path' ? 'high' : 'medium',
    evidence: [
      at(opened, 'the handshake is complete'),
      at(ahead, `without payload, ${byteCount(aheadBytes)} ahead of what arrived`),
    ],
    rivals: ['path-mtu-blackhole'],
  }
}

function* unsaid(facts: SessionFacts): Generator<Observation<UnsaidGreeting>> {
  const { session, closing } = facts
  const { control, dialogue } = session
  const opened = control.established
  if (!opened) return
  const waitedNs = facts.waitedSince(opened)
  if (!closing && waitedNs < PATIENCE_NS) return
  const endedBy = closing ? senderOf(closing.direction) : 'capture'
  if (endedBy === 'client' && waitedNs < PROBE_NS) return
  // Opaque without a ClientHello: the server answers the FIN with an alert.
  const alert = dialogue.opaqueFrom
  const rejected = endedBy === 'server' && alert === null ? facts.rejectedBefore : []
  yield {
    fact: {
      kind: 'unsaid',
      ...endsOf(session),
      endedBy,
      how: closing ? closing.how : null,
      waitedNs,
      expectsTls: alert !== null,
      rejectedLogins: rejected.length,
    },
    confidence: closing ? 'high' : 'medium',
    evidence: [
      at(opened, 'the handshake is complete'),
      closing
        ? at(closing, `the ${endedBy} ${CLOSED[closing.how]} the connection after ${seconds(waitedNs)}`)
        : at(control.last, 'last packet of the connection'),
      ...(alert ? [at(alert, 'TLS alert from the server')] : []),
      ...rejectedEvidence(rejected),
    ],
    rivals: endedBy === 'server' ? ['connection-limit'] : ['tls-mode-mismatch'],
  }
}

const CLOSED = { fin: 'closed', rst: 'reset' }

function endWords({ endedBy, how, waitedNs }: Shown<UnsaidGreeting>): string {
  const waited = seconds(waitedNs)
  if (endedBy === 'capture' || how === null) return `it was still silent when the capture ended ${waited} later`
  return endedBy === 'server'
    ? `it ${CLOSED[how]} the connection after ${waited}`
    : `the client gave up after ${waited}`
}

function* unheard(session: Session): Generator<Observation<UnheardGreeting>> {
  const { control } = session
  const [client, server] = control.flows
  const { firstData } = server
  if (!firstData || server.acknowledged > 0 || client.end > 0) return
  const repeated = retransmittedAfter(control, FROM_SERVER, firstData.time)
  if (repeated.length < REPETITIONS) return
  yield {
    fact: { kind: 'unheard', ...endsOf(session), tries: server.retransmissions + 1 },
    side: 'path',
    confidence: 'high',
    evidence: [at(firstData, 'greeting'), ...repeated.map((again) => at(again, 'greeting retransmitted'))],
  }
}
