import type { FindingReport, SessionPathReport, SessionPlaceReport, SessionReport } from '../contract.js'
import { printableText } from '../text/printable.js'
import type { FileFrames } from './file-frames.js'
import type { JoinedSessions } from './joined-sessions.js'

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
function tsharkLine(
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

/** A line to paste for each place: its file, and the session's streams there; none for what came through a pipe. */
export function pasteLines(
  path: SessionPathReport | null,
  session: SessionReport,
  findings: readonly FindingReport[],
  { frames, joined }: { frames: FileFrames; joined: JoinedSessions },
): string[] {
  if (!frames.isSeveral) return onlyFile(session, findings, frames)
  const shown = new Set(findings.map(({ id }) => id))
  if (!path) return [tsharkLine(session, findings, null, frames)].filter((line) => line !== null)
  return path.places.flatMap((place) => {
    const there = place.session === null ? null : joined.sessionOf(place.session)
    if (!there) return []
    const own = there.id === session.id ? findings : there.findings.filter(({ id }) => shown.has(id))
    return tsharkLine(there, own, place, frames) ?? []
  })
}

function onlyFile(session: SessionReport, findings: readonly FindingReport[], { onlyPath }: FileFrames): string[] {
  return onlyPath === null
    ? []
    : [`tshark -r ${shellWord(printableText(onlyPath))} -Y '${wiresharkFilter(session, findings)}'`]
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
