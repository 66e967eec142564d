import type { FindingReport, SessionReport } from '../contract.js'

/** Streams that one filter names. */
const STREAMS = 8

/** Wireshark display filter for the control connection and the data connections that the findings concern. */
export function wiresharkFilter(session: SessionReport, findings: readonly FindingReport[]): string {
  const streams = new Set([session.tcpStream])
  const channels = new Map(session.dataChannels.map((channel) => [channel.id, channel]))
  for (const { dataChannel } of findings) {
    const connection = dataChannel === null ? null : channels.get(dataChannel)?.connection
    if (connection && streams.size < STREAMS) streams.add(connection.tcpStream)
  }
  return [...streams].map((stream) => `tcp.stream eq ${stream}`).join(' or ')
}
