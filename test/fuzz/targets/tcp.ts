import { AnomalyLog } from '../../../src/bytes/anomaly.js'
import type { Connection } from '../../../src/tcp/connection.js'
import { Attention } from '../../../src/tcp/attention.js'
import { ConnectionRegistry } from '../../../src/tcp/connection-registry.js'
import { ConnectionTracker } from '../../../src/tcp/connection-tracker.js'
import { Packet } from '../../../src/wire/packet.js'
import { BytesReader } from './bytes-reader.js'
import { must, type FuzzTarget } from './target.js'

/**
 * Segments between three hosts, 12 bytes each: ends, flags, distances of sequence and acknowledgment from what would
 * come next, time, window, payload. Counts stay possible, and each direction is handed on without a hole that is not
 * told.
 */
export const tcp: FuzzTarget = {
  steps: { perByte: 500, perInput: 40_000 },
  seeds: () => SEEDS.map((segments) => Uint8Array.from(segments.flat())),
  run(input) {
    const reader = new BytesReader(input)
    const anomalies = new AnomalyLog()
    const connections: Connection[] = []
    const tracker = new ConnectionTracker(
      new ConnectionRegistry(8, anomalies),
      {
        opened: ({ responderPort: serverPort }) =>
          serverPort === 21
            ? Attention.Read
            : serverPort === 22
              ? Attention.Counted
              : serverPort === 23
                ? Attention.Candidate
                : Attention.Ignored,
        recognise: (bytes, start) => (bytes[start] === 50 ? Attention.Read : Attention.Ignored),
        followed(connection) {
          connections.push(connection)
          const handed: [number, number] = [0, 0]
          return {
            data(direction, { start, end, offset }) {
              must(end > start, 'an empty piece is handed on')
              must(offset === handed[direction], `offset ${offset} follows ${handed[direction]}`)
              handed[direction] += end - start
            },
            gap(direction, length) {
              must(length > 0, `a gap of ${length} bytes`)
              handed[direction] += length
            },
          }
        },
        closed: () => undefined,
        finished: () => undefined,
      },
      anomalies,
      { responderPorts: new Set([21]), initiatorPorts: new Set([20]) },
    )
    const sender = new Sender()
    while (!reader.done) {
      const quoted = sender.send(reader)
      if (quoted) tracker.icmpError(sender.packet)
      else tracker.segment(sender.packet)
    }
    tracker.end()
    for (const connection of connections) check(connection)
    return [
      ...anomalies.list().map(({ kind }) => kind),
      ...connections.map(({ synAttempts, midstream, closedBy, resetCount, flows, icmpErrors }) =>
        [
          Math.min(2, synAttempts),
          midstream,
          closedBy?.how,
          closedBy?.direction,
          Math.min(2, resetCount),
          icmpErrors.length > 0,
          ...flows.map((flow) =>
            [
              flow.retransmissions,
              flow.outOfOrder,
              flow.missingBytes,
              flow.acknowledgedUnseen,
              flow.keepAlives,
              flow.duplicates,
              flow.shuts,
            ]
              .map((count) => (count > 0 ? 1 : 0))
              .join(''),
          ),
        ].join(' '),
      ),
    ]
  },
}

const PORTS = [40_000, 40_001, 21, 20, 22, 23, 50_000, 53]
const HOSTS = 3

/** After two addresses, and after a TCP header without options. */
const SEGMENT_AT = 8
const PAYLOAD_AT = SEGMENT_AT + 20

/** Turns 12 bytes of an input into one packet, keeping what each direction would send next. */
class Sender {
  readonly packet = new Packet()
  readonly #bytes = new Uint8Array(PAYLOAD_AT + 256)
  readonly #next = new Map<string, number>()
  #time = 0

  /** Whether the packet is an ICMP error that quotes the segment. */
  send(reader: BytesReader): boolean {
    const { packet } = this
    const ends = reader.u8()
    const ports = reader.u8()
    const flags = reader.u8()
    const from = ends % HOSTS
    const to = (ends >> 2) % HOSTS
    const sourcePort = PORTS[ports & 7]!
    const destinationPort = PORTS[(ports >> 3) & 7]!
    const key = (a: number, b: number, c: number, d: number) => [a, b, c, d].join()
    const own = key(from, sourcePort, to, destinationPort)
    const peer = key(to, destinationPort, from, sourcePort)
    const sequence = (this.#next.get(own) ?? 1000 * from) + distance(reader.u16())
    const acknowledgment = (this.#next.get(peer) ?? 1000 * to) + distance(reader.u16())
    this.#time += distance(reader.u16()) * 1e6
    const window = reader.u8() * 257
    const length = reader.u8()
    const snapped = reader.u8() & 0x0f
    const value = reader.u8()
    this.#bytes.set([10, 0, 0, from, 10, 0, 0, to])
    this.#bytes.fill(value, SEGMENT_AT)
    Object.assign(packet, {
      frame: packet.frame + 1,
      time: Math.max(0, this.#time),
      bytes: this.#bytes,
      version: 4,
      sourceAt: 0,
      destinationAt: 4,
      sourcePort,
      destinationPort,
      sequence: sequence >>> 0,
      acknowledgment: acknowledgment >>> 0,
      flags,
      window,
      hopLimit: 64,
      identification: packet.frame & 0xffff,
      segmentAt: SEGMENT_AT,
      payloadStart: PAYLOAD_AT,
      payloadEnd: PAYLOAD_AT + Math.max(0, length - snapped),
      payloadLength: length,
      quotedSourceAt: 0,
      quotedDestinationAt: 4,
      icmpType: 3,
      icmpCode: value & 15,
    })
    this.#next.set(own, sequence + length + (flags & 1) + ((flags >> 1) & 1))
    return (ends & 0xf0) === 0xf0
  }
}

/** Small values stand for small steps to either side, the rest for leaps. */
function distance(value: number): number {
  const small = (value & 0xff) - 128
  return value < 0x8000 ? (value < 0x100 ? value : 0) : value < 0xc000 ? small : small * 2 ** ((value >> 8) & 0x1f)
}

function check({ flows, tcpStream }: Connection): void {
  must(tcpStream >= 0, `stream ${tcpStream}`)
  for (const flow of flows) {
    for (const [name, value] of Object.entries(flow)) {
      if (typeof value === 'number') must(Number.isFinite(value) && value >= -1, `${name} is ${value}`)
    }
    must(flow.missingBytes <= flow.end, `${flow.missingBytes} of ${flow.end} bytes are missing`)
    must(flow.bytes >= 0, `${flow.bytes} bytes were seen`)
  }
}

const SYN = 2
const ACK = 0x10

/** A segment of client (host 0, port 40000) to server (host 1) on port index `port`, or back. */
function segment(toServer: boolean, port: number, flags: number, length = 0, value = 65): number[] {
  return [toServer ? 1 << 2 : 1, toServer ? port << 3 : port, flags, 0, 0, 0, 0, 0, 10, 255, length, 0, value]
}

const SEEDS = [2, 4, 5, 6].map((port) => [
  segment(true, port, SYN),
  segment(false, port, SYN | ACK),
  segment(true, port, ACK),
  segment(false, port, ACK | 8, 20, 50),
  segment(true, port, ACK | 8, 10),
  segment(false, port, ACK | 8, 30),
  segment(true, port, ACK | 1),
  segment(false, port, ACK | 1),
  segment(true, port, ACK),
])
