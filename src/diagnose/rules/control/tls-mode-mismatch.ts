import { defineRule, contextOf, type Observation } from '../../legacy.js'
import { greetingOf, repliesOf } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import { closingOf, hasNoDialogue, isOpened, unseenDirection } from '../../facts/control.js'
import { at, endpointText, replyEvidence } from '../../words/evidence.js'
import { explicitTlsInClient, implicitTlsInClient } from '../../remedies/tls-remedies.js'

/** Port on which TLS begins with the first byte by convention (IANA ftps, 990). */
const IMPLICIT_TLS_PORT = 990
/** Both sides have waited in vain for so long when the capture ends. */
const BOTH_WAIT_NS = 10e9

export const tlsModeMismatch = defineRule({
  id: 'tls-mode-mismatch',
  title: 'implicit and explicit TLS mixed up',
  severity: 'error',
  side: 'client',
  level: 'cause',
  remedy: ['Choose the TLS mode in the client that belongs to the port'],
  references: ['RFC 4217 §4, §2', 'IANA service names: ftps 990'],
  samples: { reports: 'made/tls-mode-mismatch.pcap', silent: 'made/tls-mode-mismatch--silent.pcap' },

  *check(session) {
    const { control } = session
    if (control.midstream || !isOpened(control) || unseenDirection(control) !== null) return
    if (hasNoDialogue(control)) yield* bothWait(session)
    else yield* helloToClearServer(session)
  },
})

/** The client began TLS on its own, and the server speaks in clear text. */
function* helloToClearServer(session: Session): Generator<Observation> {
  const { control, dialogue } = session
  const asked = dialogue.exchanges.some((exchange) => exchange.command === 'AUTH')
  // Beside a quick server the 220 passes before the hello that crossed it: no AUTH asked for that TLS all the same.
  const greeting = greetingOf(session)
  const crossed =
    dialogue.opaqueFrom && greeting && greeting.time <= dialogue.opaqueFrom.time ? dialogue.opaqueFrom : null
  const hello = dialogue.clientHello ?? crossed
  if (!hello || asked || dialogue.clearAgain) return
  const said = [...repliesOf(session)][0]?.reply ?? null
  const closing = closingOf(control)
  const silent = control.flows[1].end === 0
  // In TLS a server answers with records: without a word in clear text, only silence on another port is a sign.
  if (!said && (!silent || control.responder.port === IMPLICIT_TLS_PORT || !closing)) return
  const server = endpointText(control.responder.address, control.responder.port)
  yield {
    confidence: said ? 'high' : 'low',
    message: `The client ${control.initiator.address} began TLS at once (implicit), and ${server} ${
      said ? `speaks clear text: "${said.code} ${said.text.split('\n')[0]!.slice(0, 120)}"` : 'did not answer it'
    }; it expects AUTH TLS (explicit) or no TLS.`,
    evidence: [
      at(hello, 'TLS ClientHello without AUTH TLS'),
      ...(said ? [replyEvidence(said)] : []),
      ...(closing ? [at(closing, `the ${closing.direction === 0 ? 'client' : 'server'} closes`)] : []),
    ],
    remedy: [
      `for port ${control.responder.port}, ${explicitTlsInClient(contextOf(session))}`,
      `or the port on which the server offers implicit TLS, by convention ${IMPLICIT_TLS_PORT}`,
    ],
    ...(said ? {} : { rivals: ['greeting-missing'] as const }),
  }
}

/** On the port of implicit TLS: the client waits for a 220, the server for a ClientHello. */
function* bothWait(session: Session): Generator<Observation> {
  const { control } = session
  const opened = control.established
  if (control.responder.port !== IMPLICIT_TLS_PORT || !opened) return
  const closing = closingOf(control)
  const waited = (closing?.time ?? session.judgedAt) - opened.time
  if (waited < (closing ? 1e9 : BOTH_WAIT_NS)) return
  const target = endpointText(control.responder.address, control.responder.port)
  // The server answers the client's FIN by a TLS alert.
  const alert = session.dialogue.opaqueFrom
  yield {
    confidence: alert ? 'high' : 'medium',
    message: `On ${target}, the port of implicit TLS, neither side spoke for ${seconds(waited)}: ${control.initiator.address} waits for a 220 in clear text, the server for a TLS ClientHello.`,
    evidence: [
      at(opened, 'the handshake is complete'),
      closing
        ? at(closing, `the ${closing.direction === 0 ? 'client' : 'server'} closes without a byte of payload`)
        : at(control.last, 'last packet; no payload so far'),
      ...(alert ? [at(alert, 'TLS alert of the server')] : []),
    ],
    remedy: [`for port ${IMPLICIT_TLS_PORT}, ${implicitTlsInClient(contextOf(session))}`, 'or explicit TLS on port 21'],
    rivals: ['greeting-missing'],
  }
}
