import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { Attention } from '../../src/tcp/attention.js'
import { type Connection, Direction } from '../../src/tcp/connection.js'
import { ConnectionRegistry } from '../../src/tcp/connection-registry.js'
import { ConnectionTracker, type ConnectionListener, type TrackerOptions } from '../../src/tcp/connection-tracker.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { PacketKind } from '../../src/wire/packet.js'
import { framesOf } from '../support/pcap-walk.js'

/**
 * What was read of one connection, in the order of delivery: `C: words`, `S: words`, `C: (3 missing)`.
 */
export type Delivered = string[]

export interface Tracked {
  connections: Connection[]
  delivered: Map<Connection, Delivered>
  /** Streams in the order in which they were reported as closed, and as finished. */
  closed: number[]
  finished: number[]
  anomalies: AnomalyLog
}

const OPTIONS: TrackerOptions = { responderPorts: new Set([21]), initiatorPorts: new Set([20]) }

/** Follows every connection of a classic pcap file. */
export function track(
  capture: Uint8Array,
  { maxConnections = 1e6, ...options }: Partial<TrackerOptions & { maxConnections: number }> = {},
  overrides: Partial<ConnectionListener> = {},
): Tracked {
  const anomalies = new AnomalyLog()
  const result: Tracked = { connections: [], delivered: new Map(), closed: [], finished: [], anomalies }
  const tracker = new ConnectionTracker(
    new ConnectionRegistry(maxConnections, anomalies),
    {
      opened: () => Attention.Read,
      recognise: () => Attention.Ignored,
      followed: (connection) => {
        result.connections.push(connection)
        const delivered: Delivered = []
        result.delivered.set(connection, delivered)
        const name = (direction: Direction) => (direction === Direction.FromInitiator ? 'C' : 'S')
        return {
          data: (direction, { bytes, start, end }) =>
            delivered.push(`${name(direction)}: ${new TextDecoder().decode(bytes.subarray(start, end))}`),
          gap: (direction, length) => delivered.push(`${name(direction)}: (${length} missing)`),
        }
      },
      closed: (connection) => result.closed.push(connection.tcpStream),
      finished: (connection) => result.finished.push(connection.tcpStream),
      ...overrides,
    },
    anomalies,
    { ...OPTIONS, ...options },
  )
  const decoder = new PacketDecoder(anomalies)
  for (const frame of framesOf(capture)) {
    const kind = decoder.decode(frame)
    if (kind === PacketKind.Tcp) tracker.segment(decoder.packet)
    else if (kind === PacketKind.IcmpError) tracker.icmpError(decoder.packet)
  }
  tracker.end()
  return result
}

/** The only connection of a capture, with what was read of it. */
export function trackOne(capture: Uint8Array): { connection: Connection; delivered: Delivered; tracked: Tracked } {
  const tracked = track(capture)
  if (tracked.connections.length !== 1) throw new Error(`${tracked.connections.length} connections`)
  const connection = tracked.connections[0]!
  return { connection, delivered: tracked.delivered.get(connection)!, tracked }
}
