/** No false alarm: what the lab captured as healthy is judged ok, without a finding that speaks of an error. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../support/captures.js'
import { analyzeFile } from '../support/analyze-file.js'

interface Expected {
  outcome: string
  cause: string | null
  /** Findings that may be there all the same. */
  also?: string[]
}

const expected = JSON.parse(readFileSync(join(SAMPLES, 'lab', 'expected.json'), 'utf8')) as Record<string, Expected>
const healthy = Object.entries(expected).filter(([, { outcome }]) => outcome === 'ok')

describe('A healthy capture of the lab', () => {
  it('is among the samples', () => {
    expect(healthy.length).toBeGreaterThan(30)
  })

  it.each(healthy)('%s has no error, and no warning but those allowed', (file, { also = [] }) => {
    const { sessions, findings } = analyzeFile(join(SAMPLES, 'lab', file))
    const all = [...findings, ...sessions.flatMap((session) => session.findings)]
    expect(all.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
    const warnings = all.filter(({ id, severity }) => severity === 'warning' && !also.includes(id)).map(({ id }) => id)
    expect(warnings.filter((id) => id !== 'cleartext-credentials' && !id.startsWith('capture-'))).toEqual([])
    // A fallback that was needed is told by the outcome; the expectation names it.
    if (also.length === 0) expect(sessions.map(({ verdict }) => verdict.outcome)).toEqual(sessions.map(() => 'ok'))
  })
})
