import { FROM_CLIENT } from '../../../ftp/model.js'
import { type Connection, type Direction, type Endpoint, opposite } from '../../../tcp/connection.js'
import { unseenDirection } from '../../facts/control.js'
import { addressOf } from '../../facts/payload.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'

interface OneSided extends Fact {
  /** What was not captured: one of the directions of the control connection, or of a data connection. */
  kind: 'commands' | 'replies' | 'data'
  initiator: Endpoint
  responder: Endpoint
  /** The address of whose packets none was captured, and the other one. */
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
  betterCapture: () =>
    'A capture of both directions, on one of the two hosts or on a mirror port that copies both, would settle it.',
  references: ['RFC 9293 §3.4'],
  samples: { reports: 'made/capture-one-sided.pcap', silent: 'made/capture-one-sided--silent.pcap' },
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
      const [from, to] = [initiator, responder].map(({ address, port }) => endpointText(address, port))
      const proof = `although ${seen} answers it (${packets} packets seen, all from ${seen})`
      return `Of ${what} between ${from} and ${to} nothing that ${unseen} sent was captured, ${proof}.`
    },
  },
  remedy() {
    const point = 'on one of the two hosts, or on all interfaces of the router or balancer'
    return [`capture at a point that both directions pass: ${point}; mirror both directions of the port`]
  },
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
      at(established ?? synAcks[0] ?? flow.lastData ?? last, `answers a packet of ${unseen} that was not captured`),
      at(last, 'last packet of the connection'),
    ],
  }
}
