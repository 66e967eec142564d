import { withCommands } from '../../remedies/commands.js'
import { Direction } from '../../../tcp/connection.js'
import { type Loss, lossesOf, unconfirmedLossesOf } from '../../facts/capture-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText, type Evidence } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'

/** Directions shown as evidence. */
const SHOWN = 8

export interface LostPackets extends Fact {
  /** The receiver has them; or only the sender's own numbers show them: lost by the capture, or on the path. */
  kind: 'lost-packets' | 'unconfirmed'
  /** Addresses of the two. */
  client: string
  server: string
  /** Payload bytes that were sent but not captured. */
  controlBytes: number
  dataBytes: number
  /** Data connections with missing bytes. */
  dataConnections: number
  /** Of all these: what the receiver asked for again. A first copy was lost on the path, and the capture lacks both. */
  againBytes: number
}

export const captureLoss = defineRule<LostPackets>({
  id: 'capture-loss',
  title: 'capture lost packets',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () =>
    'Capture without losing packets: with a larger buffer (tcpdump -B 65536 -w FILE), or on another host.',
  references: ['RFC 9293 §3.4 (acknowledgments)', 'tcpdump(1): -B, "packets dropped by kernel"'],
  samples: { reports: 'made/capture-loss.pcap', silent: 'made/capture-loss--silent.pcap' },
  needs: ['incomplete'],
  *check({ control, client, server }, { dataConnections }) {
    const acknowledged = lossesOf(control)
    const ofData = dataConnections.flatMap(lossesOf)
    const confirmed = acknowledged.length + ofData.length > 0
    const ofControl = confirmed ? acknowledged : unconfirmedLossesOf(control)
    const [first, ...others] = [...ofControl, ...ofData]
    if (!first) return
    yield {
      fact: {
        kind: confirmed ? 'lost-packets' : 'unconfirmed',
        client: client.address,
        server: server.address,
        controlBytes: total(ofControl),
        dataBytes: total(ofData),
        dataConnections: new Set(ofData.map(({ connection }) => connection)).size,
        againBytes: [...ofControl, ...ofData].reduce((sum, { again }) => sum + again, 0),
      },
      // On a data connection only the byte count suffers; on the control connection commands and replies are missing.
      severity: confirmed && ofControl.length > 0 ? 'warning' : 'info',
      confidence: confirmed ? 'high' : 'medium',
      evidence: confirmed
        ? [lossEvidence(first), ...others.slice(0, SHOWN - 1).map(lossEvidence)]
        : [unconfirmedEvidence(first)],
    }
  },
  texts: {
    title: ({ kind }) => (kind === 'unconfirmed' ? 'packets are missing from the capture' : null),
    message({ kind, client, server, controlBytes, dataBytes, dataConnections, againBytes }) {
      const connections = dataConnections === 1 ? 'a data connection' : `${dataConnections} data connections`
      const parts = [
        ...(controlBytes > 0 ? [`${byteCount(controlBytes)} of the control connection`] : []),
        ...(dataBytes > 0 ? [`${byteCount(dataBytes)} of ${connections}`] : []),
      ]
      const lacking = `${parts.join(' and ')} between ${client} and ${server}`
      if (kind === 'unconfirmed')
        return (
          `The capture lacks ${lacking}, which the sequence numbers show and nothing acknowledges: ` +
          'lost on the path, or by the capture.'
        )
      const proof =
        againBytes === 0
          ? 'all acknowledged by the receiver: the capture dropped packets, not the network'
          : `all acknowledged by the receiver, which had asked for ${byteCount(againBytes)} of them again: those ` +
            'were lost on the path, too, and the capture lacks what was sent in their place'
      return `The capture lacks ${lacking}, ${proof}.`
    },
  },
  remedy: () => [
    withCommands('capture with a larger buffer', [null, 'tcpdump -B 65536 -w FILE'], [null, 'dumpcap -B 64 -w FILE']),
    'write the capture to a fast disk',
    'filter on the two hosts',
    'check the number of dropped packets that the program prints on exit',
  ],
})

function total(losses: readonly Loss[]): number {
  return losses.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The sender's numbers are ahead of what was captured, or there is a hole below it. */
function unconfirmedEvidence({ connection, direction, bytes }: Loss): Evidence {
  const { ahead, lastData } = connection.flows[direction]
  const where = ahead ?? lastData ?? connection.last
  return at(where, `its sequence number is behind ${byteCount(bytes)} that were not captured`)
}

/** At its last packet all acknowledgments of a connection have been seen. */
function lossEvidence({ connection, direction, bytes }: Loss): Evidence {
  const { initiator, responder } = connection
  const [sender, receiver] = direction === Direction.FromInitiator ? [initiator, responder] : [responder, initiator]
  const from = endpointText(sender.address, sender.port)
  const by = endpointText(receiver.address, receiver.port)
  return at(
    connection.last,
    `up to here ${by} acknowledged ${byteCount(bytes)} from ${from} that ${bytes === 1 ? 'was' : 'were'} not captured`,
  )
}
