/**
 * Searches for inputs that break the program: `npm run fuzz -- --minutes N [--seed S] [--target NAME]`. What breaks it
 * is written to `cases/`, where `npm test` replays it.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { TARGETS, targetModule, type TargetName } from './targets/targets.js'
import { watched } from './watch.js'

const CASES = fileURLToPath(new URL('./cases', import.meta.url))

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '959' },
    target: { type: 'string', multiple: true },
  },
})
const names = (values.target ?? Object.keys(TARGETS)) as TargetName[]
const unknown = names.find((name) => !(name in TARGETS))
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (unknown !== undefined || !(minutes > 0) || !Number.isInteger(seed)) {
  console.error(`Usage: npm run fuzz -- --minutes N --seed N --target ${Object.keys(TARGETS).join('|')}`)
  process.exit(2)
}

const shares = names.reduce((sum, name) => sum + TARGETS[name], 0)
let failures = 0
for (const name of names) failures += await fuzz(name, (minutes * 60_000 * TARGETS[name]) / shares)
console.log(failures === 0 ? 'No input broke anything' : `${failures} inputs broke something: see test/fuzz/cases`)
process.exitCode = failures === 0 ? 0 : 1

/** Goes on with another seed when an input did not come back, until the time is over. */
async function fuzz(name: TargetName, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds
  let found = 0
  for (let run = seed; performance.now() < end; run++) {
    const left = end - performance.now()
    const task = { module: targetModule(name), target: name, seed: run, milliseconds: left, executions: Infinity }
    const { failures, report } = await watched(task)
    for (const { input, reason } of failures) {
      const file = `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`
      mkdirSync(CASES, { recursive: true })
      writeFileSync(`${CASES}/${file}`, input)
      console.log(`${name}: ${reason}\n  cases/${file}: ${input.length} bytes`)
    }
    found += failures.length
    if (report) {
      const { executions, corpus, blocks, features } = report
      console.log(
        `${name}, seed ${run}: ${executions} inputs, ${corpus} kept, ${blocks} blocks of code, ${features} sorts of results`,
      )
      break
    }
    if (found > 20) break
  }
  return found
}
