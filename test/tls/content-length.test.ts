import { describe, expect, it } from 'vitest'
import { contentLength } from '../../src/tls/content-length.js'

const exact = (length: number) => ({ least: length, most: length })

describe('the length of a record’s content', () => {
  it.each([
    ['TLS 1.3, AES-GCM', 0x304, 0x1301, 29, exact(12)],
    ['TLS 1.3, AES-CCM-8', 0x304, 0x1305, 21, exact(12)],
    ['TLS 1.2, AES-GCM', 0x303, 0xc02f, 36, exact(12)],
    ['TLS 1.2, AES-CCM-8', 0x303, 0xc0ae, 28, exact(12)],
    ['TLS 1.2, ChaCha20', 0x303, 0xcca8, 28, exact(12)],
    ['TLS 1.2, RC4', 0x303, 0x0005, 32, exact(12)],
    ['TLS 1.2, AES-CBC with SHA-1', 0x303, 0xc013, 64, { least: 12, most: 27 }],
    ['TLS 1.0, AES-CBC with SHA-1', 0x301, 0x002f, 48, { least: 12, most: 27 }],
    ['TLS 1.2, 3DES with SHA-1', 0x303, 0x000a, 48, { least: 12, most: 19 }],
  ])('is known with %s', (_name, version, suite, length, expected) => {
    expect(contentLength({ version, suite }, length)).toEqual(expected)
  })

  it('is not known with a suite that nobody knows, nor for a record too short for its tag', () => {
    expect(contentLength({ version: 0x303, suite: 0xfefe }, 100)).toBeNull()
    expect(contentLength({ version: 0x304, suite: 0x1301 }, 16)).toBeNull()
    expect(contentLength({ version: 0x303, suite: 0xc013 }, 20)).toBeNull()
  })
})
