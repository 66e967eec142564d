/** What TLS and load balancers send in the clear, and what becomes of it. */
import { describe, expect, it } from 'vitest'
import { AddressMap } from '../../../src/slice/sanitize/address-map.js'
import { CertificateNames } from '../../../src/slice/sanitize/certificate-names.js'
import { Keyed } from '../../../src/slice/sanitize/keyed.js'
import { rewrittenProxyHeader } from '../../../src/slice/sanitize/proxy-header.js'
import { StandIns } from '../../../src/slice/sanitize/stand-ins.js'
import { hasNullCipher, rewrittenRecords } from '../../../src/slice/sanitize/tls-records.js'
import { bytes, text } from '../../wire/build.js'
import { KEY } from './sanitized.js'

const keyed = new Keyed(KEY)
const addresses = new AddressMap(keyed)
const names = new CertificateNames(new StandIns(keyed), addresses)
const u16 = (value: number) => [value >> 8, value & 0xff]
const NAME = text('marked-Secret')

const record = (type: number, body: Uint8Array) => bytes([type, 3, 3], u16(body.length), body)
const message = (type: number, body: Uint8Array) => record(22, bytes([type, 0], u16(body.length), body))
const serverHello = (suite: number) => message(2, bytes([3, 3], new Uint8Array(32), 0, u16(suite), 0))
const extended = (type: number, body: Uint8Array) => {
  const extension = bytes(u16(type), u16(body.length), body)
  const hello = bytes([3, 3], new Uint8Array(32), 0, [0, 2, 0, 0x8c], [1, 0], u16(extension.length), extension)
  return message(1, hello)
}

function copyOf(stream: Uint8Array, isEncrypted = true): string {
  const images = rewrittenRecords(stream, { names, keepCertificates: false, isEncrypted })
  expect(images.reduce((sum, image) => sum + image.bytes.length, 0)).toBe(stream.length)
  return images.map((image) => Buffer.from(image.bytes).toString('latin1')).join('')
}

describe('TLS', () => {
  it('whose suite encrypts nothing is recognized in the midst of a dialogue', () => {
    expect(hasNullCipher(bytes(text('234 Go on\r\n'), serverHello(0x003b)))).toBe(true)
    expect(hasNullCipher(serverHello(0xc0b4))).toBe(true)
    expect(hasNullCipher(serverHello(0xc030))).toBe(false)
  })

  it('passes on the content of records that are encrypted, and of no others', () => {
    const stream = bytes(record(20, bytes(1)), record(23, NAME))
    expect(copyOf(stream)).toContain('marked-Secret')
    expect(copyOf(stream, false)).not.toMatch(/marked|Secret/)
  })

  it.each([
    ['trusted authorities', extended(3, NAME)],
    ['certificate authorities', extended(47, NAME)],
    ['a user name', extended(12, NAME)],
    ['the identity of a key', extended(41, bytes(u16(NAME.length + 6), u16(NAME.length), NAME, new Uint8Array(4)))],
    ['the identity of a key up to TLS 1.2', message(16, bytes(u16(NAME.length), NAME))],
  ])('tells no name: %s', (_, stream) => {
    expect(copyOf(stream)).not.toMatch(/marked|Secret/)
  })

  it('keeps tickets and shares of keys', () => {
    const ticket = bytes(0, [0xfe, 0x81, 0x02, 0x03], 0x7f)
    for (const stream of [extended(35, ticket), message(16, bytes(0x41, 4, new Uint8Array(64).fill(0xaa)))])
      expect(copyOf(stream)).toBe(Buffer.from(stream).toString('latin1'))
  })
})

describe('The binary header of the PROXY protocol', () => {
  const signature = bytes([0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a], text('QUIT\n'))
  const image = (...octets: number[]) => [...addresses.map(Uint8Array.from(octets))]

  it('has images of its addresses, its ports, and no name', () => {
    const head = bytes(signature, [0x21, 0x11], u16(12 + NAME.length))
    const header = bytes(head, [10, 33, 34, 35, 203, 0, 113, 40, 0xc3, 0x50, 0, 21], NAME)
    expect([...rewrittenProxyHeader(bytes(header, text('USER a\r\n')), addresses)!]).toEqual([
      ...head,
      ...image(10, 33, 34, 35),
      ...image(203, 0, 113, 40),
      ...[0xc3, 0x50, 0, 21],
      ...new Array<number>(NAME.length).fill(0),
    ])
  })

  it('of another family, or cut off, is zeros after its length', () => {
    for (const family of [0x31, 0x11]) {
      const header = bytes(signature, [0x21, family], u16(64), NAME.subarray(0, 6))
      expect(Buffer.from(rewrittenProxyHeader(header, addresses)!).toString('latin1')).not.toContain('marked')
    }
    expect(rewrittenProxyHeader(text('USER alice, and more\r\n'), addresses)).toBeNull()
  })
})
