import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/report/choose/nearest.js'

const COMMANDS = ['firewall', 'compare', 'diff', 'top', 'slice', 'annotate', 'page', 'explain']

describe('The word that was most likely meant', () => {
  it.each([
    ['tpo', 'top'],
    ['dfif', 'diff'],
    ['dif', 'diff'],
    ['pagee', 'page'],
    ['silce', 'slice'],
    ['Compar', 'compare'],
    ['firewal', 'firewall'],
    ['anotate', 'annotate'],
  ])('differs by a slip, or has most pairs of letters in common: %s, %s', (wanted, meant) => {
    expect(nearest(wanted, COMMANDS)).toBe(meant)
  })

  it.each(['', 'a', 'tp', 'monday', 'xyz'])('is none for what is like none of them: "%s"', (wanted) => {
    expect(nearest(wanted, COMMANDS)).toBeNull()
  })
})
