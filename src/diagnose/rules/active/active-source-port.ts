import { defineRule } from '../../legacy.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'
import { activeChannels } from '../../facts/active.js'
import { isEstablished } from '../../facts/passive.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const activeSourcePort = defineRule({
  id: 'active-source-port',
  title: 'active data connection does not come from port 20',
  severity: 'info',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  remedy: ['Let the server use port 20, or use a filter that follows connections'],
  references: ['RFC 959 §3.2 (default data ports)'],
  samples: { reports: 'made/active-source-port.pcap', silent: 'made/active-source-port--silent.pcap' },
  needs: ['active'],

  *check(session) {
    const usual = session.server.port - 1
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (!connection || connection.initiator.port === usual) continue
      const failed = !isEstablished(channel)
      yield {
        severity: failed ? 'warning' : 'info',
        confidence: 'high',
        message: `The server opened the data connection from port ${connection.initiator.port}, not from ${usual}${failed ? ', and it failed: a stateless filter for port 20 would drop it' : ''}.`,
        evidence: [
          at(connection.first, `SYN from ${endpointText(connection.initiator.address, connection.initiator.port)}`),
          announcementEvidence(channel.announcement!),
        ],
        remedy: [
          serverRemedy(session.dialogue.serverSoftware, `active data from port ${usual}`, (s) => s.activeSourcePort),
          `or before the client a filter that follows connections instead of asking for source port ${usual}`,
          rulesCommand('client'),
        ],
        channel,
      }
      if (!failed) return
    }
  },
})
