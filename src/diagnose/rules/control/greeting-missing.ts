import type { Session } from '../../../correlate/model.js'
import { FROM_SERVER } from '../../../ftp/model.js'
import { hasNoDialogue, isOpened, retransmittedAfter, senderOf } from '../../facts/control.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** Not a byte came from the server before somebody gave up. */
interface UnsaidGreeting extends Fact, Ends {
  kind: 'unsaid'
  /** Who ended the wait, and how; `capture` where nobody had until its end. */
  endedBy: 'client' | 'server' | 'capture'
  how: 'fin' | 'rst' | null
  /** From the end of the handshake. */
  waitedNs: number
  /** Afterwards the server sent a TLS alert. */
  expectsTls: boolean
}

/** The server greets, and its words do not arrive: seen at the server. */
interface UnheardGreeting extends Fact, Ends {
  kind: 'unheard'
  /** Times that it was sent, the first included. */
  tries: number
}

/** A server that says nothing for so long is not merely slow, even if the capture ends before anybody closes. */
const PATIENCE_NS = 30e9
/** A client that leaves earlier (a probe of the port) gave the server no time. */
const PROBE_NS = 1e9
/** A segment sent so often again is not merely delayed. */
const REPETITIONS = 2

export const greetingMissing = defineRule<UnsaidGreeting | UnheardGreeting>({
  id: 'greeting-missing',
  title: 'no greeting from the server',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  references: ['RFC 959 §5.4 (connection establishment)', 'RFC 4217 §4'],
  samples: { reports: 'made/greeting-missing.pcap', silent: 'made/greeting-missing--silent.pcap' },

  *check(session, facts) {
    const { control, dialogue } = session
    if (control.midstream || !isOpened(control) || facts.unseen !== null) return
    if (dialogue.otherProtocol || dialogue.clientHello) return
    if (hasNoDialogue(control)) yield* unsaid(facts)
    else if (!dialogue.opaqueFrom) yield* unheard(session)
  },

  texts: {
    title: ({ kind }) => (kind === 'unheard' ? 'greeting does not arrive' : null),
    message(fact) {
      const server = endpointWords(fact.server)
      if (fact.kind === 'unheard') {
        const sent = `The greeting of ${server} was sent ${fact.tries} times`
        return `${sent} and never acknowledged by ${fact.client}: it does not arrive.`
      }
      const accepted = `${server} accepted the connection of ${fact.client} and sent no greeting; ${endWords(fact)}.`
      const alert = "The server's TLS alert afterwards shows that it waited for a ClientHello"
      return fact.expectsTls ? `${accepted} ${alert}: it expects TLS from the first byte (implicit).` : accepted
    },
  },

  remedy(fact) {
    if (fact.kind === 'unheard') {
      const dropped = 'a firewall that dropped the connection after the handshake, a route of the other direction'
      return [`on the way to the client: ${dropped}, or an inspection that swallows the greeting`]
    }
    const { address } = fact.server
    if (fact.endedBy === 'server') {
      const examples = [
        '/etc/hosts.allow and hosts.deny (tcp_wrappers)',
        'xinetd only_from, instances and per_source',
        "a proxy or balancer without a living real server; the server's log names it",
      ].join(', ')
      return [`on ${address}: whatever accepts connections for the FTP server turned this client away: ${examples}`]
    }
    const hanging = "processes, disk, look-ups of the client's name"
    return [
      `on ${address}: see whether the FTP server hangs or is overloaded (${hanging})`,
      'if the server expects TLS from the first byte (implicit TLS), choose implicit TLS in the client',
    ]
  },
})

function* unsaid(facts: SessionFacts): Generator<Observation<UnsaidGreeting>> {
  const { session, closing } = facts
  const { control, dialogue } = session
  const opened = control.established
  if (!opened) return
  const waitedNs = facts.waitedSince(opened)
  if (!closing && waitedNs < PATIENCE_NS) return
  const endedBy = closing ? senderOf(closing.direction) : 'capture'
  if (endedBy === 'client' && waitedNs < PROBE_NS) return
  // Opaque without a ClientHello: the server answers the FIN by an alert.
  const alert = dialogue.opaqueFrom
  yield {
    fact: {
      kind: 'unsaid',
      ...endsOf(session),
      endedBy,
      how: closing ? closing.how : null,
      waitedNs,
      expectsTls: alert !== null,
    },
    confidence: closing ? 'high' : 'medium',
    evidence: [
      at(opened, 'the handshake is complete'),
      closing
        ? at(closing, `the ${endedBy} ${CLOSED[closing.how]} the connection after ${seconds(waitedNs)}`)
        : at(control.last, 'last packet of the connection'),
      ...(alert ? [at(alert, 'TLS alert of the server')] : []),
    ],
    rivals: endedBy === 'server' ? ['connection-limit'] : ['tls-mode-mismatch'],
  }
}

const CLOSED = { fin: 'closed', rst: 'reset' }

function endWords({ endedBy, how, waitedNs }: Shown<UnsaidGreeting>): string {
  const waited = seconds(waitedNs)
  if (endedBy === 'capture' || how === null) return `it is still silent ${waited} later, where the capture ends`
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
    evidence: [at(firstData, 'greeting'), ...repeated.map((again) => at(again, 'greeting again'))],
  }
}
