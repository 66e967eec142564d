import { Direction } from '../../../tcp/connection.js'
import { type Loss, lossesOf } from '../../facts/capture-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText, type Evidence } from '../../words/evidence.js'

/** Directions that are shown as evidence. */
const SHOWN = 8

interface LostPackets extends Fact {
  kind: 'lost-packets'
  /** Addresses of the two. */
  client: string
  server: string
  /** Payload bytes that were acknowledged and not captured. */
  controlBytes: number
  dataBytes: number
  /** Data connections that lack bytes. */
  dataConnections: number
}

export const captureLoss = defineRule<LostPackets>({
  id: 'capture-loss',
  title: 'capture lost packets',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () =>
    'A capture that loses no packets would settle it (tcpdump -B 65536 -w FILE, or one on another host).',
  references: ['RFC 9293 §3.4 (acknowledgments)', 'tcpdump(1): -B, "packets dropped by kernel"'],
  samples: { reports: 'made/capture-loss.pcap', silent: 'made/capture-loss--silent.pcap' },
  *check({ control, client, server }, { dataConnections }) {
    const ofControl = lossesOf(control)
    const ofData = dataConnections.flatMap(lossesOf)
    const [first, ...others] = [...ofControl, ...ofData]
    if (!first) return
    yield {
      fact: {
        kind: 'lost-packets',
        client: client.address,
        server: server.address,
        controlBytes: total(ofControl),
        dataBytes: total(ofData),
        dataConnections: new Set(ofData.map(({ connection }) => connection)).size,
      },
      // Of a data connection only the count suffers; on the control connection commands and replies are missing.
      severity: ofControl.length > 0 ? 'warning' : 'info',
      confidence: 'high',
      evidence: [lossEvidence(first), ...others.slice(0, SHOWN - 1).map(lossEvidence)],
    }
  },
  texts: {
    message({ client, server, controlBytes, dataBytes, dataConnections }) {
      const connections = dataConnections === 1 ? 'a data connection' : `${dataConnections} data connections`
      const parts = [
        ...(controlBytes > 0 ? [`${controlBytes} bytes of the control connection`] : []),
        ...(dataBytes > 0 ? [`${dataBytes} bytes of ${connections}`] : []),
      ]
      const lacking = `${parts.join(' and ')} between ${client} and ${server}`
      const proof = 'although their receiver acknowledged them'
      return `The capture lacks ${lacking} ${proof}: the capture dropped packets, not the network.`
    },
  },
  remedy() {
    const buffer = 'capture with a larger buffer (tcpdump -B 65536, dumpcap -B 64)'
    const count = 'the program tells on exit how many packets it dropped'
    return [`${buffer}, to a fast disk, with a filter on the two hosts; ${count}`]
  },
})

function total(losses: readonly Loss[]): number {
  return losses.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** By its last packet all acknowledgments of a connection were seen. */
function lossEvidence({ connection, direction, bytes }: Loss): Evidence {
  const { initiator, responder } = connection
  const [sender, receiver] = direction === Direction.FromInitiator ? [initiator, responder] : [responder, initiator]
  const from = endpointText(sender.address, sender.port)
  const by = endpointText(receiver.address, receiver.port)
  return at(connection.last, `up to here ${bytes} bytes from ${from} were acknowledged by ${by} and not captured`)
}
