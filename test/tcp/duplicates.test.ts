import { describe, expect, it } from 'vitest'
import { Duplicates } from '../../src/tcp/duplicates.js'

const MILLISECOND = 1e6

describe('packets that are captured twice', () => {
  it('knows a packet again within 5 ms, before and after', () => {
    const latest = new Duplicates()
    expect(latest.has(7, 10 * MILLISECOND)).toBe(false)
    expect(latest.has(7, 14 * MILLISECOND)).toBe(true)
    expect(latest.has(7, 6 * MILLISECOND)).toBe(true)
    expect(latest.has(7, 15 * MILLISECOND)).toBe(false)
    expect(latest.has(8, 15 * MILLISECOND)).toBe(false)
  })

  it('knows each of a thousand packets within 5 ms, whatever their signatures share', () => {
    for (const step of [1, 64, 1 << 20, 0x9e3779b1]) {
      const latest = new Duplicates()
      const signatures = Array.from({ length: step === 1 ? 1000 : 8 }, (_, i) => Math.imul(i + 1, step))
      for (const [i, signature] of signatures.entries()) expect(latest.has(signature, i * 1000)).toBe(false)
      for (const [i, signature] of signatures.entries()) expect(latest.has(signature, i * 1000 + 1)).toBe(true)
    }
  })

  it('lets the oldest of a bucket go first, once there is no more room to make', () => {
    const latest = new Duplicates()
    // All in one bucket of however many: 128 buckets is the most.
    const same = (n: number): number => n * 128
    for (let n = 0; n < 20; n++) latest.has(same(n), n)
    for (let n = 12; n < 20; n++) expect(latest.has(same(n), 20), `packet ${n}`).toBe(true)
    for (let n = 0; n < 12; n++) expect(latest.has(same(n), 20), `packet ${n}`).toBe(false)
  })
})
