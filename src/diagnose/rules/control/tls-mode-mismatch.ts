import { FROM_SERVER } from '../../../ftp/model.js'
import { hasNoDialogue, isOpened, senderOf } from '../../facts/control.js'
import { means } from '../../facts/phrases.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { explicitTlsInClient, implicitTlsInClient } from '../../remedies/tls-remedies.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, replyEvidence, type ReplyFact, replyFact, replyWords } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** The client started TLS on its own, but the server does not expect it. */
export interface ImplicitClient extends Fact, Ends {
  kind: 'implicit-client'
  /** The server's reply in clear text; `null` if it did not reply. */
  reply: ReplyFact | null
}

/** On the implicit TLS port: the client waits for a 220, the server for a ClientHello. */
export interface BothWait extends Fact, Ends {
  kind: 'both-wait'
  /** From the end of the handshake. */
  waitedNs: number
}

/** Port on which TLS begins with the first byte by convention (IANA ftps, 990). */
const IMPLICIT_TLS_PORT = 990
/** How long both sides must have waited when the capture ends, and when one side closes. */
const BOTH_WAIT_NS = 10e9
const CLOSED_WAIT_NS = 1e9

export const tlsModeMismatch = defineRule<ImplicitClient | BothWait>({
  id: 'tls-mode-mismatch',
  title: 'implicit and explicit TLS mixed up',
  severity: 'error',
  side: 'client',
  level: 'cause',
  references: ['RFC 4217 §4', 'IANA service names: ftps 990'],
  samples: { reports: 'made/tls-mode-mismatch.pcap', silent: 'made/tls-mode-mismatch--silent.pcap' },

  needs: ['irregular'],
  *check({ control }, facts) {
    if (control.midstream || !isOpened(control) || facts.unseen !== null) return
    if (hasNoDialogue(control)) yield* bothWait(facts)
    else yield* helloToClearServer(facts)
  },

  texts: {
    message(fact) {
      const { client } = fact
      const server = endpointWords(fact.server)
      if (fact.kind === 'both-wait') {
        const silent = `On ${server}, the implicit TLS port, neither side sent data for ${seconds(fact.waitedNs)}`
        return `${silent}: ${client} waits for a 220 in clear text, the server for a TLS ClientHello.`
      }
      const answer = fact.reply ? `replied in clear text: "${replyWords(fact.reply)}"` : 'did not reply'
      const began = `The client ${client} started TLS immediately (implicit), but ${server} ${answer}`
      return `${began}; the server expects AUTH TLS (explicit) or no TLS.`
    },
  },

  remedy: ({ kind, server: { port } }, context) =>
    kind === 'both-wait'
      ? [`for port ${port}, ${implicitTlsInClient(context)}`, 'or use explicit TLS on port 21']
      : [
          `for port ${port}, ${explicitTlsInClient(context)}`,
          `or use the port on which the server offers implicit TLS, by convention ${IMPLICIT_TLS_PORT}`,
        ],
})

function* helloToClearServer(facts: SessionFacts): Generator<Observation<ImplicitClient>> {
  const { session, greeting, closing, replies } = facts
  const { control, dialogue, server } = session
  // If the server is fast, its 220 crosses the ClientHello and is captured first: even so, no AUTH requested that TLS.
  const { opaqueFrom } = dialogue
  const crossed = opaqueFrom && greeting && greeting.time <= opaqueFrom.time ? opaqueFrom : null
  const hello = dialogue.clientHello ?? crossed
  // AUTH may be among what the capture lacks.
  if (!hello || facts.auth || facts.lacksWords || dialogue.clearAgain || dialogue.security === 'gssapi') return
  // A server that answers TLS speaks it: what it says in clear text afterwards is about something else.
  if (dialogue.tls?.serverHello) return
  const reply = replies.find(({ exchange }) => !exchange.encrypted)?.reply ?? null
  // A refusal instead of the greeting is about the server, unless it says that the ClientHello was not understood.
  if (reply && reply.code >= 400 && !greeting && !means(reply.text, 'not-understood')) return
  const silent = control.flows[FROM_SERVER].end === 0
  // A TLS server answers with records: without a reply in clear text, only silence on another port is evidence.
  if (!reply && (!silent || server.port === IMPLICIT_TLS_PORT || !closing)) return
  yield {
    fact: { kind: 'implicit-client', ...endsOf(session), reply: reply && replyFact(reply) },
    confidence: reply ? 'high' : 'low',
    evidence: [
      at(hello, 'TLS ClientHello without AUTH TLS'),
      ...(reply ? [replyEvidence(reply)] : []),
      ...(closing ? [at(closing, `the ${senderOf(closing.direction)} closes`)] : []),
    ],
    rivals: reply ? [] : ['greeting-missing'],
  }
}

function* bothWait(facts: SessionFacts): Generator<Observation<BothWait>> {
  const { session, closing } = facts
  const { control, dialogue, server } = session
  const opened = control.established
  if (server.port !== IMPLICIT_TLS_PORT || !opened) return
  const waitedNs = facts.waitedSince(opened)
  if (waitedNs < (closing ? CLOSED_WAIT_NS : BOTH_WAIT_NS)) return
  // The server answers the client's FIN with a TLS alert.
  const alert = dialogue.opaqueFrom
  yield {
    fact: { kind: 'both-wait', ...endsOf(session), waitedNs },
    confidence: alert ? 'high' : 'medium',
    evidence: [
      at(opened, 'the handshake is complete'),
      closing
        ? at(closing, `the ${senderOf(closing.direction)} closes without a byte of payload`)
        : at(control.last, 'last packet; no payload so far'),
      ...(alert ? [at(alert, 'TLS alert from the server')] : []),
    ],
    rivals: ['greeting-missing'],
  }
}
