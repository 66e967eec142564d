import { describe, expect, it } from 'vitest'
import { isCurrent, makeSamples } from '../../samples/made/write.js'

const samples = await makeSamples()

describe.each(samples)('The made sample $file', (sample) => {
  it('is what its code makes', () => {
    expect(isCurrent(sample)).toBe(true)
  })

  it('is small and says what it shows', () => {
    expect(sample.bytes.length).toBeLessThan(20 * 1024)
    expect(sample.description).toMatch(/^[A-Z\d].{30,}\.$/)
  })
})
