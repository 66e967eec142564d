import type { Observation } from '../../../paths/digest/observation.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'

export interface Relayed extends Fact {
  kind: 'relayed'
  /** The connection on either side of the proxy, as text: `192.0.2.1:50000 to 198.51.100.2:21`. */
  outer: string
  inner: string
}

export const tcpRelayed = defineRule<Relayed>({
  id: 'tcp-relayed',
  title: 'proxy ends the TCP connection and opens another',
  severity: 'info',
  side: 'path',
  level: 'remark',
  references: ['RFC 3135 §2.4 (split connections)', 'RFC 3234 (middleboxes)'],
  samples: {
    reports: ['made/tcp-relayed.pcap', 'made/tcp-relayed--behind-proxy.pcap'],
    silent: ['made/tcp-relayed.pcap', 'made/tcp-relayed--silent.pcap'],
  },

  needs: ['elsewhere'],
  *check(_, { path }) {
    if (!path) return
    const { observations, relayedAfter } = path.path.control.path
    if (relayedAfter === null) return
    const [first, second] = [observations[relayedAfter]!, observations[relayedAfter + 1]!]
    yield {
      fact: { kind: 'relayed', outer: endsOf(first), inner: endsOf(second) },
      confidence: 'high',
      harmless: true,
      evidence: [
        at({ frame: first.log.frame(0) }, 'first packet on one side of the proxy'),
        at(
          { frame: second.log.frame(0) },
          'first packet on the other side: the same dialogue at the same pace follows',
        ),
      ],
    }
  },

  texts: {
    message({ outer, inner }) {
      return (
        `A proxy relays the session: the dialogue of ${outer} is that of ${inner}, in a TCP connection of its own. ` +
        'What one side says of losses and delays does not hold for the other.'
      )
    },
  },

  remedy: () => [
    'no change needed while it works',
    'to compare: connect from behind the proxy, or configure a route without it',
  ],
})

function endsOf({ initiator, responder }: Observation): string {
  return `${endpointText(initiator.address, initiator.port)} to ${endpointText(responder.address, responder.port)}`
}
