import { ByteWriter } from './byte-writer.js'
import { applicationData, handshake, joined, opaque, record } from './tls-records.js'

/** The handshake of TLS 1.2 (RFC 5246 §7.3) as it looks from outside: its hellos and certificate are in the clear. */

const HANDSHAKE = 22
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const SESSION_TICKET = 35

export interface HelloOptions {
  resumes?: boolean
  /** Of server_name; none by default. */
  serverName?: string
  version?: number
}

/** A ClientHello that offers a session by its ticket, or none. */
export function clientHello12(options: HelloOptions = {}): Uint8Array {
  const { resumes = false, serverName, version = 0x0303 } = options
  const ticket = resumes ? opaque(160, 77) : new Uint8Array(0)
  const name = new TextEncoder().encode(serverName)
  const extensions = new ByteWriter()
    .bytes(
      name.length > 0
        ? new ByteWriter()
            .u16(0, name.length + 5, name.length + 3)
            .u8(0)
            .u16(name.length)
            .result()
        : name,
    )
    .bytes(name)
    .u16(SESSION_TICKET, ticket.length)
    .bytes(ticket)
    .u16(23, 0)
    .result()
  const id = resumes ? opaque(32, 9) : new Uint8Array(0)
  const body = new ByteWriter()
    .u16(version)
    .bytes(opaque(32, 21))
    .u8(id.length)
    .bytes(id)
    .u16(4, 0xc02f, 0xc030)
    .u8(1, 0)
    .u16(extensions.length)
    .bytes(extensions)
    .result()
  return record(HANDSHAKE, handshake(1, body), 0x0301)
}

export interface FlightOptions {
  resumed?: boolean
  version?: number
  suite?: number
  /** Certificates in DER; without them bytes stand for them. */
  chain?: readonly Uint8Array[]
}

/** ServerHello with Certificate, ServerKeyExchange and ServerHelloDone; or, for a resumed session, with Finished. */
export function serverFlight12(options: FlightOptions = {}): Uint8Array {
  const { resumed = false, version = 0x0303, suite = 0xc02f, chain } = options
  const body = new ByteWriter()
    .u16(version)
    .bytes(opaque(32, 31))
    .u8(32)
    .bytes(opaque(32, resumed ? 9 : 41))
    .u16(suite)
    .u8(0)
    .u16(0)
    .result()
  const hello = record(HANDSHAKE, handshake(2, body))
  if (resumed) return joined(hello, changeCipherSpec(), finished())
  return joined(
    hello,
    record(HANDSHAKE, chain ? certificateMessage(chain) : handshake(11, opaque(820, 5))),
    record(HANDSHAKE, handshake(12, opaque(296, 6))),
    record(HANDSHAKE, handshake(14, new Uint8Array(0))),
  )
}

/** A Certificate message (RFC 5246 §7.4.2). */
export function certificateMessage(chain: readonly Uint8Array[]): Uint8Array {
  const each = chain.map((der) => new ByteWriter().u8(0).u16(der.length).bytes(der).result())
  const list = joined(...each)
  return handshake(11, new ByteWriter().u8(0).u16(list.length).bytes(list).result())
}

/** A client's ClientKeyExchange, ChangeCipherSpec and Finished; the last two only where the session is resumed. */
export function clientFinish12(options: { resumed?: boolean } = {}): Uint8Array {
  const rest = joined(changeCipherSpec(), finished())
  // A point of P-256 with its length before it (RFC 8422 §5.4).
  const point = joined(new Uint8Array([65]), opaque(65, 8))
  return options.resumed ? rest : joined(record(HANDSHAKE, handshake(16, point)), rest)
}

/** A server's NewSessionTicket, ChangeCipherSpec and Finished. */
export function serverFinish12(): Uint8Array {
  const ticket = opaque(176, 10)
  const lifetime = new ByteWriter().u16(0, 7200, ticket.length).bytes(ticket).result()
  return joined(record(HANDSHAKE, handshake(4, lifetime)), changeCipherSpec(), finished())
}

/** A close_notify as AES-GCM leaves it: 2 bytes and 24 more. */
export function closeNotify12(): Uint8Array {
  return record(ALERT, opaque(26, 15))
}

/** A line of this length in bytes, plus the 24 that AES-GCM adds. */
export function line12(length: number): Uint8Array {
  return applicationData(length + 24)
}

function changeCipherSpec(): Uint8Array {
  return record(CHANGE_CIPHER_SPEC, Uint8Array.of(1))
}

function finished(): Uint8Array {
  return record(HANDSHAKE, opaque(40, 12))
}
