import type { Session } from '../correlate/model.js'
import type { Connection } from '../tcp/connection.js'
import { isV4Mapped, MAPPED_V4_AT, parseAddress } from '../wire/address.js'
import { hexOf } from '../tls/hex.js'

/** A connection of a session. */
export interface SessionConnection {
  /** Keys of its packets, by direction: see `packetKey`. */
  keys: readonly [string, string]
  ports: readonly [number, number]
  firstFrame: number
  lastFrame: number
  /** It carries the contents of files and listings. */
  isData: boolean
}

/** Where the packets of a session are. Plain values: the session itself is not kept. */
export interface SessionPackets {
  connections: SessionConnection[]
  /** Client randoms of its TLS connections in hexadecimal: their secrets stand under these in a key log (RFC 9850). */
  clientRandoms: string[]
}

/** The connections of a session: control, data, and those that its findings look at. */
export function sessionPackets(session: Session): SessionPackets {
  const { control, channels, surroundings, tls } = session
  const data = channels.flatMap(({ connection, fromOtherHosts }) => [connection, ...fromOtherHosts])
  const others = [...surroundings.ident, surroundings.backdoorShell]
  const randoms = [tls, ...channels.map((channel) => channel.tls)].map((facts) => facts?.clientHello?.random)
  return {
    connections: [
      described(control, false),
      ...data.filter((connection) => connection !== null).map((connection) => described(connection, true)),
      ...others.filter((connection) => connection !== null).map((connection) => described(connection, false)),
    ],
    clientRandoms: randoms.filter((random) => random !== undefined).map((random) => hexOf(random)),
  }
}

function described({ initiator, responder, first, last }: Connection, isData: boolean): SessionConnection {
  const a = addressKey(initiator.address)
  const b = addressKey(responder.address)
  const ports = [initiator.port, responder.port] as const
  const keys = [packetKey(a, ports[0], b, ports[1]), packetKey(b, ports[1], a, ports[0])] as const
  return { keys, ports, firstFrame: first.frame, lastFrame: last.frame, isData }
}

function addressKey(text: string): string {
  const bytes = parseAddress(text)!
  return bytesKey(bytes, 0, bytes.length)
}

/** An address as a key. */
export function bytesKey(bytes: Uint8Array, at: number, length: number): string {
  if (length > MAPPED_V4_AT && isV4Mapped(bytes, at)) return bytesKey(bytes, at + MAPPED_V4_AT, 4)
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

/** Of the packets from one endpoint to another. */
export function packetKey(source: string, sourcePort: number, destination: string, destinationPort: number): string {
  return source + destination + String.fromCharCode(sourcePort, destinationPort)
}
