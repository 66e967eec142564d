/** Constants of the TLS record and handshake layers (RFC 8446 §4 and §5.1, RFC 5246 §7.4). */
export const ContentType = { ChangeCipherSpec: 20, Alert: 21, Handshake: 22, ApplicationData: 23 } as const
export const HandshakeType = {
  HelloRequest: 0,
  ClientHello: 1,
  ServerHello: 2,
  NewSessionTicket: 4,
  EndOfEarlyData: 5,
  EncryptedExtensions: 8,
  Certificate: 11,
  ServerKeyExchange: 12,
  CertificateRequest: 13,
  ServerHelloDone: 14,
  CertificateVerify: 15,
  ClientKeyExchange: 16,
  Finished: 20,
  CertificateUrl: 21,
  CertificateStatus: 22,
  SupplementalData: 23,
  KeyUpdate: 24,
  CompressedCertificate: 25,
  NextProtocol: 67,
} as const

/** The last content type (RFC 6520). TLS never begins with it, so it counts only between records. */
export const HEARTBEAT = 24
/** 2^14 plus the 2048 that TLS 1.2 allows an encrypted record. */
export const MAX_RECORD = 16_384 + 2048

/** Length of a record's header: type, version, length. */
export const RECORD_HEADER = 5
/** Length of a handshake message's header: type, length. */
export const HANDSHAKE_HEADER = 4
/** Length of an unencrypted alert: level, description. */
export const ALERT_LENGTH = 2

/** Bytes of a record's header that distinguish it from text: type and version. */
export const RECORD_PROBE = 3
/** Record versions: 3.0 (SSL 3.0) to 3.3 (TLS 1.2 and 1.3), and 3.4 to be lenient: text does not look like it. */
const MAJOR_VERSION = 3
const LATEST_MINOR_VERSION = 4

/** Whether the first `length` bytes may begin a record: up to three of them are checked. */
export function mayBeTlsRecord(bytes: ArrayLike<number>, length: number): boolean {
  if (length > 0 && (bytes[0]! < ContentType.ChangeCipherSpec || bytes[0]! > ContentType.ApplicationData)) return false
  return isTlsVersion(bytes, 1, length)
}

/** Whether the two bytes at `at` are a version of SSL 3.0 or TLS, as far as they are among the first `length`. */
export function isTlsVersion(bytes: ArrayLike<number>, at: number, length: number): boolean {
  if (length > at && bytes[at] !== MAJOR_VERSION) return false
  return !(length > at + 1 && bytes[at + 1]! > LATEST_MINOR_VERSION)
}

/** Versions in hellos. */
export const TlsVersion = { Tls10: 0x0301, Tls11: 0x0302, Tls12: 0x0303, Tls13: 0x0304 } as const
