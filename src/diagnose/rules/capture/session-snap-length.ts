import { withCommands } from '../../remedies/commands.js'
import { lacksData } from '../../facts/holes.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'
import { captureSnapLength } from './capture-snap-length.js'

/** Of a session's control connection, the capture has only the beginning of its packets. */
export interface SnappedSession extends Fact, Ends {
  kind: 'session'
  /** Payload bytes of the control connection that the snap length cut off, in both directions. */
  bytes: number
  /** Data connections of which bytes are missing, too. */
  dataConnections: number
}

/** The same finding as on the capture as a whole, for the sessions that it keeps from being judged. */
export const sessionSnapLength = defineRule<SnappedSession>({
  id: captureSnapLength.id,
  title: captureSnapLength.title,
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () => 'Capture whole packets: tcpdump -s 0; dumpcap and Wireshark without "limit each packet".',
  references: captureSnapLength.references,
  samples: captureSnapLength.samples,
  needs: ['incomplete'],
  *check(session, { dataConnections }) {
    const { control } = session
    const bytes = control.flows[0].snappedBytes + control.flows[1].snappedBytes
    if (bytes === 0) return
    yield {
      fact: {
        kind: 'session',
        ...endsOf(session),
        bytes,
        dataConnections: dataConnections.filter(lacksData).length,
      },
      confidence: 'high',
      evidence: [at(control.last, `up to here, ${byteCount(bytes)} of commands and replies were cut off`)],
    }
  },
  texts: {
    message(fact) {
      const between = `the control connection from ${fact.client} to ${endpointWords(fact.server)}`
      const cut = `Of ${between}, the snap length cut off ${byteCount(fact.bytes)}`
      return `${cut}: the ends of commands and replies, with addresses, ports, sizes and names, are not in the capture.`
    },
  },
  remedy: () => [
    withCommands('capture whole frames (dumpcap and Wireshark: without "limit each packet")', [
      null,
      'tcpdump -s 0 -w FILE',
    ]),
  ],
})
