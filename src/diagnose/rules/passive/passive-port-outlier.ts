import { isEstablished, passiveChannels } from '../../facts/passive.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { adviseRange, type PortRange, widen } from '../../remedies/passive-range.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, openingEvidence } from '../../words/evidence.js'

/** Ports that must have worked before one can be called an outlier. */
const MIN_GOOD = 3
/** A range as wide as the system's own has no outliers. */
const WIDEST = 4096
/** How far from the ports that worked a port must be to be an outlier: this many ports, or twice their span. */
const NEAR = 50

export interface PortOutlier extends Fact {
  kind: 'outlier'
  /** The port whose data connection failed. */
  port: number
  /** Data connections that were established, and the lowest and highest of their ports. */
  established: number
  low: number
  high: number
  /** The passive range to configure. */
  advised: PortRange
}

export const passivePortOutlier = defineRule<PortOutlier>({
  id: 'passive-port-outlier',
  title: 'passive port outside the usual range',
  severity: 'warning',
  side: 'server',
  level: 'cause',
  concernsDataSyn: true,
  references: ["ProFTPD: PassivePorts falls back to a port of the system's choice", 'RFC 959 §4.1.2 (PASV)'],
  samples: { reports: 'made/passive-port-outlier.pcap', silent: 'made/passive-port-outlier--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session, facts) {
    const channels = [...passiveChannels(session)].filter(
      ({ announcement }) => announcement !== null && announcement.port !== null,
    )
    const good = channels.filter(isEstablished).map(({ announcement }) => announcement!.port!)
    if (good.length < MIN_GOOD) return
    // No spread syntax: a session may have more ports than a call takes arguments.
    const low = good.reduce((least, port) => Math.min(least, port))
    const high = good.reduce((most, port) => Math.max(most, port))
    if (high - low > WIDEST) return
    const slack = Math.max(NEAR, (high - low) * 2)
    const advised = widen(adviseRange(good))
    for (const channel of channels) {
      const attempt = facts.attempt(channel)
      const port = channel.announcement!.port!
      if (!attempt || (port >= low - slack && port <= high + slack)) continue
      yield {
        fact: { kind: 'outlier', port, established: good.length, low, high, advised },
        confidence: 'medium',
        evidence: [announcementEvidence(attempt.announcement), ...openingEvidence(attempt.connection)],
        rivals: ['passive-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ port, established, low, high }) {
      const others = `the session's other ${established} passive ports, between ${low} and ${high}, worked`
      return `The server announced port ${port}, and the data connection to it failed; ${others}.`
    },
  },

  remedy({ advised: { low, high } }, context) {
    const wider = `set a wider range of passive ports, ${low} to ${high}`
    return [
      serverRemedy(context.serverSoftware, wider, (s) => s.passivePorts?.(low, high)),
      `allow the same range in every firewall and NAT in front of ${context.session.server.address}`,
      rulesCommand('server'),
    ]
  },
})
