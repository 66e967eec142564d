import { FROM_CLIENT, FROM_SERVER } from '../../../ftp/model.js'
import { type Connection, Direction, opposite } from '../../../tcp/connection.js'
import { awaitedBytes } from '../../facts/lost-bytes.js'
import { addressOf } from '../../facts/payload.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at } from '../../words/evidence.js'
import { byteCount, percent, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** Share and number of data segments that must be retransmitted to matter: a few are normal. */
const SHARE = 0.01
const LEAST = 10
const MOST_DUPLICATES = 0.05

/** Segments of the data connections were sent again. */
export interface Retransmitted extends Fact {
  kind: 'retransmissions'
  /** Addresses of the two ends. */
  sender: string
  receiver: string
  /** Data segments that were retransmitted, and the total. */
  retransmissions: number
  segments: number
  /**
   * Of those: captured before and not acknowledged, so lost after the observation point; not captured before, or
   * acknowledged already: they or their acknowledgment were lost before it.
   */
  after: number
  before: number
}

/** Bytes of the control connection were lost and never came. */
export interface NeverCame extends Fact {
  kind: 'never-came'
  sender: string
  receiver: string
  bytes: number
  /** How often the receiver asked for them again. */
  asked: number
}

export const packetLoss = defineRule<Retransmitted | NeverCame>({
  id: 'packet-loss',
  title: 'packet loss',
  severity: 'warning',
  side: 'path',
  level: 'symptom',
  explains: ['transfer-slow'],
  // What is lost for good is another matter than what arrives late.
  spares: ['command-unanswered'],
  references: ['RFC 5681 §3.1 (congestion control)', 'RFC 6298 (retransmission timer)'],
  samples: { reports: 'made/packet-loss.pcap', silent: 'made/packet-loss--silent.pcap' },
  needs: ['impeded'],

  *check(session, facts) {
    // Late duplicates of packets look like retransmissions.
    const { duplicateShare } = session.surroundings
    if (duplicateShare > MOST_DUPLICATES) return
    for (const loss of losses(facts.dataConnections)) yield retransmitted(loss, duplicateShare)
    if (facts.unseen === null) yield* neverCame(session.control)
  },

  texts: {
    title: ({ kind }) => (kind === 'never-came' ? 'lost packets of the control connection' : null),
    message(fact) {
      const { sender, receiver } = fact
      if (fact.kind === 'never-came') {
        const again = fact.asked === 0 ? 'acknowledged none of them' : `asked for them again ${times(fact.asked)}`
        const sent = `${byteCount(fact.bytes)} that ${sender} sent on the control connection never arrived`
        return `${sent}; ${receiver} ${again}: they were lost between ${sender} and the observation point.`
      }
      const { retransmissions, segments } = fact
      const share = `${retransmissions} of ${segments} data segments (${percent(retransmissions, segments)})`
      return `From ${sender} to ${receiver} ${share} were retransmitted: packets are lost ${placeOf(fact)}.`
    },
  },
  remedy: () => [
    'find the link that loses packets: interface error counters, duplex mismatch, Wi-Fi, an overloaded link or a ' +
      'policer; compare captures from both ends',
  ],
})

/** Where the packets were lost, seen from the observation point. */
function placeOf({ sender, receiver, after, before }: Shown<Retransmitted>): string {
  if (before === 0 && after > 0) return `between the observation point and ${receiver}`
  if (after === 0 && before > 0) return `between ${sender} and the observation point`
  return 'on the path'
}

function retransmitted(loss: Loss, duplicateShare: number): Observation<Retransmitted> {
  const { worst, direction, retransmissions, segments, after, before } = loss
  const [first, ...others] = worst.flows[direction].retransmitted
  return {
    fact: {
      kind: 'retransmissions',
      sender: addressOf(worst, direction),
      receiver: addressOf(worst, opposite(direction)),
      retransmissions,
      segments,
      after,
      before,
    },
    confidence: duplicateShare > 0 ? 'medium' : 'high',
    evidence: [at(first!, 'retransmission'), ...others.map((sighting) => at(sighting, 'another retransmission'))],
    rivals: duplicateShare > 0 ? ['capture-duplicates'] : [],
  }
}

/**
 * What a side sent, and the other one waits for to the end. A reply that is the last thing sent has findings of its
 * own.
 */
function* neverCame(control: Connection): Generator<Observation<NeverCame>> {
  for (const direction of [FROM_CLIENT, FROM_SERVER]) {
    if (direction === FROM_SERVER && control.flows[direction].missingBytes === 0) continue
    const lost = awaitedBytes(control, direction)
    const since = lost?.asked ?? control.flows[direction].ahead ?? control.flows[direction].lastData
    if (lost?.kind !== 'lost-on-path' || !since) continue
    const [sender, receiver] = [addressOf(control, direction), addressOf(control, opposite(direction))]
    const asked = lost.asked?.times ?? 0
    const note = asked > 0 ? `${receiver} asks for ${byteCount(lost.bytes)} again` : `behind ${byteCount(lost.bytes)}`
    yield {
      fact: { kind: 'never-came', sender, receiver, bytes: lost.bytes, asked },
      // Without the handshake, the numbers of a stream are taken from what was captured first.
      confidence: control.midstream || !control.established ? 'medium' : 'high',
      evidence: [at(since, note), at(control.last, 'last packet of the connection: they have not arrived')],
      rivals: ['path-mtu-blackhole'],
    }
  }
}

export interface Loss {
  direction: Direction
  worst: Connection
  segments: number
  retransmissions: number
  /** Of those: by place. */
  after: number
  before: number
  /** Segments that the receiver had already (D-SACK): sent again because they, or their acknowledgment, were late. */
  needless: number
}

/** Totals over the session's data connections by sender: one finding per direction, not per connection. */
function losses(connections: readonly Connection[]): Loss[] {
  const bySender = new Map<string, Loss>()
  for (const connection of connections) {
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      const { dataSegments, retransmissions, lostBehind, lostBefore, receivedTwice } = connection.flows[direction]
      if (dataSegments === 0) continue
      const sender = addressOf(connection, direction)
      const sum = bySender.get(sender)
      if (!sum) {
        bySender.set(sender, {
          direction,
          worst: connection,
          segments: dataSegments,
          retransmissions,
          after: lostBehind,
          before: lostBefore,
          needless: receivedTwice,
        })
        continue
      }
      sum.segments += dataSegments
      sum.retransmissions += retransmissions
      sum.after += lostBehind
      sum.before += lostBefore
      sum.needless += receivedTwice
      if (retransmissions > sum.worst.flows[sum.direction].retransmissions) {
        sum.worst = connection
        sum.direction = direction
      }
    }
  }
  return [...bySender.values()].filter(({ segments, retransmissions, needless }) => {
    const lost = retransmissions - needless
    return lost >= LEAST && lost > SHARE * segments
  })
}
