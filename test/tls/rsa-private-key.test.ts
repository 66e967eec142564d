import { generateKeyPairSync, publicEncrypt, constants } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readPrivateKeys, rsaDecrypt } from '../../src/tls/keys/rsa-private-key.js'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string

describe('a private key', () => {
  it.each([
    ['PKCS #8', pkcs8],
    ['PKCS #1', pkcs1],
    [
      'CRLF, among certificates',
      `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${pkcs8}`.replace(/\n/g, '\r\n'),
    ],
  ])('in %s decrypts what was encrypted for it', (_, pem) => {
    const { keys, problems } = readPrivateKeys(pem)
    expect(problems).toEqual([])
    const text = Buffer.from('premaster secret of forty-eight bytes, no more..')
    const encrypted = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, text)
    expect(rsaDecrypt(keys[0]!, new Uint8Array(encrypted))).toEqual(new Uint8Array(text))
    encrypted[5]! ^= 1
    expect(rsaDecrypt(keys[0]!, new Uint8Array(encrypted))?.length).not.toBe(48)
  })

  it('that cannot help is named', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }) as string
    const old = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }) as string
    const problemOf = (pem: string) => readPrivateKeys(pem).problems[0]
    expect(problemOf(ec.export({ type: 'sec1', format: 'pem' }) as string)).toBe(
      'block 1 is an EC key, which decrypts nothing: only RSA key exchange sends a secret',
    )
    expect(problemOf(ec.export({ type: 'pkcs8', format: 'pem' }) as string)).toContain('block 1 is no RSA key')
    expect(problemOf(locked)).toContain('is encrypted with a passphrase')
    expect(problemOf(old)).toContain('is encrypted with a passphrase')
    expect(problemOf('')).toBe('it has no PEM block with a private key')
    expect(problemOf(pkcs1.replace(/\n[^\n-]{10}/, '\n!!'))).toContain('block 1 is not base64')
    expect(problemOf('-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----')).toContain('is not a PKCS #8')
  })
})
