import { addressOf } from '../../facts/payload.js'
import { dataTlsOf, TLS13 } from '../../facts/tls.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** Replies of a server that is not sure that the whole file was transferred (RFC 959 §4.2.2). */
const DOUBT = new Set([425, 426, 450, 451])

export interface CloseMissing extends Fact {
  kind: 'fin-without-close-notify'
  /** Who sent the payload, and its address. */
  sender: 'client' | 'server'
  address: string
  command: CommandFact
  reply: ReplyFact
}

export const tlsCloseMissing = defineRule<CloseMissing>({
  id: 'tls-close-missing',
  title: 'TLS data connection ends without close_notify',
  severity: 'warning',
  side: 'unknown',
  level: 'cause',
  references: ['RFC 5246 §7.2.1', 'RFC 8446 §6.1', 'RFC 4217 §12.1 (end of data)'],
  samples: { reports: 'made/tls-close-missing.pcap', silent: 'made/tls-close-missing--silent.pcap' },
  needs: ['tls'],
  *check(_session, facts) {
    for (const { channel, flow, reply, transfer, direction, connection, sender } of facts.payloads) {
      const version = dataTlsOf(channel)?.server.serverHello?.version ?? TLS13
      // In TLS 1.3 alerts look like data; and a FIN after bytes that were not captured proves nothing.
      if (version >= TLS13 || !flow.fin || flow.endsWithAlert || flow.missingBytes > 0 || flow.snappedBytes > 0)
        continue
      if (!reply || !DOUBT.has(reply.code)) continue
      const { exchange } = transfer.command
      yield {
        fact: {
          kind: 'fin-without-close-notify',
          sender,
          address: addressOf(connection, direction),
          command: commandFact(exchange),
          reply: replyFact(reply),
        },
        side: sender,
        confidence: 'medium',
        evidence: [
          at(flow.fin, 'FIN; the last record before it is not an alert'),
          replyEvidence(reply),
          commandEvidence(exchange),
        ],
        rivals: ['transfer-aborted'],
        channel,
      }
    }
  },
  texts: {
    message({ address, command, reply }) {
      const ended = `${address} ended the TLS data connection for "${commandWords(command)}"`
      return `${ended} with a FIN but no close_notify, and the server replied "${replyWords(reply)}".`
    },
  },
  remedy: ({ address, sender }) => [
    `on ${address} (the FTP ${sender}): use a version that closes TLS properly`,
    'until then, let the receiver tolerate it: vsftpd strict_ssl_read_eof=NO (ProFTPD only logs it)',
  ],
})
