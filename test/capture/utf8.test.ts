import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../../src/capture/utf8.js'

describe('decodeUtf8', () => {
  it.each([
    ['a character that breaks off', [0x61, 0xe6, 0x96], 'a\ufffd\ufffd'],
    ['a character that goes on with a letter', [0xe6, 0x41, 0x42], '\ufffdAB'],
    ['an overlong slash', [0xe0, 0x80, 0xaf], '\ufffd\ufffd\ufffd'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
    ['a byte that begins nothing', [0xff, 0x41], '\ufffdA'],
  ])('puts a mark in place of each byte of %s', (_, bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text)
  })

  it('reads texts longer than any argument list', () => {
    const text = 'Grüße 文件 😀 '.repeat(20_000)
    expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text)
  })
})
