/** Analyses of sessions that several places saw, made by hand. */
import { fileNames } from '../../src/capture/frame-finder.js'
import type { HopReport } from '../../src/report/compare/contract.js'
import type {
  Analysis,
  PathConnectionReport,
  SessionFateReport,
  SessionPathReport,
  SessionPlaceReport,
  SessionReport,
} from '../../src/report/contract.js'
import type { PathFlightReport } from '../../src/report/path-contract.js'
import { analysis, failingSession, finding, session, time } from './fixtures.js'

/** Frames of each file of `twoPlaces`. */
const FRAMES = 60

export function hop(part: Partial<HopReport> = {}): HopReport {
  return {
    routers: { toServer: 2, toClient: 2 },
    changes: ['client: 10.1.0.2:52228 is 198.51.100.7:52228'],
    delays: { toServer: null, toClient: null },
    relayed: false,
    ...part,
  }
}

export function place(
  file: string,
  session: number,
  at: SessionPlaceReport['at'],
  part: Partial<SessionPlaceReport> = {},
): SessionPlaceReport {
  return {
    file,
    at,
    session,
    client: { address: '10.1.0.2', port: 52228 },
    server: { address: '203.0.113.20', port: 21 },
    firstFrame: 1,
    localFirstFrame: 1,
    tcpStream: 0,
    localTcpStream: 0,
    clockOffsetMs: 0,
    clockUncertaintyMs: 0,
    ...part,
  }
}

/** `localFrames` by place, of which each has a file with `FRAMES` frames. */
export function flight(
  timeMs: number,
  sender: PathFlightReport['sender'],
  localFrames: PathFlightReport['localFrames'],
  packet: string,
  part: Partial<PathFlightReport> = {},
): PathFlightReport {
  const toward = sender === 'server' ? 'client' : 'server'
  const frames = localFrames.map((frame, at) => (frame === null ? null : frame + at * FRAMES))
  return {
    timeMs,
    sender,
    toward,
    frames,
    localFrames,
    packet,
    became: [],
    end: 'arrived',
    start: 'sent',
    skipped: 0,
    ...part,
  }
}

export function fate(part: Partial<SessionFateReport> = {}): SessionFateReport {
  const file = part.file ?? 'client.pcap'
  return {
    kind: 'lost',
    frame: 41,
    file,
    localFrame: part.frame ?? 41,
    time: time(41),
    place: 0,
    next: 1,
    there: null,
    thereFile: null,
    localThere: null,
    dataChannel: 1,
    sender: 'client',
    packet: 'SYN',
    reason: null,
    what: 'SYN of the client left client.pcap and never reached server.pcap',
    ...part,
  }
}

/** A session that failed between two places: a translator changed PORT, and SYNs were lost. */
export function twoPlaces(files: readonly [string, string] = ['client.pcap', 'server.pcap']): Analysis {
  const [near, far] = namesOf(files)
  const lost = failingSession()
  const verdict = {
    ...lost.verdict,
    cause: 'passive-port-unanswered',
    why: 'Passive port does not answer',
    sentence: `The client's SYN left ${near} and never reached ${far}.`,
  }
  const cause = finding({
    id: 'passive-port-unanswered',
    title: 'Passive port does not answer',
    message: verdict.sentence,
    side: 'path',
    evidence: [
      { frame: 41, note: 'SYN to 10.0.0.21:50005', file: near, localFrame: 41 },
      { frame: 42, note: 'SYN to 10.0.0.21:50005', file: near, localFrame: 42 },
      { frame: FRAMES + 38, note: '227 Entering Passive Mode (10,0,0,21,195,85).', file: far, localFrame: 38 },
    ],
    dataChannel: 1,
  })
  const base: Partial<SessionReport> = { path: 1, verdict, findings: [cause, ...lost.findings.slice(0, 1)] }
  const client = failingSession({ ...base, origin: { file: near, firstFrame: 1, tcpStream: 0 } })
  const server = failingSession({
    ...base,
    id: 2,
    tcpStream: 5,
    firstFrame: FRAMES + 1,
    lastFrame: FRAMES + 30,
    client: { address: '198.51.100.7', port: 52228 },
    vantage: { at: 'server', confidence: 'high', reasons: ["the server's TTL of 64 has not been decremented"] },
    findings: [cause, finding({ id: 'control-reset', severity: 'info', title: 'Control connection reset' })],
    origin: { file: far, firstFrame: 1, tcpStream: 3 },
  })
  const other = session({ id: 3, tcpStream: 6, firstFrame: FRAMES + 31, lastFrame: FRAMES + 60, user: 'bob' })
  other.origin = { file: far, firstFrame: 31, tcpStream: 4 }
  const value = analysis([client, server, other])
  const [file] = value.capture.files
  value.capture.files = files.map((path) => ({ ...file!, path, frames: FRAMES }))
  value.capture.frames = 2 * FRAMES
  // A path counts once.
  value.summary = analysis([client, other]).summary
  return { ...value, paths: [pathOfTwo([near, far], verdict)] }
}

