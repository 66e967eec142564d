import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/tls/certificates/certificate.js'
import { certificate, certificateNames } from '../../support/certificates.js'

const read = (name: string) => readCertificate(certificate(name))!
const TYPES: Readonly<Record<string, string>> = { ec: 'EC', rsa: 'RSA', ed25519: 'Ed25519' }
const day = (time: number | null) => new Date(time ?? NaN).toISOString()

describe.each(certificateNames())('The certificate %s', (name) => {
  const own = read(name)
  const openssl = new X509Certificate(certificate(name))

  it('is read as OpenSSL reads it', () => {
    expect(own.fingerprint).toBe(openssl.fingerprint256.replaceAll(':', '').toLowerCase())
    expect(BigInt(`0x${own.serialNumber}`)).toBe(BigInt(`0x${openssl.serialNumber}`))
    expect(own.notBefore).toBe(Date.parse(openssl.validFrom))
    expect(own.notAfter).toBe(Date.parse(openssl.validTo))
    expect(own.isAuthority).toBe(openssl.ca)
    expect(own.key.type).toBe(TYPES[openssl.publicKey.asymmetricKeyType!])
    const { modulusLength } = openssl.publicKey.asymmetricKeyDetails!
    expect(own.key.bits).toBe(modulusLength ?? 256)
  })

  it('is self-signed if its own key has signed it', () => {
    expect(own.selfSigned).toBe(openssl.verify(openssl.publicKey))
  })
})

describe('A certificate', () => {
  it('has names in text, most specific first', () => {
    const { subject, issuer, dnsNames, addresses } = read('server')
    expect(subject.text).toBe('CN=ftp.example.net,O=Example Ltd,C=XA')
    expect(subject.commonName).toBe('ftp.example.net')
    expect(issuer.text).toBe('CN=Example Issuing CA,O=Example Ltd,C=XA')
    expect(dnsNames).toEqual(['ftp.example.net', '*.files.example.net'])
    expect(addresses.map(({ length }) => length)).toEqual([4, 16])
  })

  it('has characters of names escaped that separate them', () => {
    expect(read('odd-names').subject.text).toBe('CN=\\ ftp\n,O=Müller\\, \\"Söhne\\" \\+ Co')
  })

  it('has times before 1970 and after 2049', () => {
    expect(day(read('odd-names').notBefore)).toBe('1969-05-29T09:00:00.000Z')
    expect(day(read('odd-names').notAfter)).toBe('2051-07-18T09:00:00.000Z')
  })

  it('tells that a public authority has logged it', () => {
    expect(read('public').publiclyLogged).toBe(true)
    expect(read('server').publiclyLogged).toBe(false)
  })

  it('is none if it is cut short', () => {
    const whole = certificate('server')
    for (let length = 0; length < whole.length; length++) expect(readCertificate(whole.subarray(0, length))).toBeNull()
  })
})

describe('Bytes of a hostile peer', () => {
  it('are read in little time and without an error, whatever they are', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const flips = fc.array(fc.tuple(fc.nat(), byte), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...certificateNames()), flips, (name, changes) => {
        const bytes = certificate(name)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const found = readCertificate(bytes)
        if (found) expect(found.subject.text.length).toBeLessThanOrEqual(512)
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readCertificate(bytes)
      }),
    )
  })

  it.each([
    ['nested without end', (at: number) => (at % 2 === 0 ? 0x30 : 0x80)],
    ['nested to their end', (at: number, length: number) => nested(at, length)],
    ['of small values', (at: number, length: number) => (at < 4 ? nested(at, length) : at % 2 === 0 ? 5 : 0)],
  ])('%s are no certificate', (_, byteAt) => {
    const bytes = Uint8Array.from({ length: 32 * 1024 }, (_, at) => byteAt(at, 32 * 1024))
    const before = performance.now()
    expect(readCertificate(bytes)).toBeNull()
    expect(performance.now() - before).toBeLessThan(2000)
  })
})

/** A byte of SEQUENCE after SEQUENCE, each as long as what is left. */
function nested(at: number, length: number): number {
  const left = length - 4 * Math.floor(at / 4) - 4
  return [0x30, 0x82, left >> 8, left & 0xff][at % 4]!
}
