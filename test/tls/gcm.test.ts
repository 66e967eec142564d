import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encryptBlock, expandedKey } from '../../src/tls/crypto/aes.js'
import { AesGcm } from '../../src/tls/crypto/gcm.js'
import { bytesOf } from '../support/tls-peers.js'

const hex = (digits: string) => new Uint8Array(Buffer.from(digits, 'hex'))

describe('AES', () => {
  const text = '00112233445566778899aabbccddeeff'
  it.each([
    ['000102030405060708090a0b0c0d0e0f', '69c4e0d86a7b0430d8cdb78070b4c55a'],
    ['000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '8ea2b7ca516745bfeafc49904b496089'],
  ])('encrypts the example of FIPS 197 with the key %s', (key, encrypted) => {
    const view = new DataView(hex(text).buffer)
    const block = new Int32Array(4)
    const [a, b, c, d] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number, number]
    encryptBlock(expandedKey(hex(key)), a, b, c, d, block)
    const bytes = new DataView(new ArrayBuffer(16))
    for (const [index, word] of block.entries()) bytes.setInt32(4 * index, word, true)
    expect(Buffer.from(bytes.buffer).toString('hex')).toBe(encrypted)
  })
})

describe('AES-GCM', () => {
  it.each([
    ['', '58e2fccefa7e3061367f1d57a4e7455a'],
    ['00000000000000000000000000000000', '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf'],
  ])('opens the test cases 1 and 2 of its specification: %j', (text, sealed) => {
    const opened = new AesGcm(new Uint8Array(16)).open(new Uint8Array(12), new Uint8Array(0), hex(sealed))
    expect(opened).toEqual(hex(text))
  })

  it.each([16, 32])('opens what OpenSSL seals, and nothing that was changed, with keys of %i bytes', (length) => {
    const cipher = new AesGcm(bytesOf('key', length))
    for (let size = 0; size < 300; size++) {
      const [nonce, data, text] = [bytesOf(`nonce ${size}`, 12), bytesOf('data', size % 37), bytesOf('text', size)]
      const sealing = createCipheriv(`aes-${8 * length}-gcm` as 'aes-128-gcm', bytesOf('key', length), nonce)
      sealing.setAAD(data)
      const sealed = new Uint8Array(Buffer.concat([sealing.update(text), sealing.final(), sealing.getAuthTag()]))
      expect(cipher.open(nonce, data, sealed)).toEqual(text)
      for (const at of [0, size, size + 7, size + 15]) {
        const changed = sealed.slice()
        changed[at]! ^= 1 << (size & 7)
        expect(cipher.open(nonce, data, changed)).toBeNull()
      }
      expect(cipher.open(nonce, bytesOf('other', 38), sealed)).toBeNull()
    }
  })

  it('opens nothing shorter than a tag', () => {
    expect(new AesGcm(new Uint8Array(16)).open(new Uint8Array(12), new Uint8Array(0), new Uint8Array(15))).toBeNull()
  })
})
