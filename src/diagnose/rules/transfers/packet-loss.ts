import { type Connection, Direction, opposite } from '../../../tcp/connection.js'
import { addressOf } from '../../facts/payload.js'
import { defineRule, type Fact } from '../../rule.js'
import { at } from '../../words/evidence.js'
import { percent } from '../../words/quantities.js'

/** Share and number of data segments that must be retransmitted to matter: a few are normal. */
const SHARE = 0.01
const LEAST = 10
const MOST_DUPLICATES = 0.05

export interface PacketLoss extends Fact {
  kind: 'retransmissions'
  /** Addresses of the two ends. */
  sender: string
  receiver: string
  /** Data segments that were retransmitted, and the total. */
  retransmissions: number
  segments: number
}

export const packetLoss = defineRule<PacketLoss>({
  id: 'packet-loss',
  title: 'packet loss',
  severity: 'warning',
  side: 'path',
  level: 'symptom',
  explains: ['transfer-slow'],
  references: ['RFC 5681 §3.1 (congestion control)', 'RFC 6298 (retransmission timer)'],
  samples: { reports: 'made/packet-loss.pcap', silent: 'made/packet-loss--silent.pcap' },

  *check(session, facts) {
    // Late duplicates of packets look like retransmissions.
    const { duplicateShare } = session.surroundings
    if (duplicateShare > MOST_DUPLICATES) return
    for (const { worst, direction, retransmissions, segments } of losses(facts.dataConnections)) {
      const [first, ...others] = worst.flows[direction].retransmitted
      yield {
        fact: {
          kind: 'retransmissions',
          sender: addressOf(worst, direction),
          receiver: addressOf(worst, opposite(direction)),
          retransmissions,
          segments,
        },
        confidence: duplicateShare > 0 ? 'medium' : 'high',
        evidence: [at(first!, 'retransmission'), ...others.map((sighting) => at(sighting, 'another retransmission'))],
        rivals: duplicateShare > 0 ? ['capture-duplicates'] : [],
      }
    }
  },

  texts: {
    message({ sender, receiver, retransmissions, segments }) {
      const share = `${retransmissions} of ${segments} data segments (${percent(retransmissions, segments)})`
      return `From ${sender} to ${receiver} ${share} were retransmitted: packets are lost on the path.`
    },
  },
  remedy: () => [
    'find the link that loses packets: interface error counters, duplex mismatch, Wi-Fi, an overloaded link or a ' +
      'policer; compare captures from both ends',
  ],
})

export interface Loss {
  direction: Direction
  worst: Connection
  segments: number
  retransmissions: number
}

/** Totals over the session's data connections by sender: one finding per direction, not per connection. */
function losses(connections: readonly Connection[]): Loss[] {
  const bySender = new Map<string, Loss>()
  for (const connection of connections) {
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      const { dataSegments, retransmissions } = connection.flows[direction]
      if (dataSegments === 0) continue
      const sender = addressOf(connection, direction)
      const sum = bySender.get(sender)
      if (!sum) {
        bySender.set(sender, { direction, worst: connection, segments: dataSegments, retransmissions })
        continue
      }
      sum.segments += dataSegments
      sum.retransmissions += retransmissions
      if (retransmissions > sum.worst.flows[sum.direction].retransmissions) {
        sum.worst = connection
        sum.direction = direction
      }
    }
  }
  return [...bySender.values()].filter(
    ({ segments, retransmissions }) => retransmissions >= LEAST && retransmissions > SHARE * segments,
  )
}
