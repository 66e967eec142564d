import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FoldedText } from '../../../src/ftp/secrets/folded-text.js'
import { SecretSearch } from '../../../src/ftp/secrets/secret-search.js'
import { check } from '../../property/check.js'

/** Ends of spans with the longest secret that ends there, found one by one. */
function naive(text: string, secrets: readonly string[]): [number, number][] {
  const spans: [number, number][] = []
  for (let to = 1; to <= text.length; to++) {
    const lengths = secrets
      .filter((each) => each.length >= 4 && text.slice(0, to).endsWith(each))
      .map((each) => each.length)
    if (lengths.length > 0) spans.push([to - Math.max(...lengths), to])
  }
  return spans
}

it('The search finds what a comparison of each secret at each place finds', () => {
  const word = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength })
  check(
    fc.property(fc.array(word(7), { maxLength: 12 }), word(60), (secrets, text) => {
      const spans = new SecretSearch(secrets).spans(new FoldedText(text), false)
      expect(spans.map(({ from, to }) => [from, to])).toEqual(naive(text, secrets))
    }),
    500,
  )
})

it('The search finds the beginning of a secret at the end of a cut text', () => {
  const search = new SecretSearch(['hunterSECRET2'])
  expect(search.spans(new FoldedText('bad hunterSE'), true)).toEqual([{ from: 4, to: 12 }])
  expect(search.spans(new FoldedText('bad hunterSE'), false)).toEqual([])
})

it('The search takes the rest of the line after the beginning of a very long secret', () => {
  const [span] = new SecretSearch(['a'.repeat(4000)]).spans(new FoldedText(`x ${'a'.repeat(100)} y\nz`), false)
  expect(span).toEqual({ from: 2, to: 104 })
})

it('A folded text knows where its units are in the original', () => {
  const text = new FoldedText('x Stra\\xdfe ÄÖ y')
  expect(text.slice(0, text.units.length)).toBe('x strasse a\u0308o\u0308 y')
  expect(text.original.slice(text.start(6), text.end(8))).toBe('\\xdf')
  expect(text.original.slice(text.start(10), text.end(14))).toBe('ÄÖ')
})
