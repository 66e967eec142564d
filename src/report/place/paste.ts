import type { FindingReport, SessionPlaceReport, SessionReport } from '../contract.js'
import { printableText } from '../text/printable.js'
import type { FileFrames } from './file-frames.js'

/** Streams that one filter names. */
const STREAMS = 8

/** Display filter for the control connection and the data connections that the findings concern. */
export function wiresharkFilter(session: SessionReport, findings: readonly FindingReport[]): string {
  return filterOf(streamsOf(session, findings))
}

/**
 * The line to paste for a session of an input with several files, as its file numbers the streams: `tshark -r
 * server.pcap -Y 'tcp.stream eq 3'`. `null` where that number is unknown.
 */
export function tsharkLine(
  session: SessionReport,
  findings: readonly FindingReport[],
  place: Pick<SessionPlaceReport, 'file' | 'localTcpStream'> | null,
  frames: FileFrames,
): string | null {
  const file = place?.file ?? session.origin?.file
  const control = place?.localTcpStream ?? session.origin?.tcpStream ?? null
  if (file === undefined || control === null) return null
  // A number in its file is known only of the first file of a place, in which all streams are shifted alike.
  const shift = session.tcpStream - control
  const path = frames.pathOf(file)
  const isThere = (frame: number): boolean => frames.pathOf(frames.local(frame)?.file ?? '') === path
  const streams = streamsOf(session, findings, isThere)
  return `tshark -r ${shellWord(printableText(path))} -Y '${filterOf(streams.map((stream) => stream - shift))}'`
}

function streamsOf(
  { tcpStream, dataChannels }: SessionReport,
  findings: readonly FindingReport[],
  takes: (frame: number) => boolean = () => true,
): number[] {
  const streams = new Set([tcpStream])
  const channels = new Map(dataChannels.map((channel) => [channel.id, channel]))
  for (const { dataChannel } of findings) {
    const connection = dataChannel === null ? null : channels.get(dataChannel)?.connection
    if (!connection || streams.size >= STREAMS) continue
    if (connection.synFrame === null || takes(connection.synFrame)) streams.add(connection.tcpStream)
  }
  return [...streams]
}

function filterOf(streams: readonly number[]): string {
  return streams.map((stream) => `tcp.stream eq ${stream}`).join(' or ')
}

/** A file's path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./+:@%,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
