import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import { opposite } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { asksForSessionReuse } from '../../facts/server-words.js'
import { type DataTls, dataTlsOf, replyLengthAfter, TLS13 } from '../../facts/tls.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, endpointText, replyEvidence, type ReplyFact, replyFact, replyWords } from '../../words/evidence.js'
import type { Shown } from '../../words/quote.js'

/** Encrypted alert of TLS 1.3: 2 bytes, type and tag. */
const ALERT13 = 19
/** Certificate without any, what a client answers to a CertificateRequest: 8 bytes, type and tag. */
const NO_CERTIFICATE13 = 25
/** `226 Transfer complete.` and the like are shorter, what servers say against a new session is longer. */
const LONG_REPLY = 45

const RESUMING_CLIENTS = [
  'curl from 7.51 on, lftp, FileZilla, WinSCP',
  'Python: an FTP_TLS subclass that passes session=self.sock.session to wrap_socket',
  'Java: a SSLSession cache by host',
]

interface NewSession extends Fact {
  /** Address and port of the data connection, as text. */
  target: string
  /** The client offered to resume a session, other than that of the control connection. */
  offered: boolean
}

/** The server says why it does not take the data connection. */
interface RefusedInWords extends NewSession {
  kind: 'refused-in-words'
  reply: ReplyFact
}

/** The server closes before any data; of its reply under TLS only the length is known. */
interface ClosedAtOnce extends NewSession {
  kind: 'closed-at-once'
  replyBytes: number
}

type SessionReuseRequired = RefusedInWords | ClosedAtOnce

export const tlsSessionReuseRequired = defineRule<SessionReuseRequired>({
  id: 'tls-session-reuse-required',
  title: 'server requires TLS session reuse',
  severity: 'error',
  side: 'client',
  level: 'cause',
  explains: ['tls-handshake-failed'],
  references: ['RFC 4217 §10.2, §15.4', 'RFC 8446 §2.2', 'RFC 5077', 'vsftpd.conf(5) require_ssl_reuse'],
  samples: {
    reports: 'made/tls-session-reuse-required.pcap',
    silent: 'made/tls-session-reuse-required--silent.pcap',
  },
  needs: ['tls'],
  *check(session) {
    if (session.dialogue.security === 'none') return
    const handshakes = session.channels.flatMap((channel) => {
      const tls = dataTlsOf(channel)
      return tls && isFull(tls) ? [{ channel, tls }] : []
    })
    // A new session that carried data once shows that this server does not mind.
    if (handshakes.some(({ channel, tls }) => !isEmpty(channel, tls) && !refusedInWords(channel))) return
    for (const { channel, tls } of handshakes) {
      const observation = refusal(session, channel, tls)
      if (observation) yield observation
    }
  },
  texts: {
    message(fact) {
      const begun = fact.offered
        ? 'offered another TLS session than that of the control connection'
        : 'began a new TLS session'
      const client = `On the data connection to ${fact.target} the client ${begun}`
      return `${client} instead of resuming that of the control connection; the server ${refusalWords(fact)}.`
    },
  },
  remedy: (_fact, { serverSoftware }) => {
    const notAsked = serverRemedy(serverSoftware, 'no resumed session asked for', (s) => s.noSessionReuse)
    return [
      `in the client: one that resumes the session on data connections (${RESUMING_CLIENTS.join('; ')})`,
      `or, giving up a protection against stolen data connections, ${notAsked}`,
      'with TLS 1.3 each ticket serves once: a client that resumes only with TLS 1.2 needs that version',
    ]
  },
})

function refusalWords(fact: Shown<SessionReuseRequired>): string {
  if (fact.kind === 'refused-in-words') return `refused: "${replyWords(fact.reply)}"`
  const longer = `answered with ${fact.replyBytes} bytes, longer than a 226`
  return `completed the handshake, closed before any data, and ${longer}`
}

/** The server did not take a new session: it says so, or it closed at once and said more than a 226. */
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
  const end = closed ? [at(closed, 'the server closes, without data')] : []
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
    evidence: [hello, ...end, at(reply.at, `reply of ${reply.length} bytes under TLS`)],
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

/** No application data passed after the handshake, as far as records tell. */
function isEmpty(channel: DataChannel, { client, server, clientDirection }: DataTls): boolean {
  const flows = channel.connection!.flows
  const whole = (direction: 0 | 1) => flows[direction].end <= flows[direction].head!.length
  if (!whole(clientDirection)) return false
  if (server.serverHello!.version < TLS13) {
    return whole(opposite(clientDirection)) && client.data.length === 0 && server.data.length === 0
  }
  // The client's Finished and a close_notify at most; the server's last word must be a ticket: two come, of one length.
  if (client.data.filter((length) => length !== ALERT13 && length !== NO_CERTIFICATE13).length > 1) return false
  if (!whole(opposite(clientDirection))) return false
  const [last, before] = server.data.filter((length) => length !== ALERT13).reverse()
  return last !== undefined && last === before
}

function refusedInWords(channel: DataChannel): Reply | null {
  const reply = negativeReply(channel)
  return reply && asksForSessionReuse(reply) ? reply : null
}