/** As the analysis calls them. */
function namesOf(paths: readonly [string, string]): [string, string] {
  const names = fileNames(paths)
  return [names.get(paths[0])!, names.get(paths[1])!]
}

function pathOfTwo([near, far]: readonly [string, string], verdict: SessionPathReport['verdict']): SessionPathReport {
  const changed = fate({
    ...{ kind: 'changed', file: near, frame: 8, localFrame: 8, time: time(8), dataChannel: null },
    ...{ there: FRAMES + 8, thereFile: far, localThere: 8, packet: 'PORT 10,1,0,2,204,5' },
    what: '"PORT 10,1,0,2,204,5" became "PORT 198,51,100,7,204,5"; later sequence numbers were not corrected',
  })
  const syn = (frame: number): SessionFateReport =>
    fate({
      frame,
      localFrame: frame,
      file: near,
      time: time(frame),
      what: `SYN of the client left ${near} and never reached ${far}`,
    })
  return {
    id: 1,
    sessions: [1, 2],
    signs: ['initial sequence number of the SYN', 'payload'],
    places: [
      place(near, 1, 'client'),
      place(far, 2, 'server', {
        client: { address: '198.51.100.7', port: 52228 },
        ...{
          firstFrame: FRAMES + 1,
          tcpStream: 5,
          localTcpStream: 3,
          clockOffsetMs: 9000.123,
          clockUncertaintyMs: 3.2,
        },
      }),
    ],
    hops: [hop()],
    counts: { arrived: 40, lost: 2, changed: 1, injected: 0, onlyHere: 1 },
    fates: [
      changed,
      syn(41),
      syn(42),
      fate({
        kind: 'only-here',
        frame: FRAMES + 50,
        localFrame: 50,
        file: far,
        place: 1,
        next: 0,
        reason: 'after-end',
        packet: 'FIN',
        what: `FIN of the client: after the end of ${near}, or lost`,
      }),
    ],
    fatesLeftOut: 0,
    connections: connectionsOfTwo(),
    verdict,
  }
}

function connectionsOfTwo(): PathConnectionReport[] {
  return [
    {
      kind: 'control',
      dataChannel: null,
      tcpStreams: [0, 5],
      packets: [
        flight(0, 'client', [1, 1], 'SYN'),
        flight(0.4, 'server', [2, 2], 'SYN,ACK'),
        flight(700, 'client', [8, 8], 'PORT 10,1,0,2,204,5', {
          became: [{ after: 0, packet: 'PORT 198,51,100,7,204,5' }],
          skipped: 4,
        }),
      ],
      verdict: '"PORT 10,1,0,2,204,5" became "PORT 198,51,100,7,204,5".',
    },
    {
      kind: 'data',
      dataChannel: 1,
      tcpStreams: [1, null],
      packets: [
        flight(0, 'client', [41, null], 'SYN', { end: 'lost' }),
        flight(1000, 'client', [42, null], 'SYN', { end: 'lost' }),
      ],
      verdict: 'The SYN of the client never arrived.',
    },
  ]
}

/** The same seen at `count` places, of which the last ones did not see the data connection. */
export function manyPlaces(count: number): Analysis {
  const value = twoPlaces()
  const [path] = value.paths!
  const names = Array.from({ length: count }, (_, at) => `place-${at + 1}.pcap`)
  const [file] = value.capture.files
  value.capture.files = names.map((name) => ({ ...file!, path: name }))
  const last = count - 1
  value.paths = [
    {
      ...path!,
      places: names.map((name, at) =>
        place(name, at === 0 ? 1 : 2, at === 0 ? 'client' : at === last ? 'server' : 'middle', {
          session: at === 0 ? 1 : at === 1 ? 2 : null,
          firstFrame: at < 2 ? at * FRAMES + 1 : null,
        }),
      ),
      hops: names.slice(1).map(() => hop()),
      connections: path!.connections.map((connection) => ({
        ...connection,
        tcpStreams: names.map(() => null),
        packets: connection.packets.map((each) => ({
          ...each,
          ...framesAt(each, names.length),
        })),
      })),
    },
  ]
  return value
}

function framesAt(
  { end, localFrames: [first] }: PathFlightReport,
  count: number,
): Pick<PathFlightReport, 'frames' | 'localFrames'> {
  const localFrames = Array.from({ length: count }, (_, at) => (end === 'lost' && at > 1 ? null : first!))
  return { localFrames, frames: localFrames.map((frame, at) => (frame === null ? null : frame + at * FRAMES)) }
}
