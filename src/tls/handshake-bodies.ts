import { u16 } from './hello.js'

const MAX_CERTIFICATES = 16
/** Kept of a chain. */
const MAX_CHAIN = 32 * 1024

/** The chain of a Certificate message (RFC 5246 §7.4.2, RFC 8446 §4.4.2), in DER, as far as it is kept. */
export function readCertificates(body: Uint8Array, tls13: boolean): Uint8Array[] {
  const chain: Uint8Array[] = []
  let kept = 0
  // TLS 1.3: a context before the list, and extensions after each certificate.
  let at = (tls13 ? 1 + (body[0] ?? 0) : 0) + 3
  while (at + 3 <= body.length && chain.length < MAX_CERTIFICATES) {
    const length = (body[at]! << 16) | u16(body, at + 1)
    const end = at + 3 + length
    if (end > body.length || kept + length > MAX_CHAIN) break
    if (length > 0) chain.push(body.slice(at + 3, end))
    kept += length
    at = tls13 ? end + 2 + u16(body, end) : end
  }
  return chain
}

/** The ticket of a NewSessionTicket message up to TLS 1.2 (RFC 5077 §3.3); `null` if it is empty. */
export function readTicket(body: Uint8Array): Uint8Array | null {
  const length = u16(body, 4)
  return length === 0 || 6 + length > body.length ? null : body.slice(6, 6 + length)
}
