import { ByteWriter } from './byte-writer.js'
import { applicationData, handshake, joined, opaque, record } from './tls-records.js'

/** The handshake of TLS 1.2 (RFC 5246 §7.3) as it looks from outside: its hellos and certificate are in the clear. */

const HANDSHAKE = 22
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const SESSION_TICKET = 35

/** A ClientHello that offers a session by its ticket, or none. */
export function clientHello12(options: { resumes?: boolean } = {}): Uint8Array {
  const { resumes = false } = options
  const ticket = resumes ? opaque(160, 77) : new Uint8Array(0)
  const extensions = new ByteWriter().u16(SESSION_TICKET, ticket.length).bytes(ticket).u16(23, 0).result()
  const id = resumes ? opaque(32, 9) : new Uint8Array(0)
  const body = new ByteWriter()
    .u16(0x0303)
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

/** ServerHello with Certificate, ServerKeyExchange and ServerHelloDone; or, for a resumed session, with Finished. */
export function serverFlight12(options: { resumed?: boolean } = {}): Uint8Array {
  const { resumed = false } = options
  const body = new ByteWriter()
    .u16(0x0303)
    .bytes(opaque(32, 31))
    .u8(32)
    .bytes(opaque(32, resumed ? 9 : 41))
    .u16(0xc02f)
    .u8(0)
    .u16(0)
    .result()
  const hello = record(HANDSHAKE, handshake(2, body))
  if (resumed) return joined(hello, changeCipherSpec(), finished())
  return joined(
    hello,
    record(HANDSHAKE, handshake(11, opaque(820, 5))),
    record(HANDSHAKE, handshake(12, opaque(296, 6))),
    record(HANDSHAKE, handshake(14, new Uint8Array(0))),
  )
}

/** A client's ClientKeyExchange, ChangeCipherSpec and Finished; the last two only where the session is resumed. */
export function clientFinish12(options: { resumed?: boolean } = {}): Uint8Array {
  const rest = joined(changeCipherSpec(), finished())
  return options.resumed ? rest : joined(record(HANDSHAKE, handshake(16, opaque(66, 8))), rest)
}

/** A server's NewSessionTicket, ChangeCipherSpec and Finished. */
export function serverFinish12(): Uint8Array {
  return joined(record(HANDSHAKE, handshake(4, opaque(182, 10))), changeCipherSpec(), finished())
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
