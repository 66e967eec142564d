import { defineRule, madeGood } from '../../legacy.js'
import { announcementEvidence, at, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import { activeChannels } from '../../facts/active.js'
import { isEstablished } from '../../facts/passive.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const activeSourceAddress = defineRule({
  id: 'active-source-address',
  title: 'active data connection comes from another address',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  explains: ['active-source-port'],
  concernsDataSyn: true,
  remedy: ['Let the server dial from the address that clients know'],
  references: ['RFC 959 §3.2', "Linux Virtual Server: masquerading of real servers' own connections"],
  samples: { reports: 'made/active-source-address.pcap', silent: 'made/active-source-address--silent.pcap' },
  needs: ['active'],

  *check(session) {
    const peer = session.server.address
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (!connection || connection.initiator.address === peer || channel.match === 'none') continue
      const failed = !isEstablished(channel)
      const reply = refusalOf(channel)
      yield {
        severity: failed && !madeGood(session, channel) ? 'error' : 'warning',
        confidence: 'high',
        harmless: !failed,
        message: `The data connection comes from ${connection.initiator.address}, but the control connection goes to ${peer}${failed ? '; it did not come about' : ''}.`,
        evidence: [
          at(connection.first, `SYN from ${endpointText(connection.initiator.address, connection.initiator.port)}`),
          announcementEvidence(channel.announcement!),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          `behind LVS or another NAT, give the connections that the server opens the address that clients know: iptables -t nat -A POSTROUTING -p tcp -s ${connection.initiator.address}${connection.initiator.port === session.server.port - 1 ? ` --sport ${connection.initiator.port}` : ''} -j SNAT --to-source ${peer}`,
          `or, where the server itself has both addresses, ${serverRemedy(session.dialogue.serverSoftware, `dial from ${peer}`, (s) => s.listenAddress?.(peer))}`,
          rulesCommand('server'),
        ],
        channel,
      }
    }
  },
})
