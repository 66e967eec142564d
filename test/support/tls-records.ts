import { ByteWriter } from './byte-writer.js'

/** TLS records (RFC 8446 §5.1) that look like real ones from outside; their content is not actually encrypted. */

const HANDSHAKE = 22
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const APPLICATION_DATA = 23

/** A ClientHello (RFC 8446 §4.1.2) with the minimal extensions of a TLS 1.3 client. */
export function clientHello(serverName = 'ftp.example.net'): Uint8Array {
  const name = new TextEncoder().encode(serverName)
  const extensions = new ByteWriter()
    .u16(0, name.length + 5, name.length + 3)
    .u8(0)
    .u16(name.length)
    .bytes(name)
    .u16(10, 4, 2, 29)
    .u16(13, 4, 2, 0x0804)
    .u16(43, 5)
    .u8(4, 3, 4, 3, 3)
    .result()
  const body = new ByteWriter()
    .u16(0x0303)
    .bytes(opaque(32, 3))
    .u8(32)
    .bytes(opaque(32, 5))
    .u16(6, 0x1301, 0x1302, 0xc02f)
    .u8(1, 0)
    .u16(extensions.length)
    .bytes(extensions)
    .result()
  return record(HANDSHAKE, handshake(1, body), 0x0301)
}

/** ServerHello, ChangeCipherSpec and the encrypted rest of a server's first flight. */
export function serverFlight(): Uint8Array {
  const extensions = Uint8Array.of(0, 43, 0, 2, 3, 4)
  const body = new ByteWriter()
    .u16(0x0303)
    .bytes(opaque(32, 11))
    .u8(32)
    .bytes(opaque(32, 5))
    .u16(0x1301)
    .u8(0)
    .u16(extensions.length)
    .bytes(extensions)
    .result()
  return joined(
    record(HANDSHAKE, handshake(2, body)),
    record(CHANGE_CIPHER_SPEC, Uint8Array.of(1)),
    applicationData(1200),
  )
}

/** ChangeCipherSpec and the encrypted Finished of a client. */
export function clientFinished(): Uint8Array {
  return joined(record(CHANGE_CIPHER_SPEC, Uint8Array.of(1)), applicationData(53))
}

/** An opaque record of this length in bytes. */
export function applicationData(length: number): Uint8Array {
  return record(APPLICATION_DATA, opaque(length, length))
}

/** A fatal alert in the clear (RFC 8446 §6): 40 handshake failure, 70 protocol version. */
export function alert(description: number): Uint8Array {
  return record(ALERT, Uint8Array.of(2, description))
}

/** A handshake message (RFC 8446 §4). */
export function handshake(type: number, body: Uint8Array): Uint8Array {
  return new ByteWriter().u8(type, 0).u16(body.length).bytes(body).result()
}

/** A record of a content type. */
export function record(type: number, body: Uint8Array, version = 0x0303): Uint8Array {
  return new ByteWriter().u8(type).u16(version, body.length).bytes(body).result()
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return parts.reduce((writer, part) => writer.bytes(part), new ByteWriter()).result()
}

export function opaque(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (Math.imul(index + seed, 2654435761) >>> 13) & 0xff)
}
