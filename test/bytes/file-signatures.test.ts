import { describe, expect, it } from 'vitest'
import { fileFormat, ZSTD_SIGNATURE } from '../../src/bytes/file-signatures.js'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('fileFormat', () => {
  it.each([
    ['\x1f\x8b\x08\x00', 'gzip'],
    ['\x28\xb5\x2f\xfd\x24', 'zstd'],
    ['\x50\x2a\x4d\x18', 'zstd-skippable'],
    ['\x5f\x2a\x4d\x18', 'zstd-skippable'],
    ['\xfd7zXZ\0', 'xz'],
    ['snoop\0\0\0', 'snoop'],
    ['\xab\x01\x00\x1c', null],
    ['\x60\x2a\x4d\x18', null],
    ['\xd4\xc3\xb2\xa1', null],
    ['', null],
  ])('of a file that starts with %j is %s', (start, format) => {
    expect(fileFormat(bytes(start))).toBe(format)
  })

  it('is unknown while a signature is incomplete', () => {
    expect(fileFormat(bytes('snoop'))).toBeNull()
    expect(fileFormat(Uint8Array.from(ZSTD_SIGNATURE.slice(0, 3)))).toBeNull()
    expect(fileFormat(Uint8Array.from(ZSTD_SIGNATURE))).toBe('zstd')
  })
})
