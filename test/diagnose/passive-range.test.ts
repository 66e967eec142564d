import { describe, expect, it } from 'vitest'
import { adviseRange } from '../../src/diagnose/remedies/passive-range.js'

describe('The range of passive ports that is advised', () => {
  it('contains the ports seen, in full hundreds', () => {
    expect(adviseRange([50_088, 50_013])).toEqual({ low: 50_000, high: 50_100, from: 'seen' })
  })

  it('extends to both sides of a port in full hundreds, which may be the first or the last of its range', () => {
    expect(adviseRange([50_100])).toEqual({ low: 50_000, high: 50_200, from: 'seen' })
  })

  it('is a usual one where the ports seen are too far apart', () => {
    expect(adviseRange([50_000, 60_000])).toMatchObject({ from: 'suggested' })
  })
})
