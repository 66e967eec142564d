import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import { opposite } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { asksForSessionReuse } from '../../facts/server-words.js'
import { ALERT13, type DataTls, dataTlsOf, replyLengthAfter, TLS13 } from '../../facts/tls.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { byteCount } from '../../words/quantities.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, endpointText, replyEvidence, type ReplyFact, replyFact, replyWords } from '../../words/evidence.js'

/** Empty Certificate message, as an answer to a CertificateRequest: 8 bytes, type and tag. */
const NO_CERTIFICATE13 = 25
/** `226 Transfer complete.` and similar replies are shorter; replies that refuse a new session are longer. */
const LONG_REPLY = 45

export interface NewSession extends Fact {
  /** Address and port of the data connection, as text. */
  target: string
  /** The client offered to resume a session, but not that of the control connection. */
  offered: boolean
}

/** The reply of the server says why it does not accept the data connection. */
export interface RefusedInWords extends NewSession {
  kind: 'refused-in-words'
  reply: ReplyFact
}

/** The server closes before any data; under TLS only the length of its reply is known. */
export interface ClosedAtOnce extends NewSession {
  kind: 'closed-at-once'
  replyBytes: number
}

export type SessionReuseRequired = RefusedInWords | ClosedAtOnce

export const tlsSessionReuseRequired = defineRule<SessionReuseRequired>({
  id: 'tls-session-reuse-required',
  title: 'server requires TLS session reuse',
  severity: 'error',
  side: 'client',
  level: 'cause',
  explains: ['tls-handshake-failed'],
  references: ['RFC 4217 §10.2', 'RFC 8446 §2.2', 'RFC 5077', 'vsftpd.conf(5) require_ssl_reuse'],
  samples: {
    reports: 'made/tls-session-reuse-required.pcap',
    silent: 'made/tls-session-reuse-required--silent.pcap',
  },
  needs: ['tls'],
  *check(session) {
    const { security } = session.dialogue
    if (security === 'none' || security === 'gssapi') return
    const handshakes = session.channels.flatMap((channel) => {
      const tls = dataTlsOf(channel)
      return tls && isFull(tls) ? [{ channel, tls }] : []
    })
    // A new session that carried data shows that this server does not require session reuse.
    if (handshakes.some(({ channel, tls }) => !isEmpty(channel, tls) && !refusedInWords(channel))) return
    for (const { channel, tls } of handshakes) {
      const observation = refusal(session, channel, tls)
      if (observation) yield observation
    }
  },
  texts: {
    message(fact) {
      const begun = fact.offered ? 'offered a different TLS session' : 'started a new TLS session'
      const client = `On the data connection to ${fact.target} the client ${begun}`
      const closed = 'the server completed the handshake, closed before any data'
      const refused =
        fact.kind === 'refused-in-words'
          ? `the server refused: "${replyWords(fact.reply)}"`
          : `${closed}, and sent a reply of ${byteCount(fact.replyBytes)}, longer than a 226`
      return `${client} instead of resuming that of the control connection; ${refused}.`
    },
  },
  remedy: (_fact, { serverSoftware }) => {
    const notRequired = serverRemedy(serverSoftware, 'do not require TLS session reuse', (s) => s.noSessionReuse)
    return [
      'in the client: resume the session on data connections, as curl, lftp, FileZilla and WinSCP do',
      'in a Python client: an FTP_TLS subclass that passes session=self.sock.session to wrap_socket',
      'in a Java client: an SSLSession cache by host',
      `or, at the cost of protection against data-connection hijacking, ${notRequired}`,
      'a TLS 1.3 ticket can be used only once: limit a client that resumes only with TLS 1.2 to that version',
    ]
  },
})

/** What shows that the server refused a new session: its reply, or that it closed at once and sent more than a 226. */
function refusal(session: Session, channel: DataChannel, tls: DataTls): Observation<SessionReuseRequired> | null {
  const connection = channel.connection!
  const { clientDirection } = tls
  const serverDirection = opposite(clientDirection)
  const { fin, lastData } = connection.flows[serverDirection]
  const closed = fin ?? connection.resets.find(({ direction }) => direction === serverDirection) ?? null
  const words = refusedInWords(channel)
  const { preSharedKey, ticket } = tls.client.clientHello!
  const offered = preSharedKey || ticket
  const target = endpointText(connection.responder.address, connection.responder.port)
  const hello = at(
    connection.flows[clientDirection].firstData ?? connection.first,
    `ClientHello ${offered ? 'whose session was not resumed' : 'without a session to resume'}`,
  )
  const end = closed ? [at(closed, 'the server closes before any data')] : []
  if (words)
    return {
      fact: { kind: 'refused-in-words', target, offered, reply: replyFact(words) },
      confidence: 'high',
      evidence: [hello, ...end, replyEvidence(words)],
      channel,
    }
  const reply = closed && replyLengthAfter(session, (lastData ?? closed).time, tls.server.serverHello!.version)
  if (!reply || reply.length < LONG_REPLY) return null
  return {
    fact: { kind: 'closed-at-once', target, offered, replyBytes: reply.length },
    confidence: 'medium',
    evidence: [hello, ...end, at(reply.at, `reply of ${byteCount(reply.length)} under TLS`)],
    rivals: ['tls-handshake-failed', 'protection-mismatch'],
    channel,
  }
}

/** The handshake did not resume a session. */
function isFull({ client, server }: DataTls): boolean {
  const hello = server.serverHello
  if (!hello || !client.clientHello) return false
  if (hello.version >= TLS13) return !hello.preSharedKey
  return server.certificate || hello.sessionId === '' || hello.sessionId !== client.clientHello.sessionId
}

/** No application data was sent after the handshake, as far as the records show. */
function isEmpty(channel: DataChannel, { client, server, clientDirection }: DataTls): boolean {
  const flows = channel.connection!.flows
  const whole = (direction: 0 | 1) => flows[direction].end <= flows[direction].head!.length
  if (!whole(clientDirection)) return false
  if (server.serverHello!.version < TLS13) {
    return whole(opposite(clientDirection)) && client.data.length === 0 && server.data.length === 0
  }
  // At most the client's Finished and a close_notify; the server's last records must be tickets, which come in pairs of
  // equal length.
  if (client.data.filter((length) => length !== ALERT13 && length !== NO_CERTIFICATE13).length > 1) return false
  if (!whole(opposite(clientDirection))) return false
  const [last, before] = server.data.filter((length) => length !== ALERT13).reverse()
  return last !== undefined && last === before
}

function refusedInWords(channel: DataChannel): Reply | null {
  const reply = negativeReply(channel)
  return reply && asksForSessionReuse(reply) ? reply : null
}
