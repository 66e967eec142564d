import { sameBytes } from '../crypto/crypto.js'
import { hexOf } from '../hex.js'
import { type Certificate, readCertificate } from './certificate.js'

/** Certificates that are remembered. */
const KEPT_CERTIFICATES = 64
/** The last bytes of a certificate are its signature's: of different certificates they differ. */
const SIGNATURE_END = 16

/** Reads the same certificate, of one connection after the other, once. */
export class CertificateCache {
  readonly #known = new Map<string, { der: Uint8Array; certificate: Certificate | null }>()

  /** As `readCertificate`. */
  read(der: Uint8Array): Certificate | null {
    const end = hexOf(der.subarray(-SIGNATURE_END))
    const known = this.#known.get(end)
    if (known && sameBytes(known.der, der)) return known.certificate
    const certificate = readCertificate(der)
    this.#known.delete(end)
    this.#known.set(end, { der, certificate })
    if (this.#known.size > KEPT_CERTIFICATES) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest)
        break
      }
    }
    return certificate
  }
}
