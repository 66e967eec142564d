import type { Transfer } from '../../../correlate/model.js'
import { payloadDirection } from '../../../correlate/transfers.js'
import { type Connection, opposite } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { endpointOf, type Role, roleOf } from '../../facts/payload.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'

interface Reset extends Fact {
  /** The side that resets had closed the connection before, while the other one was still sending. */
  kind: 'reset' | 'closed-then-reset'
  /** In whose name the RST came: address and port, and role. */
  address: string
  port: number
  role: Role
  /** The two ends of the connection. */
  initiator: string
  responder: string
  /** Bytes that had passed, in both directions. */
  bytes: number
  /** TTL of the RST, and that of the other packets of the host whose address it carries; `null` where none was captured. */
  ttl: number
  usualTtl: number | null
  /** Another machine sent it: the TTLs differ. */
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
      // A RST behind a complete transfer, or one that the user's ABOR asked for, broke nothing.
      if (transfer?.outcome === 'completed' || transfer?.command.abortedBy) continue
      const { initiator, responder, flows } = connection
      const { foreign, usual } = facts.origin(connection, reset)
      const { address, port } = endpointOf(connection, reset.direction)
      const role = roleOf(channel, reset.direction)
      const reply = negativeReply(channel)
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
            `RST in the name of ${address} (TTL ${reset.hopLimit}` +
              `${usual === null ? '' : `, the host's other packets ${usual}`})`,
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
      const left = kind === 'closed-then-reset' ? ', which had closed it while the other side was still sending' : ''
      const name = `by a RST in the name of ${endpointText(address, port)}${left}`
      const reset = `The data connection was reset after ${bytes} bytes ${name}.`
      if (foreign) return `${reset} Its TTL ${ttl} is not that host's (${usualTtl!}): a box on the way forged it.`
      return usualTtl === null ? reset : `${reset} Its TTL ${ttl} is that host's own.`
    },
  },
  remedy({ address, role, initiator, responder, foreign }, { clientSoftware, serverSoftware }) {
    if (foreign)
      return [
        `find the box between ${initiator} and ${responder} that forges RSTs ` +
          '(the difference of the TTLs tells how far it is); firewalls and intrusion prevention log it',
      ]
    const software = role === 'client' ? clientSoftware : serverSoftware
    const host = `on ${address} (the FTP ${role}${software === null ? '' : `, ${software}`})`
    return [`${host}: its log of that moment (a crash, a kill, a limit of its own, a user who stopped it)`]
  },
})

/** Who takes an upload closed the connection before its sender was done, and answered what still came by RST (RFC 9293 §3.6.1). */
function takerLeft(connection: Connection, transfer: Transfer | null, mode: 'active' | 'passive'): boolean {
  if (transfer?.command.direction !== 'upload') return false
  const sending = payloadDirection(transfer.command, mode)
  const taking = opposite(sending)
  const { fin, finOffset, acknowledged } = connection.flows[sending]
  const done = fin !== null && acknowledged >= finOffset
  return !done && connection.flows[taking].fin !== null && connection.resets[0]?.direction === taking
}
