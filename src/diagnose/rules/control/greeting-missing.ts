import { defineRule, type Evidence, type Observation } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import { Direction } from '../../../tcp/connection.js'
import { closingOf, hasNoDialogue, isOpened, retransmittedAfter, unseenDirection } from '../../facts/control.js'
import { at, endpointText } from '../../words/evidence.js'

/** A server that says nothing for so long is not merely slow, even if the capture ends before anybody closes. */
const PATIENCE_NS = 30e9

export const greetingMissing = defineRule({
  id: 'greeting-missing',
  title: 'no greeting from the server',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  remedy: ['Look at the FTP server and at what accepts connections for it'],
  references: ['RFC 959 §5.4 (connection establishment)', 'RFC 4217 §4'],
  samples: { reports: 'made/greeting-missing.pcap', silent: 'made/greeting-missing--silent.pcap' },

  *check(session) {
    const { control, dialogue } = session
    if (control.midstream || !isOpened(control) || unseenDirection(control) !== null) return
    if (dialogue.otherProtocol || dialogue.clientHello) return
    if (hasNoDialogue(control)) yield* unsaid(session)
    else if (!dialogue.opaqueFrom) yield* unheard(session)
  },
})

/** Not a byte came from the server before the client gave up. */
function* unsaid(session: Session): Generator<Observation> {
  const { control } = session
  const opened = control.established
  if (!opened) return
  const closing = closingOf(control)
  const waited = (closing?.time ?? session.judgedAt) - opened.time
  if (!closing && waited < PATIENCE_NS) return
  const target = endpointText(control.responder.address, control.responder.port)
  const byServer = closing?.direction === Direction.FromResponder
  // A client that leaves at once (a probe of the port) gave the server no time.
  if (closing && !byServer && waited < 1e9) return
  const verb = closing?.how === 'rst' ? 'reset' : 'closed'
  const closed: Evidence[] = closing
    ? [at(closing, `the ${byServer ? 'server' : 'client'} ${verb} the connection after ${seconds(waited)}`)]
    : [at(control.last, 'last packet of the connection')]
  // Opaque without a ClientHello: the server answers the FIN by an alert.
  const late = session.dialogue.opaqueFrom
  yield {
    confidence: closing ? 'high' : 'medium',
    message: `${target} accepted the connection of ${control.initiator.address} and sent no greeting; ${
      !closing
        ? `it is still silent ${seconds(waited)} later, where the capture ends`
        : byServer
          ? `it ${verb} the connection after ${seconds(waited)}`
          : `the client gave up after ${seconds(waited)}`
    }.${late ? " The server's TLS alert afterwards shows that it waited for a ClientHello: it expects TLS from the first byte (implicit)." : ''}`,
    evidence: [
      at(opened, 'the handshake is complete'),
      ...closed,
      ...(late ? [at(late, 'TLS alert of the server')] : []),
    ],
    remedy: byServer
      ? [
          `on ${control.responder.address}: whatever accepts connections for the FTP server turned this client away: /etc/hosts.allow and hosts.deny (tcp_wrappers), xinetd only_from, instances and per_source, a proxy or balancer without a living real server; the server's log names it`,
        ]
      : [
          `on ${control.responder.address}: see whether the FTP server hangs or is overloaded (processes, disk, look-ups of the client's name)`,
          'if the server expects TLS from the first byte (implicit TLS), choose implicit TLS in the client',
        ],
    rivals: byServer ? ['connection-limit'] : ['tls-mode-mismatch'],
  }
}

/** The server greets, and its words do not arrive: seen beside the server. */
function* unheard(session: Session): Generator<Observation> {
  const { control } = session
  const [client, server] = control.flows
  const { firstData } = server
  if (!firstData || server.acknowledged > 0 || client.end > 0) return
  const repeated = retransmittedAfter(control, Direction.FromResponder, firstData.time)
  if (repeated.length < 2) return
  yield {
    side: 'path',
    confidence: 'high',
    title: 'greeting does not arrive',
    message: `The greeting of ${endpointText(control.responder.address, control.responder.port)} was sent ${server.retransmissions + 1} times and never acknowledged by ${control.initiator.address}: it does not arrive.`,
    evidence: [at(firstData, 'greeting'), ...repeated.map((s) => at(s, 'greeting again'))],
    remedy: [
      'on the way to the client: a firewall that dropped the connection after the handshake, a route of the other direction, or an inspection that swallows the greeting',
    ],
  }
}
