import { activeChannels } from '../../facts/active.js'
import { isEstablished } from '../../facts/passive.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'

export interface SourcePort extends Fact {
  /** Outcome of the data connection. */
  kind: 'established' | 'failed'
  /** Its source port, and the default: the port below the control port (RFC 959 §3.2). */
  sourcePort: number
  defaultPort: number
}

export const activeSourcePort = defineRule<SourcePort>({
  id: 'active-source-port',
  title: 'active data connection does not come from port 20',
  severity: 'info',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2 (default data ports)'],
  samples: { reports: 'made/active-source-port.pcap', silent: 'made/active-source-port--silent.pcap' },
  needs: ['active'],

  *check(session) {
    const defaultPort = session.server.port - 1
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (!connection || connection.initiator.port === defaultPort) continue
      const { address, port: sourcePort } = connection.initiator
      const established = isEstablished(channel)
      yield {
        fact: { kind: established ? 'established' : 'failed', sourcePort, defaultPort },
        severity: established ? 'info' : 'warning',
        confidence: 'high',
        evidence: [
          at(connection.first, `SYN from ${endpointText(address, sourcePort)}`),
          announcementEvidence(channel.announcement!),
        ],
        channel,
      }
      if (established) return
    }
  },

  texts: {
    message({ kind, sourcePort, defaultPort }) {
      const failure =
        kind === 'failed' ? ', and it failed: a stateless filter that allows only the default port would drop it' : ''
      return `The server opened the data connection from port ${sourcePort}, not from ${defaultPort}${failure}.`
    },
  },

  remedy: ({ defaultPort }, context) => [
    serverRemedy(context.serverSoftware, `use source port ${defaultPort} for active mode`, (s) => s.activeSourcePort),
    `or use a stateful filter in front of the client instead of one that requires source port ${defaultPort}`,
    rulesCommand('client'),
  ],
})
