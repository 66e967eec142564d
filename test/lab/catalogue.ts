import { readdirSync } from 'node:fs'
import type { Scenario } from './scenario.js'

const FOLDER = new URL('scenarios/', import.meta.url)

/** All scenarios, in the order of their names. */
export async function allScenarios(): Promise<readonly Scenario[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, FOLDER).href) as Promise<{ default: readonly Scenario[] }>),
  )
  return modules.flatMap((module) => module.default).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The scenarios that the words name, with all variants of each; all of them without words. */
export function chosen(scenarios: readonly Scenario[], names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return scenarios
  const unknown = names.find((name) => !scenarios.some((scenario) => matches(scenario, name)))
  if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}; see npm run lab -- --list`)
  return scenarios.filter((scenario) => names.some((name) => matches(scenario, name)))
}

/** `*` in a word stands for any text. */
function matches(scenario: Scenario, word: string): boolean {
  const pattern = word.split('*').map((part) => part.replace(/[^\w-]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`).test(scenario.name)
}
