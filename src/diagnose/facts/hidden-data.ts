/** What data connections carried whose commands TLS hides. Nothing is decrypted: records and closings show it. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Connection, Direction, type Flow, opposite } from '../../tcp/connection.js'
import type { TlsHead } from '../../tls/hello.js'
import { isEstablished } from './passive.js'
import { type Role, roleOf } from './payload.js'
import { ALERT13, TLS13 } from './tls.js'

/** Data connections under TLS without a readable command; bytes as on the wire, TLS records included. */
export interface HiddenTransfers {
  /** Data connections that were established. */
  opened: number
  /** Of those: more than a TLS handshake was sent. */
  carriedData: number
  bytesFromClient: number
  bytesFromServer: number
}

/** What one of them carried, and who sent it. */
export interface HiddenPayload {
  channel: DataChannel
  connection: Connection
  /** Direction of the payload; of the FTP client where there is none. */
  direction: Direction
  sender: Role
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

export function* hiddenPayloads({ channels }: Session): Generator<HiddenPayload> {
  for (const channel of channels) {
    const { connection, transfer, announcement } = channel
    if (connection && !transfer && !announcement && isEstablished(channel)) yield payloadOf(channel, connection)
  }
}

export function countHidden(payloads: readonly HiddenPayload[]): HiddenTransfers {
  const count = { opened: payloads.length, carriedData: 0, bytesFromClient: 0, bytesFromServer: 0 }
  for (const { bytes, sender } of payloads) {
    if (bytes === 0) continue
    count.carriedData++
    if (sender === 'client') count.bytesFromClient += bytes
    else count.bytesFromServer += bytes
  }
  return count
}

export function addHidden(one: HiddenTransfers, other: HiddenTransfers | undefined): HiddenTransfers {
  if (!other) return { ...one }
  return {
    opened: one.opened + other.opened,
    carriedData: one.carriedData + other.carriedData,
    bytesFromClient: one.bytesFromClient + other.bytesFromClient,
    bytesFromServer: one.bytesFromServer + other.bytesFromServer,
  }
}

function payloadOf(channel: DataChannel, connection: Connection): HiddenPayload {
  const client = channel.mode === 'passive' ? Direction.FromInitiator : Direction.FromResponder
  const server = opposite(client)
  const { flows } = connection
  const content = channel.head?.content ?? ['none', 'none']
  const tls = channel.head?.tls ?? [null, null]
  const version = tls[server]?.serverHello?.version ?? null
  const common = { channel, connection, version }
  if (content[client] !== 'tls' && content[server] !== 'tls') {
    const direction = flows[server].end > flows[client].end ? server : client
    const bytes = flows[direction].end
    return { ...common, direction, sender: roleOf(channel, direction), bytes, content: bytes > 0 ? 'clear' : 'none' }
  }
  const uploaded = carried(flows[client], tls[client], version, LONG_FINISH)
  const downloaded = uploaded > 0 ? 0 : carriedByServer(connection, server, tls[server], version)
  const direction = downloaded > 0 ? server : client
  return { ...common, direction, sender: roleOf(channel, direction), bytes: uploaded + downloaded, content: 'tls' }
}

/** In stream mode the sender closes, so a server that closes first had a file or listing to send, if only tickets. */
function carriedByServer(connection: Connection, server: Direction, head: TlsHead | null, version: number | null) {
  const bytes = carried(connection.flows[server], head, version, LONG_HANDSHAKE)
  const { closedBy } = connection
  if (bytes === 0 || version === null || version < TLS13 || closedBy?.direction === server) return bytes
  return bytes > MOST_TICKETS ? bytes : 0
}

/** Two session tickets with certificates in them are longer; then the server has more to say anyway. */
const MOST_TICKETS = 1024

/** Bytes after the handshake, with their records; what is beyond the kept bytes counts if it is no handshake's rest. */
function carried(flow: Flow, head: TlsHead | null, version: number | null, slack: number): number {
  if (head === null || version === null) return 0
  const sizes = version >= TLS13 ? afterFinished(head.data) : head.data
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
