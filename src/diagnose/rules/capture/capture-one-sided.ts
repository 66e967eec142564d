import { FROM_CLIENT } from '../../../ftp/model.js'
import { type Connection, type Direction, type Endpoint, opposite } from '../../../tcp/connection.js'
import { unseenDirection } from '../../facts/control.js'
import { addressOf } from '../../facts/payload.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'

export interface OneSided extends Fact {
  /** The direction that was not captured: of the control connection by what it carries, or of a data connection. */
  kind: 'commands' | 'replies' | 'data'
  initiator: Endpoint
  responder: Endpoint
  /** The address from which no packet was captured, and the other one. */
  unseen: string
  seen: string
  /** Packets from `seen`. */
  packets: number
}

export const captureOneSided = defineRule<OneSided>({
  id: 'capture-one-sided',
  title: 'only one direction was captured',
  severity: 'warning',
  side: 'unknown',
  level: 'cause',
  explains: ['capture-loss', 'capture-starts-inside'],
  decides: false,
  betterCapture: () => 'Capture both directions, on one of the two hosts or on a mirror port that copies both.',
  references: ['RFC 9293 §3.4'],
  samples: { reports: 'made/capture-one-sided.pcap', silent: 'made/capture-one-sided--silent.pcap' },
  needs: ['incomplete'],
  *check({ control, channels }, { unseen }) {
    if (unseen !== null) {
      yield oneSided(unseen === FROM_CLIENT ? 'commands' : 'replies', control, unseen)
      return
    }
    const judged = new Set<Connection>()
    for (const channel of channels) {
      const { connection } = channel
      if (!connection || judged.has(connection)) continue
      judged.add(connection)
      const missing = unseenDirection(connection)
      if (missing !== null) yield { ...oneSided('data', connection, missing), severity: 'info', channel }
    }
  },
  texts: {
    title: ({ kind }) => (kind === 'commands' ? 'commands were not captured' : null),
    message({ kind, initiator, responder, unseen, seen, packets }) {
      const what = kind === 'data' ? 'a data connection' : 'the control connection'
      const from = endpointText(initiator.address, initiator.port)
      const to = endpointText(responder.address, responder.port)
      const all = packets === 1 ? 'the only captured packet is' : `all ${packets} captured packets are`
      const missing = `On ${what} between ${from} and ${to}, no packet from ${unseen} was captured`
      return `${missing}, although ${seen} answers them (${all} from ${seen}).`
    },
  },
  remedy: () => [
    'capture where both directions pass: on one of the two hosts, or on all interfaces of the router or load balancer',
    'on a mirror port, mirror both directions',
  ],
})

function oneSided(kind: OneSided['kind'], connection: Connection, missing: Direction): Observation<OneSided> {
  const { initiator, responder, flows, established, synAcks, last } = connection
  const flow = flows[opposite(missing)]
  const unseen = addressOf(connection, missing)
  const seen = addressOf(connection, opposite(missing))
  return {
    fact: { kind, initiator, responder, unseen, seen, packets: flow.packets },
    confidence: 'high',
    evidence: [
      at(established ?? synAcks[0] ?? flow.lastData ?? last, `answers a packet from ${unseen} that was not captured`),
      at(last, 'last packet of the connection'),
    ],
  }
}
