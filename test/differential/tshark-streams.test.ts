/** Stream and frame numbers are Wireshark's: held to tshark on every capture at hand. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import type { Connection } from '../../src/tcp/connection.js'
import { Interest } from '../../src/tcp/interest.js'
import { ConnectionTracker } from '../../src/tcp/connection-tracker.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { PacketKind } from '../../src/wire/packet.js'
import { captures, hasTshark } from '../support/captures.js'

interface Stream {
  stream: number
  firstFrame: number
  ends: string
}

const order = (a: Stream, b: Stream) => a.stream - b.stream

function ours(path: string): Stream[] {
  const connections: Connection[] = []
  const anomalies = new AnomalyLog()
  const tracker = new ConnectionTracker(
    {
      opened: () => Interest.Measured,
      recognise: () => Interest.Ignored,
      followed: (connection) => {
        connections.push(connection)
        return null
      },
      closed: () => undefined,
      finished: () => undefined,
    },
    anomalies,
    { maxConnections: 1e6, serverPorts: new Set([21]), initiatorPorts: new Set([20]) },
  )
  const decoder = new PacketDecoder(anomalies)
  const reader = new CaptureReader(
    {
      frame(frame) {
        if (decoder.decode(frame) === PacketKind.Tcp) tracker.segment(decoder.packet)
      },
    },
    anomalies,
  )
  reader.openFile(path, null)
  const bytes = readFileSync(path)
  reader.push(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  reader.closeFile()
  return connections
    .map(({ tcpStream, first, client, server }) => ({
      stream: tcpStream,
      firstFrame: first.frame,
      ends: endsOf(client.address, client.port, server.address, server.port),
    }))
    .sort(order)
}

function theirs(path: string): Stream[] {
  const fields = [
    'frame.number',
    'tcp.stream',
    'ip.src',
    'ip.dst',
    'ipv6.src',
    'ipv6.dst',
    'tcp.srcport',
    'tcp.dstport',
  ]
  const options = ['-n', '-r', path, '-Y', 'tcp.stream', '-T', 'fields', '-E', 'occurrence=l']
  // A capture that is cut short ends tshark with an error after all that could be read.
  const output = spawnSync('tshark', [...options, ...fields.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).stdout
  const streams = new Map<number, Stream>()
  for (const line of output.split('\n')) {
    const [frame, stream, source4, destination4, source6, destination6, sourcePort, destinationPort] = line.split('\t')
    if (!stream || streams.has(Number(stream))) continue
    streams.set(Number(stream), {
      stream: Number(stream),
      firstFrame: Number(frame),
      ends: endsOf(
        (source6 ?? '') || source4!,
        Number(sourcePort),
        (destination6 ?? '') || destination4!,
        Number(destinationPort),
      ),
    })
  }
  return [...streams.values()].sort(order)
}

function endsOf(a: string, aPort: number, b: string, bPort: number): string {
  return [`${a} ${aPort}`, `${b} ${bPort}`].sort().join(' - ')
}

describe.skipIf(!hasTshark)('stream numbers', () => {
  it.each(captures().map((path) => [basename(path), path]))('%s: as tshark counts them', (_name, path) => {
    expect(ours(path)).toEqual(theirs(path))
  })
})
