import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Expectation, Scenario } from './scenario.js'
import { samplesReadme } from './samples-readme.js'

const FOLDER = 'samples/lab'

export interface ExpectedSample extends Expectation {
  readonly scenario: string
  readonly vantage: string
}

/**
 * Copies the chosen captures of a run that samples/ does not have yet, and states what each must be judged as. What is
 * there stays, since its analysis is kept beside it: delete a capture to have it replaced.
 */
export function exportSamples(scenarios: readonly Scenario[], output: string): void {
  mkdirSync(FOLDER, { recursive: true })
  const index = join(FOLDER, 'expected.json')
  const before = existsSync(index) ? (JSON.parse(readFileSync(index, 'utf8')) as Record<string, ExpectedSample>) : {}
  const expected = new Map(Object.entries(before))
  for (const scenario of scenarios) {
    for (const vantage of scenario.sample ?? []) {
      const file = `${scenario.name}.${vantage}.pcap`
      const capture = join(output, scenario.name, `${vantage}.pcap`)
      if (!existsSync(join(FOLDER, file))) {
        if (!existsSync(capture)) throw new Error(`There is no ${capture}; run the scenario first`)
        copyFileSync(capture, join(FOLDER, file))
        const keys = join(output, scenario.name, 'keys.log')
        if (existsSync(keys)) copyFileSync(keys, join(FOLDER, file.replace(/pcap$/, 'keys')))
      }
      expected.set(file, { scenario: scenario.name, vantage, ...scenario.expect[vantage]! })
    }
  }
  const sorted = [...expected].sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(index, JSON.stringify(Object.fromEntries(sorted), null, 2) + '\n')
  writeFileSync(join(FOLDER, 'README.md'), samplesReadme(scenarios, output))
}
