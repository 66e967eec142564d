import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/utf8.js'

describe('Text in UTF-8', () => {
  it.each(['USER', 'é', '→', '𝄞', 'Müller → 𝄞', '\ud834', '\udd1e!', '\ud834\ud834\udd1e'])(
    'is encoded as by TextEncoder: %j',
    (text) => {
      expect(encodeUtf8(text, 100)).toEqual(new TextEncoder().encode(text))
    },
  )

  it('ends with a whole character where it is too long', () => {
    expect(encodeUtf8('a→b', 3)).toEqual(Uint8Array.of(0x61))
    expect(encodeUtf8('a→b', 4)).toEqual(new TextEncoder().encode('a→'))
    expect(encodeUtf8('𝄞', 3)).toEqual(new Uint8Array(0))
  })

  it('is the longest beginning of whole characters that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, most) => {
        const kept = encodeUtf8(text, most)
        const characters = Array.from(text)
        const lengths = characters.map((_, index) => new TextEncoder().encode(characters.slice(0, index + 1).join('')))
        expect(kept).toEqual(lengths.findLast(({ length }) => length <= most) ?? new Uint8Array(0))
      }),
    )
  })
})
