import { defineRule } from '../../legacy.js'
import { Direction } from '../../../tcp/connection.js'
import { at, commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'
import { payloadsOf } from '../../facts/payload.js'
import { dataTlsOf } from '../../facts/tls.js'

const TLS13 = 0x0304

export const tlsCloseMissing = defineRule({
  id: 'tls-close-missing',
  title: 'TLS data connection ends without close_notify',
  severity: 'warning',
  side: 'unknown',
  level: 'cause',
  remedy: ['Update the side that sends no close_notify; until then, a receiver that tolerates it'],
  references: ['RFC 5246 §7.2.1', 'RFC 8446 §6.1', 'RFC 4217 §12.1 (end of data)'],
  samples: { reports: 'made/tls-close-missing.pcap', silent: 'made/tls-close-missing--silent.pcap' },
  needs: ['tls'],

  *check(session) {
    for (const payload of payloadsOf(session)) {
      const { channel, flow, reply, transfer, direction, connection } = payload
      const tls = dataTlsOf(channel)
      const version = tls?.server.serverHello?.version ?? TLS13
      // From TLS 1.3 on alerts look like data; and a FIN behind unseen bytes says nothing.
      if (version >= TLS13 || !flow.fin || flow.endsWithAlert || flow.missingBytes > 0 || flow.snappedBytes > 0)
        continue
      if (!reply || ![425, 426, 450, 451].includes(reply.code)) continue
      const end = direction === Direction.FromInitiator ? connection.initiator : connection.responder
      yield {
        side: payload.sender,
        confidence: 'medium',
        message: `${end.address} ended the TLS data connection of "${commandLine(transfer.command.exchange)}" by a FIN without close_notify, and the server said "${replyLine(reply)}".`,
        evidence: [
          at(flow.fin, 'FIN; the last record before it is no alert'),
          replyEvidence(reply),
          commandEvidence(transfer.command.exchange),
        ],
        remedy: [
          `on ${end.address} (the FTP ${payload.sender}): a version that closes TLS properly`,
          'on the other side, until then, a receiver that tolerates it: vsftpd strict_ssl_read_eof=NO; ProFTPD only logs it',
        ],
        rivals: ['transfer-aborted'],
        channel,
      }
    }
  },
})
