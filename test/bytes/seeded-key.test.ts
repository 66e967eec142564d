import { describe, expect, it } from 'vitest'
import { seededKey } from '../../src/bytes/seeded-key.js'

const HIGHEST = 2 ** 26 - 1

describe('a seeded key', () => {
  it('is a safe integer, and another one for each pair of numbers', () => {
    const numbers = [0, 1, 2, 21, 65_535, 65_536, 2 ** 25, HIGHEST - 1, HIGHEST]
    const keys = numbers.flatMap((high) => numbers.map((low) => seededKey(high, low)))
    expect(new Set(keys).size).toBe(numbers.length ** 2)
    for (const key of keys) expect(Number.isSafeInteger(key) && key >= 0).toBe(true)
    const many = Array.from({ length: 100_000 }, (_, i) => seededKey(i % 300, i))
    expect(new Set(many).size).toBe(many.length)
  })

  it('spreads pairs whose plain keys fall into one bucket', () => {
    // Low bits alike, as the worst hash function would take them.
    const low = Array.from({ length: 4096 }, (_, i) => seededKey(i * 4096, 7) % 4096)
    expect(new Set(low).size).toBeGreaterThan(2000)
  })
})
