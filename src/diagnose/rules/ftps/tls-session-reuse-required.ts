import { defineRule } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import { opposite } from '../../../tcp/connection.js'
import { at, endpointText, replyEvidence, replyLine } from '../../words/evidence.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { type DataTls, dataTlsOf, replyLengthAfter } from '../../facts/tls.js'

const TLS13 = 0x0304
/** Encrypted alert of TLS 1.3: 2 bytes, type and tag. */
const ALERT13 = 19
/** Certificate without any, what a client answers to a CertificateRequest: 8 bytes, type and tag. */
const NO_CERTIFICATE13 = 25
/** `226 Transfer complete.` and the like are shorter, what servers say against a new session is longer. */
const LONG_REPLY = 45
/** vsftpd "522 SSL connection failed: session reuse required", ProFTPD "425 Unable to build data connection: …", FileZilla "425 … TLS session of data connection not resumed." */
const IN_WORDS = /session.{0,20}(?:reuse|resum)|(?:reuse|resum)\w*.{0,20}session/i

export const tlsSessionReuseRequired = defineRule({
  id: 'tls-session-reuse-required',
  title: 'server requires TLS session reuse',
  severity: 'error',
  side: 'client',
  level: 'cause',
  explains: ['tls-handshake-failed'],
  remedy: [
    'A client that resumes sessions, or a server that does not insist on it (vsftpd require_ssl_reuse=NO, ProFTPD TLSOptions NoSessionReuseRequired)',
  ],
  references: ['RFC 4217 §10.2, §15.4', 'RFC 8446 §2.2', 'RFC 5077', 'vsftpd.conf(5) require_ssl_reuse'],
  samples: {
    reports: 'made/tls-session-reuse-required.pcap',
    silent: 'made/tls-session-reuse-required--silent.pcap',
  },
  needs: ['tls'],

  *check(session) {
    if (session.dialogue.security === 'none') return
    const looks = session.channels.flatMap((channel) => {
      const tls = dataTlsOf(channel)
      return tls && isFull(tls) ? [{ channel, tls }] : []
    })
    // A new session that carried data once shows that this server does not mind.
    if (looks.some(({ channel, tls }) => !isEmpty(channel, tls) && !refusedInWords(channel))) return
    for (const { channel, tls } of looks) {
      const connection = channel.connection!
      const words = refusedInWords(channel)
      const serverDirection = opposite(tls.clientDirection)
      const server = connection.flows[serverDirection]
      const closed = server.fin ?? connection.resets.find((r) => r.direction === serverDirection) ?? null
      const verdict = closed
        ? replyLengthAfter(session, (server.lastData ?? closed).time, tls.server.serverHello!.version)
        : null
      const long = verdict !== null && verdict.length >= LONG_REPLY ? verdict : null
      if (!words && (!closed || !long)) continue
      const { preSharedKey, ticket } = tls.client.clientHello!
      const offered = preSharedKey || ticket
      yield {
        confidence: words ? 'high' : 'medium',
        message: `On the data connection to ${endpointText(connection.responder.address, connection.responder.port)} the client ${
          offered ? 'offered another TLS session than that of the control connection' : 'began a new TLS session'
        } instead of resuming that of the control connection; ${
          words
            ? `the server refused: "${replyLine(words)}"`
            : `the server completed the handshake, closed before any data, and answered with ${long!.length} bytes, longer than a 226`
        }.`,
        evidence: [
          at(
            connection.flows[tls.clientDirection].firstData ?? connection.first,
            `ClientHello ${offered ? 'whose session was not resumed' : 'without a session to resume'}`,
          ),
          ...(closed ? [at(closed, 'the server closes, without data')] : []),
          ...(words ? [replyEvidence(words)] : []),
          ...(long && !words ? [at(long.at, `reply of ${long.length} bytes under TLS`)] : []),
        ],
        remedy: remedyOf(session),
        rivals: words ? [] : ['tls-handshake-failed', 'protection-mismatch'],
        channel,
      }
    }
  },
})

/** The handshake did not resume a session. */
function isFull({ client, server }: DataTls): boolean {
  const hello = server.serverHello
  if (!hello || !client.clientHello) return false
  if (hello.version >= TLS13) return !hello.preSharedKey
  return server.certificate || hello.sessionId === '' || hello.sessionId !== client.clientHello.sessionId
}

/** No application data passed behind the handshake, as far as records tell. */
function isEmpty(channel: DataChannel, { client, server, clientDirection }: DataTls): boolean {
  const flows = channel.connection!.flows
  const whole = (direction: 0 | 1) => flows[direction].end <= (flows[direction].head?.length ?? 0)
  if (!whole(clientDirection)) return false
  if (server.serverHello!.version < TLS13) {
    return whole(opposite(clientDirection)) && client.data.length === 0 && server.data.length === 0
  }
  // The client's Finished and a close_notify at most; the server's last word must be a ticket, which come in pairs of one length.
  if (client.data.filter((length) => length !== ALERT13 && length !== NO_CERTIFICATE13).length > 1) return false
  if (!whole(opposite(clientDirection))) return false
  const [last, before] = server.data.filter((length) => length !== ALERT13).reverse()
  return last !== undefined && last === before
}

function refusedInWords(channel: DataChannel): Reply | null {
  const replies = channel.transfer?.command.exchange.replies ?? []
  return replies.find((reply) => reply.code >= 400 && IN_WORDS.test(reply.text.slice(0, 512))) ?? null
}

function remedyOf(session: Session): string[] {
  return [
    'in the client: one that resumes the session on data connections (curl from 7.51 on, lftp, FileZilla, WinSCP; Python: an FTP_TLS subclass that passes session=self.sock.session to wrap_socket; Java: a SSLSession cache by host)',
    `or, giving up a protection against stolen data connections, ${serverRemedy(session.dialogue.serverSoftware, 'no resumed session asked for', (s) => s.noSessionReuse)}`,
    'with TLS 1.3 each ticket serves once: a client that resumes only with TLS 1.2 needs that version',
  ]
}
