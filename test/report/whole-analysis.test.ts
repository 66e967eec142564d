import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { WholeAnalysis } from '../../src/report/whole-analysis.js'
import { analysis, session } from './fixtures.js'

describe('a report that needs all sessions', () => {
  const report = (mostKept: number) => {
    let written: Analysis | null = null
    const whole = new WholeAnalysis(
      (value) => {
        written = value
        return []
      },
      { takes: () => true, mostKept },
    )
    // In the order of their end, which is not that of their first frames.
    for (const [id, firstFrame] of [
      [1, 30],
      [2, 10],
      [3, 20],
      [4, 40],
    ] as const)
      whole.session(session({ id, firstFrame }))
    whole.end(analysis([]))
    return written as unknown as Analysis
  }

  it('keeps them, numbered by their first frames', () => {
    const { sessions, capture } = report(Infinity)
    expect(sessions.map(({ id, firstFrame }) => [id, firstFrame])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
    ])
    expect(capture.anomalies).toEqual([])
  })

  it('counts those beyond its memory, and says so; the others keep their numbers', () => {
    const { sessions, capture } = report(20_000)
    expect(sessions.length).toBeGreaterThan(0)
    expect(sessions.length).toBeLessThan(4)
    expect(sessions.map(({ id, firstFrame }) => [id, firstFrame])).not.toContainEqual([1, 30])
    const [anomaly] = capture.anomalies
    expect(anomaly).toMatchObject({ kind: 'report-sessions-full', count: 4 - sessions.length })
  })
})
