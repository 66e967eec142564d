import { describe, expect, it } from 'vitest'
import { run } from './run.js'
import { SCENARIOS } from './scenarios.js'

/**
 * Twice as much input may take twice as many steps, and a little for what grows with a cap; a square would take four
 * times as many.
 */
const MOST_GROWTH = 2.5
/** MiB, of which 256 are the heap's: the rest are buffers, code and Node itself. */
const MOST_MEMORY = 512

const { runs, failure } = await run('steps')

describe('A hostile capture', () => {
  it('breaks nothing', () => {
    expect(failure).toBeNull()
    expect(runs).toHaveLength(2 * Object.keys(SCENARIOS).length)
  })

  it.each(Object.entries(SCENARIOS))(
    'of %s takes steps in proportion to its length, bounded memory, and is told of',
    (name, scenario) => {
      const [once, twice] = runs.filter((each) => each.name === name)
      expect(twice!.steps / once!.steps).toBeLessThan(MOST_GROWTH)
      expect(twice!.steps).toBeGreaterThan(twice!.frames)
      expect(twice!.rss).toBeLessThan(MOST_MEMORY)
      expect(twice!.anomalies).toEqual(expect.arrayContaining([...(scenario.anomalies ?? [])]))
    },
  )
})
