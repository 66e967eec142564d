import { defineRule, dataConnections, type Evidence } from '../../legacy.js'
import { Direction } from '../../../tcp/connection.js'
import { lossesOf, type Loss } from '../../facts/capture-facts.js'
import { at, endpointText } from '../../words/evidence.js'

export const captureLoss = defineRule({
  id: 'capture-loss',
  title: 'capture lost packets',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () =>
    'A capture that loses no packets would settle it (tcpdump -B 65536 -w FILE, or one on another host).',
  remedy: ['Capture with a larger buffer or a filter'],
  references: ['RFC 9293 §3.4 (acknowledgments)', 'tcpdump(1): -B, "packets dropped by kernel"'],
  samples: { reports: 'made/capture-loss.pcap', silent: 'made/capture-loss--silent.pcap' },

  *check(session) {
    const control = lossesOf(session.control)
    const data = dataConnections(session).flatMap(lossesOf)
    const [first, ...rest] = [...control, ...data]
    if (!first) return
    const parts = [
      ...(control.length > 0 ? [`${total(control)} bytes of the control connection`] : []),
      ...(data.length > 0 ? [`${total(data)} bytes of ${count(data)}`] : []),
    ]
    yield {
      // Of a data connection only the count suffers; on the control connection commands and replies are missing.
      severity: control.length > 0 ? 'warning' : 'info',
      confidence: 'high',
      message: `The capture lacks ${parts.join(' and ')} between ${session.client.address} and ${session.server.address} although their receiver acknowledged them: the capture dropped packets, not the network.`,
      evidence: [lossEvidence(first), ...rest.slice(0, 7).map(lossEvidence)],
      remedy: [
        'capture with a larger buffer (tcpdump -B 65536, dumpcap -B 64), to a fast disk, with a filter on the two hosts; the program tells on exit how many packets it dropped',
      ],
    }
  },
})

function total(losses: readonly Loss[]): number {
  return losses.reduce((sum, loss) => sum + loss.bytes, 0)
}

function count(losses: readonly Loss[]): string {
  const connections = new Set(losses.map((loss) => loss.connection)).size
  return connections === 1 ? 'a data connection' : `${connections} data connections`
}

/** By its last packet all acknowledgments of a connection were seen. */
function lossEvidence({ connection, direction, bytes }: Loss): Evidence {
  const { initiator: client, responder: server } = connection
  const [sender, receiver] = direction === Direction.FromInitiator ? [client, server] : [server, client]
  return at(
    connection.last,
    `up to here ${bytes} bytes from ${endpointText(sender.address, sender.port)} were acknowledged by ${endpointText(receiver.address, receiver.port)} and not captured`,
  )
}
