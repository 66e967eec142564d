/**
 * The reports of sessions that several places saw, as they were when somebody last looked at them. `npm run golden`
 * writes them anew; read the difference before you commit it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { FORMATS } from '../../src/report/formats.js'
import { analyzePlaces } from '../support/analyze-places.js'
import { ROOT, SAMPLES } from '../support/captures.js'

const rewrite = process.env['FTPSCOPE_GOLDEN'] === 'write'
const FOLDER = join(ROOT, 'test/golden/paths')

/** Captures of the lab, and the places that they were made at. */
const SCENARIOS: [name: string, places: string[]][] = [
  // SYNs are lost behind the second place.
  ['passive-private-address', ['client', 'middle', 'server']],
  // A translator rewrites PORT.
  ['active-nat-helper-healthy', ['client', 'middle', 'server']],
  // A firewall drops the reply that it takes for malformed.
  ['announcement-swallowed', ['client', 'server']],
]

describe.each(SCENARIOS)('the reports of %s', (name, places) => {
  const analysis = analyzePlaces(places.map((place) => join(SAMPLES, 'lab', `${name}.${place}.pcap`)))

  it('are of one session', () => {
    expect(analysis.summary.sessions).toBe(1)
    expect(analysis.sessions).toHaveLength(places.length)
    expect(new Set(analysis.sessions.map(({ verdict }) => verdict.sentence)).size).toBe(1)
  })

  it.each([
    ['txt', 'text'],
    ['md', 'markdown'],
    ['csv', 'csv'],
  ] as const)('as %s are as expected', async (ending, format) => {
    const ours = [...(await FORMATS[format]())(DEFAULT_OPTIONS).end(analysis)].join('')
    const golden = join(FOLDER, `${name}.${ending}`)
    if (rewrite) {
      mkdirSync(FOLDER, { recursive: true })
      writeFileSync(golden, ours)
    }
    expect(existsSync(golden)).toBe(true)
    expect(ours).toBe(readFileSync(golden, 'utf8'))
  })
})
