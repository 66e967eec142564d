import { describe, expect, it } from 'vitest'
import { CertificateCache } from '../../../src/tls/certificates/certificate-cache.js'
import { readCertificate } from '../../../src/tls/certificates/certificate.js'
import { certificate, certificateNames } from '../../support/certificates.js'

describe('A cache of certificates', () => {
  it('reads the same bytes once, wherever they stand', () => {
    const cache = new CertificateCache()
    for (const name of certificateNames()) {
      const first = cache.read(certificate(name))
      expect(first).toEqual(readCertificate(certificate(name)))
      expect(cache.read(certificate(name).slice())).toBe(first)
    }
  })

  it('tells certificates apart that end alike, and forgets the oldest', () => {
    const cache = new CertificateCache()
    const der = certificate(certificateNames()[0]!)
    const first = cache.read(der)
    const changed = der.slice()
    changed[0]! ^= 1
    expect(cache.read(changed)).toEqual(readCertificate(changed))
    expect(cache.read(changed)?.fingerprint).not.toBe(first?.fingerprint)
    expect(cache.read(der)).toEqual(first)
    for (let end = 0; end < 100; end++) cache.read(Uint8Array.of(...new Uint8Array(16), end))
    const again = cache.read(der)
    expect(again).toEqual(first)
    expect(again).not.toBe(first)
  })
})
