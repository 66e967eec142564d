import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, escapeControls } from '../../src/bytes/text.js'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('decodeText', () => {
  it.each([
    ['ASCII', bytes(0x52, 0x45, 0x54, 0x52), 'RETR'],
    ['two, three and four byte characters', new TextEncoder().encode('Größe 文件 😀'), 'Größe 文件 😀'],
    ['Latin-1', bytes(0x47, 0x72, 0xf6, 0xdf, 0x65), 'Gr\\xf6\\xdfe'],
    ['an overlong slash', bytes(0xc0, 0xaf), '\\xc0\\xaf'],
    ['an overlong character of three bytes', bytes(0xe0, 0x80, 0xaf), '\\xe0\\x80\\xaf'],
    ['an overlong character of four bytes', bytes(0xf0, 0x80, 0x80, 0xaf), '\\xf0\\x80\\x80\\xaf'],
    ['a surrogate', bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['a character that continues with a letter', bytes(0xe6, 0x41, 0x42), '\\xe6AB'],
    ['a byte that begins no character', bytes(0xff, 0x41), '\\xffA'],
    ['a truncated character', bytes(0x61, 0xe6, 0x96), 'a\\xe6\\x96'],
    ['more than U+10FFFF', bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
  ])('shows %s', (_, input, text) => {
    expect(decodeText(input)).toBe(text)
  })

  it('agrees with the platform on all valid UTF-8', () => {
    const check = (text: string) => {
      expect(decodeText(new TextEncoder().encode(text))).toBe(text)
    }
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), check))
  })

  it('agrees with the platform on which bytes are not UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (input) => {
        let valid = true
        try {
          strict.decode(input)
        } catch {
          valid = false
        }
        expect(decodeText(input).includes('\\x')).toBe(!valid || new TextDecoder().decode(input).includes('\\x'))
      }),
    )
  })

  it('reads text that is longer than any argument list', () => {
    expect(decodeText(new Uint8Array(300_000).fill(0x41))).toHaveLength(300_000)
    const text = 'Grüße 文件 😀 '.repeat(20_000)
    expect(decodeText(new TextEncoder().encode(text))).toBe(text)
  })
})

describe('escapeControls', () => {
  it.each([
    ['220 \u001b[2J\u001b]0;owned\u0007', '220 \\x1b[2J\\x1b]0;owned\\x07'],
    ['one-byte CSI \u009b31m', 'one-byte CSI \\x9b31m'],
    ['a\r\nb\tc\u0000', 'a\\r\\nb\\tc\\x00'],
    ['invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
    ['\u2066isolate\u2069 \u2028 \u2029', '\\u{2066}isolate\\u{2069} \\u{2028} \\u{2029}'],
    ['zero\u200bwidth soft\u00adhyphen', 'zero\\u{200b}width soft\\xadhyphen'],
    ['hidden tag \u{e0041}', 'hidden tag \\u{e0041}'],
    ['lone \ud800 half', 'lone \\u{d800} half'],
    ['Größe 文件 😀', 'Größe 文件 😀'],
  ])('makes %j safe', (text, safe) => {
    expect(escapeControls(text)).toBe(safe)
  })
})
