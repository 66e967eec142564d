/** How the TLS handshake of the control connection failed. */
import type { Session } from '../../correlate/model.js'
import { type ControlTls, FROM_CLIENT } from '../../ftp/model.js'
import type { Sighting } from '../../tcp/connection.js'
import { type Closing, senderOf } from './control.js'
import type { Role } from './payload.js'
import { saysHandshakeFailed, saysOops } from './server-words.js'
import type { SessionFacts } from './session-facts.js'
import { CLOSE_NOTIFY } from './tls.js'

export type HandshakeFailure =
  /** A fatal alert, with its description (RFC 8446 §6). */
  | { kind: 'alert'; sender: Role; at: Sighting; alert: number }
  /** The connection ended during the handshake, without an alert that can be read. */
  | { kind: 'broken-off'; sender: Role; at: Closing }
  /** The client closed as soon as the handshake was complete: many verify the certificate only then. */
  | { kind: 'client-left'; sender: 'client'; at: Closing }

export const FATAL = 2
/** Lengths of TLS 1.3 records that are not commands: an alert, and a client's empty Certificate (RFC 8446 §4.4.2). */
const SMALL13: ReadonlySet<number> = new Set([19, 25])
/** Finished with the shortest hash, plus the overhead of encryption. */
const SHORTEST_FINISHED13 = 53
/** Next to the server, where the round trip is shorter than the client can be. */
const HASTE_NS = 10e6

/** `null` where the handshake did not fail, or where it is not known. */
export function handshakeFailure(facts: SessionFacts): HandshakeFailure | null {
  const { session, closing, unseen } = facts
  const { control, dialogue } = session
  const { tls } = dialogue
  if (!tls || tls.clientHello === null || control.midstream) return null
  if (tls.serverHello === null && isAnsweredInClear(facts, tls.clientHello)) return null
  const alert = tls.alerts.find(({ level, description }) => level === FATAL && description !== CLOSE_NOTIFY)
  // In TLS 1.3 the server's part of the handshake looks like data; a client that answers it with an alert sent no data.
  const spoke = tls.records.some(({ direction }) => direction === FROM_CLIENT)
  if (tls.established && (spoke || !alert)) return clientLeft(facts, tls)
  if (alert) return { kind: 'alert', sender: senderOf(alert.direction), at: alert, alert: alert.description! }
  if (!closing || unseen !== null || lacksBytes(session)) return null
  return { kind: 'broken-off', sender: senderOf(closing.direction), at: closing }
}

/** The server replied to the ClientHello with a refusal in clear text that says what is wrong with it. */
function isAnsweredInClear({ replies, greeting }: SessionFacts, hello: Sighting): boolean {
  return replies.some(
    ({ reply }) =>
      reply.time >= hello.time &&
      (saysOops(reply) || (greeting === null && reply.code >= 400 && !saysHandshakeFailed(reply))),
  )
}

/** Clients that verify the certificate only after the handshake close without waiting for a reply. */
function clientLeft(facts: SessionFacts, { records }: ControlTls): HandshakeFailure | null {
  const { session, closing, unseen } = facts
  if (closing?.direction !== FROM_CLIENT || session.dialogue.clearAgain || lacksBytes(session)) return null
  const sent = records.filter(({ direction, length }) => direction === FROM_CLIENT && !SMALL13.has(length))
  const finished = sent.findIndex(({ length }) => length >= SHORTEST_FINISHED13)
  const commands = sent.filter((record, index) => index !== finished && record.frame < closing.frame)
  // Some send their first command while they verify, and close before its reply can have come.
  const haste = Math.max(session.control.roundTrip ?? 0, HASTE_NS)
  if (unseen !== null || commands.length > 1 || commands.some(({ time }) => closing.time - time >= haste)) return null
  return { kind: 'client-left', sender: 'client', at: closing }
}

function lacksBytes({ control }: Session): boolean {
  return control.flows.some(({ missingBytes, snappedBytes }) => missingBytes > 0 || snappedBytes > 0)
}
