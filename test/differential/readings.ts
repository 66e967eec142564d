/** What ftpscope and Wireshark say of the same capture, in the same words. */
import { relative } from 'node:path'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import type { Epoch } from '../../src/capture/time.js'
import { type Connection, Direction } from '../../src/tcp/connection.js'
import { Attention } from '../../src/tcp/attention.js'
import { ConnectionRegistry } from '../../src/tcp/connection-registry.js'
import { ConnectionTracker } from '../../src/tcp/connection-tracker.js'
import { parseAddress } from '../../src/wire/address.js'
import { communityId } from '../../src/wire/community-id.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { PacketKind } from '../../src/wire/packet.js'
import type { AnalyzeOptions, ExchangeReport } from '../../src/index.js'
import { readCapture } from '../capture/corpus.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import type { WiresharkFrame } from '../support/wireshark.js'

export interface Stream {
  firstFrame: number
  ends: string
  communityId: string
  /** Microseconds from the SYN to the end of the handshake; `null` where there was none. */
  handshake: number | null
  retransmissions: number
}

export interface DataStream {
  /** Frames of the announcement and of the transfer command; `null` where none is known. */
  setup: number | null
  command: number | null
}

export interface Reading {
  /** Number, time, captured length and length of each frame. */
  frames: string[]
  /** By stream number. */
  streams: Map<number, Stream>
  /** Lines that begin in a frame, by its number. */
  commands: Map<number, string[]>
  replies: Map<number, string[]>
  /** By stream number. */
  data: Map<number, DataStream>
}

/** As the analyzer and its stages read it. */
export function ourReading(path: string, options: AnalyzeOptions = {}): Reading {
  const { frames, connections } = followed(path)
  const reading: Reading = { frames, streams: new Map(), commands: new Map(), replies: new Map(), data: new Map() }
  for (const connection of connections) reading.streams.set(connection.tcpStream, streamOf(connection))
  for (const { exchanges, dataChannels } of analyzeFile(path, { ...options, showSecrets: true }).sessions) {
    for (const { frame, command, argument, replies } of exchanges) {
      if (command !== null) append(reading.commands, frame, line(command, argument ?? ''))
      for (const reply of replies) append(reading.replies, reply.frame, line(reply.code, lastLine(reply.text)))
    }
    for (const { announcement, connection, transfer } of dataChannels) {
      if (connection && connection.bytes > 0) {
        reading.data.set(connection.tcpStream, {
          setup: announcement?.frame ?? null,
          command: transfer && transferFrame(exchanges, transfer.command, announcement?.frame ?? null),
        })
      }
    }
  }
  return reading
}

/** The frame of the first command of that name behind the exchange that holds the announcement. */
function transferFrame(
  exchanges: readonly ExchangeReport[],
  command: string,
  announcement: number | null,
): number | null {
  const from = exchanges.findIndex(
    ({ frame, replies }) => frame === announcement || replies.some((reply) => reply.frame === announcement),
  )
  return exchanges.slice(from + 1).find((exchange) => exchange.command === command)?.frame ?? null
}

function followed(path: string): { frames: string[]; connections: Connection[] } {
  const frames: string[] = []
  const connections: Connection[] = []
  const anomalies = new AnomalyLog()
  const tracker = new ConnectionTracker(
    new ConnectionRegistry(1e6, anomalies),
    {
      opened: () => Attention.Counted,
      recognise: () => Attention.Ignored,
      followed: (connection) => {
        connections.push(connection)
        return null
      },
      closed: () => undefined,
      finished: () => undefined,
    },
    anomalies,
    { responderPorts: new Set([21]), initiatorPorts: new Set([20]) },
  )
  const decoder = new PacketDecoder(anomalies)
  const reader = new CaptureReader(
    {
      frame(frame) {
        const captured = frame.end - frame.start
        frames.push([frame.number, epochTime(reader.epoch!, frame.time), captured, frame.wireLength].join(' '))
        if (decoder.decode(frame) === PacketKind.Tcp) tracker.segment(decoder.packet)
      },
    },
    anomalies,
  )
  reader.openFile(relative(ROOT, path), null)
  reader.push(readCapture(path))
  reader.closeFile()
  return { frames, connections }
}

function streamOf(connection: Connection): Stream {
  const { first, initiator: client, responder: server, flows } = connection
  return {
    firstFrame: first.frame,
    ends: endsOf(client.address, client.port, server.address, server.port),
    communityId: communityId(parseAddress(client.address)!, client.port, parseAddress(server.address)!, server.port),
    handshake: connection.roundTrip === null ? null : Math.round(connection.roundTrip / 1e3),
    // SYNs are no data: Wireshark counts those that are sent again, too.
    retransmissions:
      flows[Direction.FromInitiator].retransmissions +
      flows[Direction.FromResponder].retransmissions +
      Math.max(0, connection.synAttempts - 1) +
      Math.max(0, connection.synAckAttempts - 1),
  }
}

/** As sharkd reads it. */
export function wiresharkReading(frames: readonly WiresharkFrame[]): Reading {
  const reading: Reading = { frames: [], streams: new Map(), commands: new Map(), replies: new Map(), data: new Map() }
  for (const frame of frames) {
    reading.frames.push([frame.number, frame.time, frame.captured, frame.length].join(' '))
    if (frame.stream !== '') noteStream(reading.streams, frame)
    if (frame.command !== '') append(reading.commands, frame.number, line(frame.command, frame.commandArgument))
    // The first lines of a reply of several (RFC 959 §4.2) have a hyphen behind the code.
    const code = /^Response: (\d{3})(?!-)/.exec(frame.info)?.[1]
    if (code) append(reading.replies, frame.number, line(code, frame.replyArgument))
    if (frame.data !== '' && !reading.data.has(Number(frame.stream))) {
      reading.data.set(Number(frame.stream), {
        setup: frame.setupFrame === '' ? null : Number(frame.setupFrame),
        command: frame.commandFrame === '' ? null : Number(frame.commandFrame),
      })
    }
  }
  return reading
}

function noteStream(streams: Map<number, Stream>, frame: WiresharkFrame): void {
  const number = Number(frame.stream)
  let stream = streams.get(number)
  if (!stream) {
    const source = frame.source6 === '' ? frame.source4 : frame.source6
    const destination = frame.destination6 === '' ? frame.destination4 : frame.destination6
    const ends = endsOf(source, Number(frame.sourcePort), destination, Number(frame.destinationPort))
    stream = {
      firstFrame: frame.number,
      ends,
      communityId: frame.communityId,
      handshake: null,
      retransmissions: 0,
    }
    streams.set(number, stream)
  }
  if (frame.handshake !== '') stream.handshake ??= Math.round(Number(frame.handshake) * 1e6)
  if (frame.retransmission !== '') stream.retransmissions++
}

function epochTime(epoch: Epoch, time: number): string {
  const sum = epoch.nanoseconds + time
  const carry = Math.floor(sum / 1e9)
  return `${epoch.seconds + carry}.${String(sum - carry * 1e9).padStart(9, '0')}`
}

function endsOf(a: string, aPort: number, b: string, bPort: number): string {
  return [`${a} ${aPort}`, `${b} ${bPort}`].sort().join(' - ')
}

function append(lists: Map<number, string[]>, key: number, value: string): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

function line(word: string | number, rest: string): string {
  return `${word} ${rest}`.trim()
}

function lastLine(text: string): string {
  return text.split('\n').at(-1)!
}
