import { defineRule, type Observation } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import type { ControlTls } from '../../../ftp/model.js'
import { Direction } from '../../../tcp/connection.js'
import { type Closing, closingOf, unseenDirection } from '../../facts/control.js'
import { at, commandEvidence, endpointText } from '../../words/evidence.js'
import { addressOf } from '../../facts/payload.js'
import { type Side } from '../../rule.js'
import { alertName, alertRemedy, CLOSE_NOTIFY } from '../../facts/tls.js'

const FATAL = 2
const UNKNOWN_CA = 48
/** Records of TLS 1.3 that are no command: an alert, and the Certificate of a client that has none (RFC 8446 §4.4.2). */
const SMALL13: ReadonlySet<number> = new Set([19, 25])
/** Finished with the shortest hash, and what encryption adds. */
const SHORTEST_FINISHED13 = 53

export const tlsHandshakeFailed = defineRule({
  id: 'tls-handshake-failed',
  title: 'TLS handshake failed',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  explains: [
    'capture-ends-inside',
    'greeting-missing',
    'login-rejected',
    'transfer-aborted',
    'transfer-incomplete',
    'transfer-refused',
    'transfer-reset',
    'transfer-stalled',
  ],
  remedy: ['Compare the TLS settings of both sides, and read the TLS log of the side that gave up'],
  references: ['RFC 8446 §6.2 (alerts)', 'RFC 5246 §7.2', 'RFC 4217 §4, §7'],
  samples: { reports: 'made/tls-handshake-failed.pcap', silent: 'made/tls-handshake-failed--silent.pcap' },
  needs: ['tls'],

  *check(session) {
    yield* onControl(session)
    yield* onData(session)
  },
})

function* onControl(session: Session): Generator<Observation> {
  const { control, dialogue } = session
  const { tls } = dialogue
  if (!tls || tls.clientHello === null || control.midstream) return
  const alert = tls.alerts.find(({ level, description }) => level === FATAL && description !== CLOSE_NOTIFY)
  // A server of TLS 1.3 sends its part of the handshake like data; a client that answers it with an alert never spoke.
  const spoke = tls.records.some((record) => record.direction === Direction.FromInitiator)
  const closing = closingOf(control)
  if (tls.established && (spoke || !alert)) {
    yield* turnedAway(session, tls, closing)
    return
  }
  if (!alert && (!closing || unseenDirection(control) !== null || lacksBytes(session))) return
  const client = control.initiator.address
  const server = endpointText(control.responder.address, control.responder.port)
  const byClient = (alert ?? closing)!.direction === Direction.FromInitiator
  const who = byClient ? client : server
  const description = alert?.description ?? null
  const asked = dialogue.exchanges.findLast((exchange) => exchange.command === 'AUTH')
  yield {
    side: sideOf(description, byClient),
    confidence: alert ? 'high' : 'medium',
    message: alert
      ? `The TLS handshake between ${client} and ${server} failed: ${who} sent the alert "${alertName(alert.description!)}".`
      : `The TLS handshake between ${client} and ${server} was not completed: ${who} ${
          closing?.how === 'rst' ? 'reset' : 'closed'
        } the connection ${tls.serverHello === null ? 'before any ServerHello' : 'behind the ServerHello'}, without an alert in the clear.`,
    evidence: [
      alert
        ? at(alert, `fatal alert ${alertName(alert.description!)}`)
        : at(closing!, 'the connection ends in the handshake'),
      { frame: tls.clientHello.frame, note: 'ClientHello' },
      ...(tls.serverHello === null ? [] : [{ frame: tls.serverHello.frame, note: 'ServerHello' }]),
      ...(asked ? [commandEvidence(asked)] : []),
    ],
    remedy: alertRemedy(description, byClient),
    rivals: alert ? [] : closing?.how === 'rst' ? ['control-reset'] : [],
  }
}

/** Clients that verify the certificate only when the handshake is over leave without waiting for an answer to anything. */
function* turnedAway(session: Session, tls: ControlTls, closing: Closing | null): Generator<Observation> {
  const { control, dialogue } = session
  if (closing?.direction !== Direction.FromInitiator || dialogue.clearAgain || lacksBytes(session)) return
  const sent = tls.records.filter(
    ({ direction, length }) => direction === Direction.FromInitiator && !SMALL13.has(length),
  )
  const finished = sent.findIndex(({ length }) => length >= SHORTEST_FINISHED13)
  const commands = sent.filter((_, index) => index !== finished)
  if (unseenDirection(control) !== null || commands.some(({ frame }) => frame < closing.frame)) return
  const client = control.initiator.address
  yield {
    side: 'client',
    confidence: 'medium',
    message: `${client} ${closing.how === 'rst' ? 'reset' : 'closed'} the connection as soon as the TLS handshake with ${endpointText(control.responder.address, control.responder.port)} was over, before any command was answered: so do clients that do not accept the server's certificate.`,
    evidence: [
      at(closing, `${client} leaves`),
      at(tls.clientHello!, 'ClientHello'),
      ...(tls.serverHello ? [at(tls.serverHello, 'ServerHello')] : []),
    ],
    remedy: alertRemedy(UNKNOWN_CA, true),
  }
}

/** On a data connection: an alert in the clear, or an end before the server's hello. */
function* onData(session: Session): Generator<Observation> {
  for (const channel of session.channels) {
    const { connection, head: look, transfer } = channel
    if (!connection || !look || transfer?.outcome === 'completed') continue
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      const alert = look.tls[direction]?.alert
      if (alert?.level !== FATAL || alert.description === CLOSE_NOTIFY) continue
      const sender = addressOf(connection, direction)
      const byClient = sender === session.client.address
      const flow = connection.flows[direction]
      yield {
        side: sideOf(alert.description, byClient),
        confidence: 'high',
        message: `The TLS handshake on the data connection to ${endpointText(connection.responder.address, connection.responder.port)} failed: ${sender} sent the alert "${alertName(alert.description)}".`,
        evidence: [
          at(flow.lastData ?? connection.last, `fatal alert ${alertName(alert.description)}`),
          at(
            connection.last,
            `end of the connection, ${seconds(connection.last.time - connection.first.time)} after its SYN (sent ${times(connection.synAttempts)})`,
          ),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
        ],
        remedy: alertRemedy(alert.description, byClient),
        channel,
      }
    }
  }
}

function lacksBytes(session: Session): boolean {
  return session.control.flows.some(({ missingBytes, snappedBytes }) => missingBytes > 0 || snappedBytes > 0)
}

/** Who has to act first: the client for what it offers and trusts, the server for the certificate that it lacks. */
function sideOf(description: number | null, byClient: boolean): Side {
  if (description === null) return byClient ? 'client' : 'server'
  return description === 80 && !byClient ? 'server' : 'client'
}
