import type { Connection } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { passiveChannels } from '../../facts/passive.js'
import { addressOf } from '../../facts/payload.js'
import { lvsLines } from '../../remedies/firewall-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText, replyEvidence, resetEvidence } from '../../words/evidence.js'

/** How the host that answered the data connection differs from that of the control connection. */
export type Difference =
  /** The values of the two; -1 where a SYN,ACK has no such option. */
  | { trait: 'ttl' | 'mss' | 'windowScale'; control: number; data: number }
  /** Only one uses the timestamps option, or both do with clocks that do not match. */
  | { trait: 'timestamps' | 'timestampClock' }

export interface Split extends Fact {
  kind: 'split'
  /** Address and port of the data connection, as text. */
  target: string
  differences: Difference[]
}

export const loadBalancerSplit = defineRule<Split>({
  id: 'load-balancer-split',
  title: 'load balancer splits control and data connections',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  concernsDataSyn: true,
  references: ['Linux Virtual Server: persistence, ip_vs_ftp, persistent firewall marks', 'RFC 959 §3.2'],
  samples: { reports: 'made/load-balancer-split.pcap', silent: 'made/load-balancer-split--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const { connection, state } = channel
      if (!connection || connection.responder.address !== session.server.address) continue
      const reply = negativeReply(channel)
      const failed = state === 'refused' || state === 'closed-early' || (state === 'established' && reply?.code === 425)
      if (!failed) continue
      const differences = differencesOf(session.control, connection)
      if (differences.length === 0) continue
      const target = endpointText(connection.responder.address, connection.responder.port)
      const [answer] = connection.synAcks
      const [reset] = connection.resets
      yield {
        fact: { kind: 'split', target, differences },
        confidence: differences.length > 1 ? 'high' : 'medium',
        evidence: [
          announcementEvidence(channel.announcement!),
          ...(answer ? [at(answer, `SYN,ACK from ${target}`)] : []),
          ...(reset ? [resetEvidence(reset, addressOf(connection, reset.direction))] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: state === 'refused' ? ['passive-port-refused'] : [],
        channel,
      }
    }
  },

  texts: {
    message({ target, differences }) {
      const split = `The data connection to ${target} was not answered by the host of the control connection`
      const unlike = differences.map(differenceWords).join(', ')
      return `${split}: ${unlike}. A load balancer sent the two to different servers.`
    },
  },

  remedy: (_fact, context) => [
    ...lvsLines(context),
    `other balancers: source-address persistence across port ${context.session.server.port} and the passive ports`,
    'or give each server its own passive range, forwarded to that server only',
  ],
})

/** Initial TTLs differ by at least this much; a smaller difference may be that of a firewall on the path. */
const MIN_RESET_DIFFERENCE = 32

/**
 * From a SYN,ACK all values that its system chooses; from a RST only the hop limit, and only where its initial value
 * differs: any other difference may come from a firewall that sent the RST.
 */
function differencesOf(control: Connection, data: Connection): Difference[] {
  const [usual, seen] = [control.flows[1], data.flows[1]]
  const differences: Difference[] = []
  if (data.synAckAttempts === 0 || control.synAckAttempts === 0) {
    const hopLimit = data.resets.find(({ answersSyn }) => answersSyn)?.hopLimit ?? usual.hopLimit
    if (Math.abs(hopLimit - usual.hopLimit) < MIN_RESET_DIFFERENCE) return []
    return [{ trait: 'ttl', control: usual.hopLimit, data: hopLimit }]
  }
  const compare = (trait: 'ttl' | 'mss' | 'windowScale', ofControl: number, ofData: number): void => {
    if (ofControl !== ofData) differences.push({ trait, control: ofControl, data: ofData })
  }
  compare('ttl', usual.hopLimit, seen.hopLimit)
  compare('mss', usual.maximumSegmentSize, seen.maximumSegmentSize)
  compare('windowScale', usual.windowScale, seen.windowScale)
  if (usual.timestampValue >= 0 !== seen.timestampValue >= 0) differences.push({ trait: 'timestamps' })
  // Some systems start a new clock for each connection, so this only supports other differences.
  else if (differences.length > 0 && usual.timestampValue >= 0 && clocksDiffer(control, data))
    differences.push({ trait: 'timestampClock' })
  return differences
}

/** TSval is a clock in ms or close to it; Linux offsets it per host pair, so two connections agree (RFC 7323 §5.4). */
function clocksDiffer(control: Connection, data: Connection): boolean {
  const elapsedMs = (data.synAcks.at(-1)!.time - control.synAcks.at(-1)!.time) / 1e6
  const ticks = (data.flows[1].timestampValue - control.flows[1].timestampValue) | 0
  // 1 to 1000 ticks a second are allowed (RFC 7323 §5.4): backwards or ten times too fast indicates another clock.
  return ticks < -1000 || ticks > elapsedMs * 10 + 10_000
}

const TRAITS = { ttl: 'TTL', mss: 'MSS', windowScale: 'window scale' }

function differenceWords(difference: Difference): string {
  switch (difference.trait) {
    case 'timestamps':
      return 'TCP timestamps used by only one of them'
    case 'timestampClock':
      return 'a different TCP timestamp clock'
    default:
      return `${TRAITS[difference.trait]} ${difference.data} instead of ${difference.control}`
  }
}
