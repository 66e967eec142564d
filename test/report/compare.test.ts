import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { Comparison } from '../../src/compare.js'
import type { ComparisonReport } from '../../src/report/compare/contract.js'
import { comparisonText } from '../../src/report/compare/text.js'
import { plainStyle } from '../../src/report/style.js'
import { SAMPLES } from '../support/captures.js'

const LAB = join(SAMPLES, 'lab')
const schema = JSON.parse(
  readFileSync(new URL('../../src/report/compare-schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv({ strict: true, strictRequired: true, allErrors: true, allowUnionTypes: true }).compile(schema)

/** Names of the scenarios that were captured at more than one place. */
const scenarios = [...new Set(readdirSync(LAB).flatMap((name) => /^(.*)\.client\.pcap$/.exec(name)?.[1] ?? []))].filter(
  (name) => placesOf(name).length > 1,
)

function placesOf(scenario: string): string[] {
  return ['client', 'middle', 'server'].filter((place) => existsSync(join(LAB, `${scenario}.${place}.pcap`)))
}

function compareSamples(scenario: string, places = placesOf(scenario)): ComparisonReport {
  const comparison = new Comparison()
  for (const place of places) {
    const reader = comparison.place()
    const path = join(LAB, `${scenario}.${place}.pcap`)
    reader.openFile(path)
    reader.push(readFileSync(path))
    reader.closeFile()
  }
  return comparison.end()
}

describe('The lab’s samples of several places', () => {
  it('are more than a few', () => {
    expect(scenarios.length).toBeGreaterThan(20)
  })

  it.each(scenarios)('%s is in the order of the path, and described by the schema', (scenario) => {
    const report = compareSamples(scenario)
    validate(report)
    expect(validate.errors ?? []).toEqual([])
    if (report.summary.joined === 0) return
    const places = placesOf(scenario)
    expect(report.places.map(({ name }) => name.split('.').at(-2))).toEqual(places)
    expect(compareSamples(scenario, places.toReversed())).toEqual(report)
    for (const { offsetMs, uncertaintyMs, consistent } of report.clocks) {
      // All were captured on one machine.
      expect(consistent).toBe(true)
      if (uncertaintyMs !== null) expect(Math.abs(offsetMs)).toBeLessThanOrEqual(uncertaintyMs)
    }
    const text = [...comparisonText(report, { width: 100, style: plainStyle, all: true })].join('\n')
    expect(text).toContain(report.places[0]!.name)
  })

  it.each(scenarios.filter((name) => /^(active|passive|extended-passive|ipv6|lan|mirror)-healthy/.test(name)))(
    '%s arrives unchanged',
    (scenario) => {
      const { fates } = compareSamples(scenario).summary
      expect(fates).toEqual({ ...fates, lost: 0, changed: 0, injected: 0, onlyHere: 0 })
    },
  )

  it('show the address that a helper wrote into an announcement', () => {
    const [control] = compareSamples('active-nat-helper-healthy').paths
    expect(control!.fates.map(({ kind }) => kind)).toEqual(['changed', 'changed'])
    expect(control!.fates[0]!.what).toMatch(/^"PORT 192,168,1,10,\d+,\d+" became "PORT 198,51,100,2,\d+,\d+"$/)
  })

  it('show where a dropped reply and unanswered SYNs were lost', () => {
    const swallowed = compareSamples('announcement-swallowed').paths[0]!
    expect(swallowed.fates.every(({ kind, packet }) => kind === 'lost' && packet.startsWith('227'))).toBe(true)
    const unanswered = compareSamples('passive-private-address').paths.find(({ kind }) => kind === 'data')!
    expect(unanswered.verdict).toMatch(/^SYN of the client left .*middle\.pcap and never reached .*server\.pcap/)
  })
})
