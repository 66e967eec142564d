import { defineRule, madeGood } from '../../legacy.js'
import { at, commandEvidence, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import type { Transfer } from '../../../correlate/model.js'
import { payloadDirection } from '../../../correlate/transfers.js'
import { type Connection, opposite } from '../../../tcp/connection.js'

/** Who takes an upload closed the connection before its sender was done, and answered what still came by RST (RFC 9293 §3.6.1). */
function takerLeft(connection: Connection, transfer: Transfer | null, mode: 'active' | 'passive'): boolean {
  if (transfer?.command.direction !== 'upload') return false
  const sending = payloadDirection(transfer.command, mode)
  const taking = opposite(sending)
  const { fin, finOffset, acknowledged } = connection.flows[sending]
  const done = fin !== null && acknowledged >= finOffset
  return !done && connection.flows[taking].fin !== null && connection.resets[0]?.direction === taking
}

export const transferReset = defineRule({
  id: 'transfer-reset',
  title: 'data connection was reset',
  severity: 'error',
  side: 'unknown',
  level: 'symptom',
  explains: ['command-unanswered', 'transfer-incomplete'],
  remedy: ['Look at the log of the host that sent the RST, or at the box on the way'],
  references: ['RFC 9293 §3.5.3', 'RFC 959 §4.2.2 (426)'],
  samples: { reports: 'made/transfer-reset.pcap', silent: 'made/transfer-reset--silent.pcap' },
  needs: ['reset', 'unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection || channel.state !== 'established') continue
      const left = takerLeft(connection, transfer, channel.mode)
      if (connection.closedBy?.how !== 'rst' && !left) continue
      // A RST behind a complete transfer, or one that the user's ABOR asked for, broke nothing.
      if (transfer?.outcome === 'completed' || transfer?.command.abortedBy) continue
      const reset = connection.resets[0]
      if (!reset) continue
      const flow = connection.flows[reset.direction]
      const sender = reset.direction === 0 ? connection.initiator : connection.responder
      const foreign = flow.hopLimit > 0 && flow.hopLimit !== reset.hopLimit
      const bytes = connection.flows[0].end + connection.flows[1].end
      const byClient = sender.address === session.client.address
      const reply = refusalOf(channel)
      const software = byClient ? session.dialogue.clientSoftware : session.dialogue.serverSoftware
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: foreign ? 'path' : byClient ? 'client' : 'server',
        confidence: foreign || reply ? 'high' : 'medium',
        message: `The data connection was reset after ${bytes} bytes by a RST in the name of ${endpointText(sender.address, sender.port)}${left ? ', which had closed it while the other side was still sending' : ''}. ${
          foreign
            ? `Its TTL ${reset.hopLimit} is not that host's (${flow.hopLimit}): a box on the way forged it.`
            : `Its TTL ${reset.hopLimit} is that host's own.`
        }`,
        evidence: [
          at(
            reset,
            `RST in the name of ${sender.address} (TTL ${reset.hopLimit}, the host's other packets ${flow.hopLimit})`,
          ),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          foreign
            ? `find the box between ${connection.initiator.address} and ${connection.responder.address} that forges RSTs (the difference of the TTLs tells how far it is); firewalls and intrusion prevention log it`
            : `on ${sender.address} (the FTP ${byClient ? 'client' : 'server'}${software === null ? '' : `, ${software}`}): its log of that moment (a crash, a kill, a limit of its own, a user who stopped it)`,
        ],
        channel,
      }
    }
  },
})
