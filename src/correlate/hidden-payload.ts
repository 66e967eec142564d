/** What a data connection carried whose command TLS hides. Nothing is decrypted: records and closings show it. */
import { type Connection, Direction, type Flow, opposite } from '../tcp/connection.js'
import type { TlsHead } from '../tls/hello.js'
import { TlsVersion } from '../tls/record-layer.js'
import type { DataHead } from './data-head.js'
import type { DataChannel } from './model.js'

export interface PayloadUnderTls {
  /** Direction of the payload; of the FTP client where there is none. */
  direction: Direction
  sender: 'client' | 'server'
  /** Bytes after the handshake, TLS records included; 0 if nothing but a handshake was captured. */
  bytes: number
  /** The version in the ServerHello; `null` without one. */
  version: number | null
  /** Its first bytes are TLS, clear text, or there are none. */
  content: 'tls' | 'clear' | 'none'
}

/** Finished of TLS 1.3 with SHA-256 or SHA-384, as encrypted record (RFC 8446 §4.4.4, §5.2). */
const FINISHED13 = new Set([53, 69])
/** What may follow the kept bytes of a handshake: a certificate chain and tickets. */
const LONG_HANDSHAKE = 4096
/** The same of a client: the rest of a large ClientHello, Finished, close_notify. */
const LONG_FINISH = 512

/** Encrypted alert of TLS 1.3: 2 bytes, type and tag. */
const ALERT13 = 19

/** What was sent, by whom, after the handshake. */
export function payloadOf(connection: Connection, mode: DataChannel['mode'], head: DataHead | null): PayloadUnderTls {
  const client = mode === 'passive' ? Direction.FromInitiator : Direction.FromResponder
  const server = opposite(client)
  const { flows } = connection
  const content = head?.content ?? ['none', 'none']
  const tls = head?.tls ?? [null, null]
  const version = tls[server]?.serverHello?.version ?? null
  if (content[client] !== 'tls' && content[server] !== 'tls') {
    const direction = flows[server].end > flows[client].end ? server : client
    const bytes = flows[direction].end
    return {
      version,
      direction,
      sender: direction === client ? 'client' : 'server',
      bytes,
      content: bytes > 0 ? 'clear' : 'none',
    }
  }
  const uploaded = carried(flows[client], tls[client], version, LONG_FINISH)
  const downloaded = uploaded > 0 ? 0 : carriedByServer(connection, server, tls[server], version)
  const direction = downloaded > 0 ? server : client
  return {
    version,
    direction,
    sender: direction === client ? 'client' : 'server',
    bytes: uploaded + downloaded,
    content: 'tls',
  }
}

/** In stream mode the sender closes, so a server that closes first had a file or listing to send, if only tickets. */
function carriedByServer(connection: Connection, server: Direction, head: TlsHead | null, version: number | null) {
  const bytes = carried(connection.flows[server], head, version, LONG_HANDSHAKE)
  const { closedBy } = connection
  if (bytes === 0 || version === null || version < TlsVersion.Tls13 || closedBy?.direction === server) return bytes
  return bytes > MOST_TICKETS ? bytes : 0
}

/** Two session tickets with certificates in them are longer; then the server has more to say anyway. */
const MOST_TICKETS = 1024

/** Bytes after the handshake, with their records; what is beyond the kept bytes counts if it is no handshake's rest. */
function carried(flow: Flow, head: TlsHead | null, version: number | null, slack: number): number {
  if (head === null || version === null) return 0
  const sizes = version >= TlsVersion.Tls13 ? afterFinished(head.data) : head.data
  const known = sizes.filter((length) => length !== ALERT13).reduce((sum, length) => sum + length, 0)
  const rest = flow.end - (flow.head?.length ?? 0)
  if (rest <= 0) return known
  if (known > 0) return Math.max(known, rest)
  return rest > slack ? rest : 0
}

/** Records after the Finished message; without one of a usual length, after the first, which has all of the flight. */
function afterFinished(lengths: readonly number[]): readonly number[] {
  const finished = lengths.findIndex((length) => FINISHED13.has(length))
  return lengths.slice(Math.max(finished, 0) + 1)
}
