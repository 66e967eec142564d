/** No test is left out of both runs, and no property is tried with few cases only. `vitest.config.ts` has the two. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './support/captures.js'

const FOLDER = join(ROOT, 'test')
const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.[cm]?tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))

/** Files that import the name from the module, whatever else they take from it. */
function importing(name: string, module: string): string[] {
  const pattern = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '${module}'`)
  return sources.filter(({ text }) => pattern.test(text)).map((source) => source.name)
}

it('Every file with a test is named *.test.ts, which one of the runs takes', () => {
  const tests = ['it', 'test', 'bench'].flatMap((name) => importing(name, 'vitest'))
  expect(tests.length).toBeGreaterThan(100)
  expect(tests.filter((name) => !name.endsWith('.test.ts'))).toEqual([])
})

it('Every file whose number of cases depends on the run is named *.property.test.ts, and so in both runs', () => {
  const properties = sources.map(({ name }) => name).filter((name) => name.endsWith('.property.test.ts'))
  expect(properties.length).toBeGreaterThan(5)
  expect(importing('cases', '[./\\w]+/check\\.js').sort()).toEqual(properties.sort())
})
