import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { isContainerAddress } from '../../facts/container-networks.js'
import { negativeReply } from '../../facts/attempt.js'
import { alternatives } from '../../remedies/alternatives.js'
import { passiveChannels } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  announcementEvidence,
  at,
  endpointText,
  type ReplyFact,
  replyEvidence,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/**
 * How servers word a refusal of a data connection from the wrong address: vsftpd "425 Security: Bad IP connecting.",
 * pyftpdlib "425 Rejected data connection from foreign address 10.0.0.1:4711.", SFTPGo "425 … data connection security
 * requirements not met".
 */
const WRONG_ADDRESS = [
  /bad ip connecting|foreign address|different ip|security: /i,
  /connection from .* (?:rejected|refused)|security requirements not met/i,
]

export interface PeerMismatch extends Fact {
  /**
   * `refused`: the server's reply gives the address as the reason. `closed`: it only closed the connection. `exchange`:
   * the client had another server connect, as for a transfer between the two.
   */
  kind: 'refused' | 'closed' | 'exchange'
  /** Address of the client in the control connection. */
  client: string
  /** Source address of the data connection; `null` where it was not captured. */
  source: string | null
  reply: ReplyFact | null
  /** One of the two addresses is of a container network: its NAT or proxy gave the connections different sources. */
  container: boolean
  /** Address of another server of the same client that was to connect (FXP). */
  partner: string | null
}

export const dataPeerMismatch = defineRule<PeerMismatch>({
  id: 'data-peer-mismatch',
  title: 'data connection comes from another address',
  severity: 'error',
  side: 'client-network',
  level: 'cause',
  concernsDataSyn: true,
  references: ['RFC 2577 §4', 'RFC 4787 §4.1 (address pooling)'],
  samples: { reports: 'made/data-peer-mismatch.pcap', silent: 'made/data-peer-mismatch--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    const client = session.client.address
    for (const channel of passiveChannels(session)) {
      const { connection, transfer } = channel
      const reply = negativeReply(channel) ?? earlyRefusal(session, channel)
      const refused = reply !== null && WRONG_ADDRESS.some((words) => words.test(reply.text))
      const used = connection && connection.initiator.address !== client ? connection : null
      const exchange = exchangeOf(session, channel, used)
      if (!refused && !exchange && (!used || transfer?.outcome === 'completed')) continue
      const foreign = used ?? channel.fromOtherHosts[0] ?? null
      const announced = announcementEvidence(channel.announcement!)
      const passedOn = exchange?.frame
        ? [at({ frame: exchange.frame }, `the client passes the port on to ${exchange.partner}`)]
        : []
      const source = foreign && endpointText(foreign.initiator.address, foreign.initiator.port)
      const opened = foreign ? [at(foreign.first, `data connection from ${source!}`)] : []
      yield {
        fact: {
          kind: refused ? 'refused' : exchange ? 'exchange' : 'closed',
          client,
          source: foreign?.initiator.address ?? exchange?.partner ?? null,
          reply: reply && replyFact(reply),
          container: foreign !== null && (isContainerAddress(client) || isContainerAddress(foreign.initiator.address)),
          partner: exchange && exchange.partner,
        },
        ...(exchange && !refused ? { severity: 'info', side: 'client', harmless: true } : {}),
        confidence: refused || exchange ? 'high' : 'medium',
        evidence: reply
          ? [replyEvidence(reply), announced, ...passedOn, ...opened]
          : [announced, ...passedOn, ...opened],
        channel,
      }
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'exchange' ? 'transfer between two servers (FXP)' : null),
    message({ kind, client, source, reply, container, partner }) {
      if (kind === 'exchange') {
        const asked = `${client} had ${partner}, another server of its own, connect to the announced port`
        return `${asked}: a transfer between two servers (FXP).`
      }
      const expected = `the data connection from ${client}, the client's address in the control connection`
      const end = reply ? `, and the server replied "${replyWords(reply)}"` : ' and was closed unused'
      return `The server expected ${expected}; it came from ${source ?? 'another address'}${end}.${container ? CONTAINER : ''}`
    },
  },

  remedy({ kind, container, partner }, context) {
    if (kind === 'exchange') return ['no change needed if the user wants servers to exchange files directly']
    const affinity = 'enable source affinity, so that each client keeps one public address'
    const sameSource =
      'publish the control port and the passive range in the same way, so that both connections keep the source ' +
      'address of the client (Docker: --network host, or "userland-proxy": false in daemon.json; ' +
      'Kubernetes: externalTrafficPolicy: Local)'
    const admitted = 'accept data connections from other addresses'
    const server = serverRemedy(context.serverSoftware, admitted, (s) => s.foreignAddress)
    const foreign = `${server}, at the cost of protection against data-connection hijacking`
    if (partner !== null)
      return alternatives('in the client: transfer the file through the client, not between the servers (FXP)', foreign)
    return container
      ? alternatives(`on the container host: ${sameSource}`, foreign)
      : alternatives(`on the client's NAT or SD-WAN: ${affinity}`, 'bind FTP to one uplink', foreign)
  },
})

const CONTAINER = ' Addresses like these are of a container network (Docker), whose NAT or proxy replaced one of them.'

/** The transfer between two servers that a channel is a half of; `null` if it is none. */
function exchangeOf(
  { surroundings }: Session,
  { announcement }: DataChannel,
  used: Connection | null,
): { partner: string; frame: number | null } | null {
  const exchanged = surroundings.exchanged.find((each) => each.announcement === announcement)
  if (exchanged) return exchanged
  const source = used?.initiator.address
  return source !== undefined && surroundings.exchangePartners.includes(source)
    ? { partner: source, frame: null }
    : null
}

/** A refusal of the connection itself may precede the transfer command (pyftpdlib). */
function earlyRefusal({ dialogue }: Session, { connection, transfer }: DataChannel): Reply | null {
  if (!connection) return null
  const from = connection.first.frame
  const to = transfer?.command.exchange.frame ?? Infinity
  for (const { command, frame, replies } of dialogue.exchanges) {
    if (command !== null || frame <= from || frame >= to) continue
    const refusal = replies.find(({ code }) => code === 425)
    if (refusal) return refusal
  }
  return null
}
