import { withCommands } from '../../remedies/commands.js'
import { activeChannels } from '../../facts/active.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished } from '../../facts/passive.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText, replyEvidence } from '../../words/evidence.js'

export interface SourceAddress extends Fact {
  /** Outcome of the data connection. */
  kind: 'established' | 'failed'
  /** Its source address. */
  source: string
  sourcePort: number
  /** Address of the server in the control connection. */
  server: string
}

export const activeSourceAddress = defineRule<SourceAddress>({
  id: 'active-source-address',
  title: 'active data connection comes from another address',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  explains: ['active-source-port'],
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', "Linux Virtual Server: masquerading of real servers' own connections"],
  samples: { reports: 'made/active-source-address.pcap', silent: 'made/active-source-address--silent.pcap' },
  needs: ['active'],

  *check(session) {
    const server = session.server.address
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (!connection || connection.initiator.address === server || channel.match === 'none') continue
      const { address: source, port: sourcePort } = connection.initiator
      const established = isEstablished(channel)
      const reply = negativeReply(channel)
      yield {
        fact: { kind: established ? 'established' : 'failed', source, sourcePort, server },
        severity: established ? 'warning' : 'error',
        confidence: 'high',
        harmless: established,
        evidence: [
          at(connection.first, `SYN from ${endpointText(source, sourcePort)}`),
          announcementEvidence(channel.announcement!),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, source, server }) {
      const failure = kind === 'failed' ? '; it was never established' : ''
      return `The data connection comes from ${source}, but the control connection goes to ${server}${failure}.`
    },
  },

  remedy({ source, sourcePort, server }, context) {
    const fromDataPort = sourcePort === context.session.server.port - 1 ? ` --sport ${sourcePort}` : ''
    const snat = `iptables -t nat -A POSTROUTING -p tcp -s ${source}${fromDataPort} -j SNAT --to-source ${server}`
    const known = 'translate the connections that the server opens to the address that clients know'
    const own = serverRemedy(context.serverSoftware, `connect from ${server}`, (s) => s.listenAddress?.(server))
    return [
      withCommands(`with LVS or another NAT in front of the server, ${known}`, [null, snat]),
      `or, if the server itself has both addresses, ${own}`,
      rulesCommand('server'),
    ]
  },
})
