import type { DataChannel } from '../../../correlate/model.js'
import type { Direction, Flow, Sighting } from '../../../tcp/connection.js'
import { addressOf } from '../../facts/payload.js'
import { dataTlsOf, endsWithClose, replyLengthAfter, TLS13 } from '../../facts/tls.js'
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
import { byteCount } from '../../words/quantities.js'

/** Replies of a server that is not sure that the whole file was transferred (RFC 959 §4.2.2). */
const DOUBT = new Set([425, 426, 450, 451])

/** The server's reply shows its doubt. */
export interface CloseMissing extends Fact {
  kind: 'fin-without-close-notify'
  /** Who sent the payload, and its address. */
  sender: 'client' | 'server'
  address: string
  command: CommandFact
  reply: ReplyFact
}

/** TLS hides command and reply: an upload that a strict server refuses, and others accept. */
export interface HiddenCloseMissing extends Fact {
  kind: 'under-tls'
  sender: 'client'
  address: string
  /** Bytes after the handshake, TLS records included. */
  bytes: number
  /** Length of the server's next reply, without the overhead of encryption; `null` if none was captured. */
  replyBytes: number | null
}

export const tlsCloseMissing = defineRule<CloseMissing | HiddenCloseMissing>({
  id: 'tls-close-missing',
  title: 'TLS data connection ends without close_notify',
  severity: 'warning',
  side: 'unknown',
  level: 'cause',
  references: ['RFC 5246 §7.2.1', 'RFC 8446 §6.1', 'RFC 4217 §12.6, §12.7 (TLS ends before the data connection)'],
  samples: { reports: 'made/tls-close-missing.pcap', silent: 'made/tls-close-missing--silent.pcap' },
  needs: ['tls'],
  *check(session, facts) {
    for (const { channel, flow, reply, transfer, direction, connection, sender } of facts.payloads) {
      const server = dataTlsOf(channel)?.server.serverHello
      if (!server || !endsWithoutClose(channel, direction, flow) || !reply || !DOUBT.has(reply.code)) continue
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
        // In TLS 1.3 an alert is known by its length only, which padding changes (RFC 8446 §5.4).
        confidence: transfer.decrypted ? 'high' : server.version >= TLS13 ? 'low' : 'medium',
        evidence: [
          at(
            flow.fin,
            transfer.decrypted
              ? 'FIN; no close_notify is among the decrypted records before it'
              : 'FIN; the last record before it is not an alert',
          ),
          replyEvidence(reply),
          commandEvidence(exchange),
        ],
        rivals: ['transfer-aborted'],
        channel,
      }
    }
    for (const { channel, connection, direction, sender, bytes, version, content } of facts.hiddenPayloads) {
      const flow = connection.flows[direction]
      if (content !== 'tls' || sender !== 'client' || bytes === 0 || version === null) continue
      if (
        !endsWithoutClose(channel, direction, flow) ||
        connection.closedBy?.direction !== direction ||
        connection.resetCount > 0
      )
        continue
      const reply = replyLengthAfter(session, flow.fin.time, version)
      yield {
        fact: {
          kind: 'under-tls',
          sender,
          address: addressOf(connection, direction),
          bytes,
          replyBytes: reply?.length ?? null,
        },
        severity: 'info',
        harmless: true,
        side: sender,
        confidence: version >= TLS13 ? 'medium' : 'high',
        evidence: [
          at(flow.fin, `FIN; the last record before it is not an alert (${version >= TLS13 ? 'length' : 'type'})`),
          ...(reply ? [at(reply.at, `reply of ${byteCount(reply.length)} under TLS`)] : []),
        ],
        channel,
      }
    }
  },
  texts: {
    message(fact) {
      if (fact.kind === 'under-tls') {
        const ended = `${fact.address} ended the TLS data connection of an upload (${byteCount(fact.bytes)})`
        const reply = fact.replyBytes === null ? '' : `; its reply of ${byteCount(fact.replyBytes)} is hidden by TLS`
        const strict = `a strict server (FileZilla Server, vsftpd with strict_ssl_read_eof=YES) rejects such an upload`
        return `${ended} with a FIN but no close_notify: ${strict}${reply}.`
      }
      const ended = `${fact.address} ended the TLS data connection for "${commandWords(fact.command)}"`
      return `${ended} with a FIN but no close_notify, and the server replied "${replyWords(fact.reply)}".`
    },
  },
  remedy: ({ address, sender }) => [
    `on ${address} (the FTP ${sender}): use a version that closes TLS properly`,
    'until then, let the receiver tolerate it: vsftpd strict_ssl_read_eof=NO (ProFTPD only logs it)',
  ],
})

/** A FIN after all bytes were captured, and no close_notify before it. */
function endsWithoutClose(channel: DataChannel, direction: Direction, flow: Flow): flow is Flow & { fin: Sighting } {
  return flow.fin !== null && !endsWithClose(channel, direction) && flow.missingBytes === 0 && flow.snappedBytes === 0
}
