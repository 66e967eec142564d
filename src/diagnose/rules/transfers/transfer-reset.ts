import type { Transfer } from '../../../correlate/model.js'
import { payloadDirection } from '../../../correlate/transfers.js'
import { type Connection, opposite } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { endpointOf, type Role, roleOf } from '../../facts/payload.js'
import { blamesDataConnection } from '../../facts/server-words.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'

export interface Reset extends Fact {
  /** `closed-then-reset`: the resetting side had already closed while the other one was still sending. */
  kind: 'reset' | 'closed-then-reset'
  /** Source of the RST: address and port, and role. */
  address: string
  port: number
  role: Role
  /** The two ends of the connection. */
  initiator: string
  responder: string
  /** Bytes transferred, in both directions. */
  bytes: number
  /** TTL of the RST, and of the other packets with its source address; `null` if none was captured. */
  ttl: number
  usualTtl: number | null
  /** A different host sent it: the TTLs differ. */
  foreign: boolean
}

export const transferReset = defineRule<Reset>({
  id: 'transfer-reset',
  title: 'data connection was reset',
  severity: 'error',
  side: 'unknown',
  level: 'symptom',
  identifiesResets: true,
  explains: ['command-unanswered', 'transfer-failed', 'transfer-incomplete'],
  references: ['RFC 9293 §3.5.3', 'RFC 959 §4.2.2 (426)'],
  samples: { reports: 'made/transfer-reset.pcap', silent: 'made/transfer-reset--silent.pcap' },
  needs: ['reset', 'unfinished'],

  *check(session, facts) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection || channel.state !== 'established') continue
      const left = takerLeft(connection, transfer, channel.mode)
      const [reset] = connection.resets
      if (!reset || (connection.closedBy?.how !== 'rst' && !left)) continue
      // A RST after a complete transfer, or one caused by the user's ABOR, did no harm.
      if (transfer?.outcome === 'completed' || transfer?.command.abortedBy) continue
      const { initiator, responder, flows } = connection
      const { foreign, usual } = facts.origin(connection, reset)
      const { address, port } = endpointOf(connection, reset.direction)
      const role = roleOf(channel, reset.direction)
      const reply = negativeReply(channel)
      // The server had said why it ended the transfer: the RST only follows from that.
      if (reply && reply.time < reset.time && reply.code !== 421 && !blamesDataConnection(reply) && !foreign) continue
      yield {
        fact: {
          kind: left ? 'closed-then-reset' : 'reset',
          address,
          port,
          role,
          initiator: initiator.address,
          responder: responder.address,
          bytes: flows[0].end + flows[1].end,
          ttl: reset.hopLimit,
          usualTtl: usual,
          foreign,
        },
        side: foreign ? 'path' : role,
        confidence: foreign || reply ? 'high' : 'medium',
        evidence: [
          at(
            reset,
            `RST with source address ${address} (TTL ${reset.hopLimit}` +
              `${usual === null ? '' : `; TTL of its other packets ${usual}`})`,
          ),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, address, port, bytes, ttl, usualTtl, foreign }) {
      const left =
        kind === 'closed-then-reset' ? ', whose host had already closed it while the other side was still sending' : ''
      const name = `by a RST with source address ${endpointText(address, port)}${left}`
      const reset = `The data connection was reset after ${byteCount(bytes)} ${name}.`
      const mismatch = `does not match that host's other packets (${usualTtl!}): a middlebox forged it`
      if (foreign) return `${reset} Its TTL of ${ttl} ${mismatch}.`
      return usualTtl === null ? reset : `${reset} Its TTL of ${ttl} matches that host's other packets.`
    },
  },
  remedy({ address, role, initiator, responder, foreign }, { clientSoftware, serverSoftware }) {
    if (foreign)
      return [
        `find the middlebox between ${initiator} and ${responder} that forges RSTs ` +
          '(the difference in TTL shows how far away it is); firewalls and intrusion prevention log it',
      ]
    const software = role === 'client' ? clientSoftware : serverSoftware
    const host = `on ${address} (the FTP ${role}${software === null ? '' : `, ${software}`})`
    return [`${host}: check its log at that time (a crash, a kill, a configured limit, cancelled by the user)`]
  },
})

/**
 * The receiver of an upload closed the connection before its sender was done, and answered the remaining data with RST
 * (RFC 9293 §3.6.1).
 */
function takerLeft(connection: Connection, transfer: Transfer | null, mode: 'active' | 'passive'): boolean {
  if (transfer?.command.direction !== 'upload') return false
  const sending = payloadDirection(transfer.command, mode)
  const taking = opposite(sending)
  const { fin, finOffset, acknowledged } = connection.flows[sending]
  const done = fin !== null && acknowledged >= finOffset
  return !done && connection.flows[taking].fin !== null && connection.resets[0]?.direction === taking
}
