import { defineRule, type Evidence, type Observation } from '../../legacy.js'
import type { Connection, Direction } from '../../../tcp/connection.js'
import { unseenDirection } from '../../facts/control.js'
import { at, endpointText } from '../../words/evidence.js'

export const captureOneSided = defineRule({
  id: 'capture-one-sided',
  title: 'only one direction was captured',
  severity: 'warning',
  side: 'unknown',
  level: 'cause',
  explains: ['capture-loss', 'capture-starts-inside'],
  decides: false,
  betterCapture: () =>
    'A capture of both directions, on one of the two hosts or on a mirror port that copies both, would settle it.',
  remedy: ['Capture where both directions pass'],
  references: ['RFC 9293 §3.4'],
  samples: { reports: 'made/capture-one-sided.pcap', silent: 'made/capture-one-sided--silent.pcap' },

  *check(session) {
    const unseen = unseenDirection(session.control)
    if (unseen !== null) {
      yield {
        ...describe(session.control, unseen, 'the control connection'),
        ...(unseen === 1 ? {} : { title: 'commands were not captured' }),
      }
      return
    }
    const judged = new Set<Connection>()
    for (const channel of session.channels) {
      const { connection } = channel
      if (!connection || judged.has(connection)) continue
      judged.add(connection)
      const missing = unseenDirection(connection)
      if (missing !== null) yield { ...describe(connection, missing, 'a data connection'), severity: 'info', channel }
    }
  },
})

function describe(connection: Connection, unseen: Direction, what: string): Observation {
  const [from, to] =
    unseen === 0 ? [connection.initiator, connection.responder] : [connection.responder, connection.initiator]
  const seen = connection.flows[unseen === 0 ? 1 : 0]
  const proof = connection.established ?? connection.synAcks[0] ?? seen.lastData ?? connection.last
  const evidence: [Evidence, ...Evidence[]] = [
    at(proof, `answers a packet of ${from.address} that was not captured`),
    at(connection.last, 'last packet of the connection'),
  ]
  return {
    confidence: 'high',
    message: `Of ${what} between ${endpointText(connection.initiator.address, connection.initiator.port)} and ${endpointText(connection.responder.address, connection.responder.port)} nothing that ${from.address} sent was captured, although ${to.address} answers it (${seen.packets} packets seen, all from ${to.address}).`,
    evidence,
    remedy: [
      'capture at a point that both directions pass: on one of the two hosts, or on all interfaces of the router or balancer; mirror both directions of the port',
    ],
  }
}
