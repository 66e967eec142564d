import { defineRule, dataConnections } from '../../legacy.js'
import { percent } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import { type Connection, Direction, opposite } from '../../../tcp/connection.js'
import { at } from '../../words/evidence.js'
import { addressOf } from '../../facts/payload.js'

/** Share of data segments that must be sent again to matter, and their number: a few are normal. */
const SHARE = 0.01
const LEAST = 10
const MOST_DUPLICATES = 0.05

export const packetLoss = defineRule({
  id: 'packet-loss',
  title: 'packet loss',
  severity: 'warning',
  side: 'path',
  level: 'symptom',
  explains: ['transfer-slow'],
  remedy: [
    'Find the link that loses: interface error counters, duplex mismatch, Wi-Fi, an overloaded line or policer; compare captures from both ends',
  ],
  references: ['RFC 5681 §3.1 (congestion control)', 'RFC 6298 (retransmission timer)'],
  samples: { reports: 'made/packet-loss.pcap', silent: 'made/packet-loss--silent.pcap' },

  *check(session) {
    // Copies of packets that come late look like retransmissions.
    if (session.surroundings.duplicateShare > MOST_DUPLICATES) return
    for (const loss of losses(session)) {
      const sender = addressOf(loss.worst, loss.direction)
      const receiver = addressOf(loss.worst, opposite(loss.direction))
      const flow = loss.worst.flows[loss.direction]
      const doubtful = session.surroundings.duplicateShare > 0
      yield {
        confidence: doubtful ? 'medium' : 'high',
        message: `From ${sender} to ${receiver} ${loss.retransmissions} of ${loss.segments} data segments (${percent(loss.retransmissions, loss.segments)}) were sent again: packets are lost on the way.`,
        evidence: [
          at(flow.retransmitted[0]!, 'retransmission'),
          ...flow.retransmitted.slice(1).map((sighting) => at(sighting, 'another one')),
        ],
        rivals: doubtful ? ['capture-duplicates'] : [],
      }
    }
  },
})

interface Loss {
  direction: Direction
  worst: Connection
  segments: number
  retransmissions: number
}

/** Sums over the session's data connections by who sends: one finding for a way, not for a connection. */
function losses(session: Session): Loss[] {
  const bySender = new Map<string, Loss>()
  for (const connection of dataConnections(session)) {
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
