import { defineRule, contextOf } from '../../legacy.js'
import { madeGood } from '../../legacy.js'
import type { Connection } from '../../../tcp/connection.js'
import {
  announcementEvidence,
  at,
  endpointText,
  refusalOf,
  replyEvidence,
  resetEvidence,
} from '../../words/evidence.js'
import { passiveChannels } from '../../facts/passive.js'
import { lvsLines } from '../../remedies/firewall-remedies.js'

export const loadBalancerSplit = defineRule({
  id: 'load-balancer-split',
  title: 'load balancer splits control and data connections',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Send control and data connections of one client to the same real server'],
  references: ['Linux Virtual Server: persistence, ip_vs_ftp, persistent firewall marks', 'RFC 959 §3.2'],
  samples: { reports: 'made/load-balancer-split.pcap', silent: 'made/load-balancer-split--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const { connection } = channel
      if (!connection || connection.responder.address !== session.server.address) continue
      const reply = refusalOf(channel)
      const failed =
        channel.state === 'refused' ||
        channel.state === 'closed-early' ||
        (channel.state === 'established' && reply?.code === 425)
      const unlike = differences(session.control, connection)
      if (!failed || unlike.length === 0) continue
      const reset = connection.resets[0]
      const target = endpointText(connection.responder.address, connection.responder.port)
      const answer = connection.synAcks[0]
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        confidence: unlike.length > 1 ? 'high' : 'medium',
        message: `Whoever answered the data connection to ${target} is not the machine of the control connection: ${unlike.join(', ')}. A balancer sent the two to different servers.`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...(answer ? [at(answer, `SYN,ACK from ${target}`)] : []),
          ...(reset ? [resetEvidence(reset, connection.responder.address)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          ...lvsLines(contextOf(session)),
          `other balancers: persistence by source address across port ${session.server.port} and the passive ports`,
          'or disjoint passive ranges per server, each forwarded to its own server',
        ],
        rivals: channel.state === 'refused' ? ['passive-port-refused'] : [],
        channel,
      }
    }
  },
})

/**
 * How the answering machine differs from the control connection's. A RST alone is compared by what a host does not change between its
 * own packets: hop limit. A RST's hop limit that is the reset's only oddity may also be a firewall's, so that alone is not enough here:
 * the answer has to differ by a whole initial value (another system), or a SYN,ACK has to differ in its options.
 */
function differences(control: Connection, data: Connection): string[] {
  const usual = control.flows[1]
  const seen = data.flows[1]
  const unlike: string[] = []
  if (data.synAckAttempts > 0 && control.synAckAttempts > 0) {
    if (usual.hopLimit !== seen.hopLimit) unlike.push(`TTL ${seen.hopLimit} instead of ${usual.hopLimit}`)
    if (usual.maximumSegmentSize !== seen.maximumSegmentSize) {
      unlike.push(`MSS ${seen.maximumSegmentSize} instead of ${usual.maximumSegmentSize}`)
    }
    if (usual.windowScale !== seen.windowScale)
      unlike.push(`window scale ${seen.windowScale} instead of ${usual.windowScale}`)
    if (usual.timestampValue >= 0 !== seen.timestampValue >= 0)
      unlike.push('timestamps used by one and not by the other')
    // Some systems start a new clock for each connection, so this only supports what else was seen.
    else if (unlike.length > 0 && usual.timestampValue >= 0 && clocksDiffer(control, data))
      unlike.push('another timestamp clock')
  } else {
    const reset = data.resets.find((r) => r.answersSyn)
    if (reset && Math.abs(reset.hopLimit - usual.hopLimit) >= 32)
      unlike.push(`TTL ${reset.hopLimit} instead of ${usual.hopLimit}`)
  }
  return unlike
}

/** TSval is a clock in ms or close to it; Linux offsets it per host pair, so two connections to one host agree (RFC 7323 §5.4). */
function clocksDiffer(control: Connection, data: Connection): boolean {
  const [first, second] = [control.synAcks[0], data.synAcks[0]]
  if (!first || !second) return false
  const elapsedMs = (second.time - first.time) / 1e6
  const ticks = (data.flows[1].timestampValue - control.flows[1].timestampValue) | 0
  // 1 to 1000 ticks a second are allowed (RFC 7323 §5.4); backwards or ten times too fast is another clock.
  return ticks < -1000 || ticks > elapsedMs * 10 + 10_000
}
