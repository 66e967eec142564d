import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { RULES } from '../../src/diagnose/rules/rules.js'
import { analyzeFiles } from './joined.js'

/** Samples of rules that need several places. */
const MADE = RULES.flatMap(({ samples: { reports, silent } }) => [reports, silent]).filter((each) =>
  Array.isArray(each),
)

/** Captures of the lab that were taken at the same time, from the client's side on. */
const LAB = byScenario().filter(({ length }) => length > 1)

function byScenario(): string[][] {
  const scenarios = new Map<string, string[]>()
  for (const file of readdirSync('samples/lab').sort()) {
    const [, scenario] = /^(.+)\.\w+\.pcap$/u.exec(file) ?? []
    if (scenario !== undefined) scenarios.set(scenario, [...(scenarios.get(scenario) ?? []), `lab/${file}`])
  }
  return [...scenarios.values()]
}

const ASKS = /\b[Cc]apture (?:at|on|again at|there)\b|\ba capture (?:at|on|there)\b/u

/** What a report asks for although it was given. */
function asked({ sessions, paths = [] }: Analysis): string[] {
  const joined = new Set(paths.flatMap((path) => path.sessions))
  return sessions
    .filter(({ id }) => joined.has(id))
    .flatMap(({ path, findings, verdict }) => {
      const { places } = paths.find(({ id }) => id === path)!
      const given = places.map(({ at }) => at)
      const texts = [verdict.settledBy ?? '', ...findings.flatMap(({ remedy }) => remedy)]
      return texts.filter(
        (text) =>
          ASKS.test(text) &&
          ((given.includes('client') && /\b(?:at|on|of) the client\b/u.test(text)) ||
            (given.includes('server') && /\b(?:at|on|of) (?:the|its) server\b/u.test(text)) ||
            /other (?:end|side)|both (?:ends|sides)|capture there\b/u.test(text)),
      )
    })
}

describe('The captures of several places', () => {
  it.each([...MADE, ...LAB].map((files) => [files.map((file) => basename(file, '.pcap')).join(' '), files] as const))(
    'that were given are not asked for: %s',
    (_, files) => {
      expect(files.length).toBeGreaterThan(1)
      const bytes = files.map((file) => [basename(file), readFileSync(`samples/${file}`)] as const)
      expect(asked(analyzeFiles(Object.fromEntries(bytes)))).toEqual([])
    },
  )
})
