import { describe, expect, it } from 'vitest'
import { clip, clipMiddle, displayWidth } from '../../src/report/text/display-width.js'
import { wrap } from '../../src/report/text/wrap.js'

describe('wrap', () => {
  it.each([
    ['ASCII', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['Latin', 'éééééééééé', 4, ['éééé', 'éééé', 'éé']],
    ['wide characters', '漢字漢字漢', 5, ['漢字', '漢字', '漢']],
    ['characters with marks of their own', 'e\u0301'.repeat(5), 2, ['e\u0301e\u0301', 'e\u0301e\u0301', 'e\u0301']],
    ['emoji sequences', '👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 4, ['👨‍👩‍👧👨‍👩‍👧', '👨‍👩‍👧']],
    ['characters wider than the line', '漢漢', 1, ['漢', '漢']],
    ['a long word between short ones', 'ab 漢字漢字 cd', 4, ['ab', '漢字', '漢字', 'cd']],
    ['a last piece with room', 'abcdef gh', 5, ['abcde', 'f gh']],
  ])('breaks %s at the width', (_, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  it('keeps every character of a text in any script', () => {
    const text = 'é漢👩‍💻\u0301가ｶﾞא\u05b0 x '.repeat(50)
    for (const width of [1, 2, 7, 80]) {
      const lines = wrap(text, width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      if (width > 2) for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  })
})

describe('clip', () => {
  it('never splits a character from its marks', () => {
    expect(clip('e\u0301'.repeat(5), 3)).toBe('e\u0301e\u0301…')
    expect(clipMiddle('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 6)).toBe('👨‍👩‍👧…👨‍👩‍👧')
    expect(clip('漢字', 1)).toBe('…')
    expect(clipMiddle('漢字', 1)).toBe('…')
    expect(clipMiddle('abcdefgh', 4)).toBe('ab…h')
  })
})
