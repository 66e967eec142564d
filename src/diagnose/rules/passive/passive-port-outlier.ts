import { defineRule } from '../../legacy.js'
import { announcementEvidence, synEvidence } from '../../words/evidence.js'
import { hasFailed, isEstablished, passiveChannels } from '../../facts/passive.js'
import { adviseRange, widen } from '../../remedies/passive-range.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** Ports seen to work before one can be called an outlier. */
const MIN_GOOD = 3

export const passivePortOutlier = defineRule({
  id: 'passive-port-outlier',
  title: 'passive port outside the usual range',
  severity: 'warning',
  side: 'server',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Widen the passive port range, on the server and in the firewall'],
  references: ["ProFTPD: PassivePorts falls back to a port of the system's choice", 'RFC 959 §4.1.2 (PASV)'],
  samples: { reports: 'made/passive-port-outlier.pcap', silent: 'made/passive-port-outlier--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    const channels = [...passiveChannels(session)]
    const good = channels.filter(isEstablished).map((c) => c.announcement!.port!)
    if (good.length < MIN_GOOD) return
    // No spread: a session may have more of them than a call takes arguments.
    const low = good.reduce((least, port) => Math.min(least, port))
    const high = good.reduce((most, port) => Math.max(most, port))
    // A range as wide as the system's own gives no outliers.
    const slack = Math.max(50, (high - low) * 2)
    if (high - low > 4096) return
    const range = widen(adviseRange(good))
    for (const channel of channels) {
      const port = channel.announcement!.port!
      if (!hasFailed(channel) || !channel.connection || (port >= low - slack && port <= high + slack)) continue
      yield {
        confidence: 'medium',
        message: `The server announced port ${port}, and the connection to it was lost; the session's other ${good.length} passive ports lie between ${low} and ${high} and worked.`,
        evidence: [announcementEvidence(channel.announcement!), ...synEvidence(channel.connection)],
        remedy: [
          serverRemedy(
            session.dialogue.serverSoftware,
            `a wider range of passive ports, ${range.low} to ${range.high}`,
            (s) => s.passivePorts?.(range.low, range.high),
          ),
          `the same range in every firewall and NAT before ${session.server.address}`,
          rulesCommand('server'),
        ],
        rivals: ['passive-port-unanswered'],
        channel,
      }
    }
  },
})
