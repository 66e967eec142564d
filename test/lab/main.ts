/** The lab: real servers, clients, NAT and firewalls in network namespaces. See README.md. */
import { setMaxListeners } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allScenarios, chosen } from './catalogue.js'
import { exportSamples } from './export-samples.js'
import { install } from './install.js'
import { matrix } from './matrix/index.js'
import { pool } from './pool.js'
import { runScenario } from './run-scenario.js'
import type { Scenario } from './scenario.js'
import { analyzeBy, analyzeHere } from './score/analyze.js'
import { scorePage, scoreText } from './score/report.js'
import { areRecognized, isRight, type Board } from './score/row.js'
import { scorePlaces } from './score/places.js'
import { scoreCaptures, scoreContents, scoreDerived, scoreWithKeys, type Scoring } from './score/score.js'

const USAGE = `usage: npm run lab -- [NAME…|PREFIX*…] [--matrix] [--fast] [--score] [--list] [--jobs N] [--output DIR] [--keep] [--export-samples] [--analyzer COMMAND]`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fast: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      score: { type: 'boolean', default: false },
      matrix: { type: 'boolean', default: false },
      'export-samples': { type: 'boolean', default: false },
      analyzer: { type: 'string' },
      jobs: { type: 'string', default: '4' },
      output: { type: 'string', default: 'lab-output' },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const { output } = values
  const catalogue = await allScenarios()
  const named = chosen(values.matrix ? matrix(catalogue) : catalogue, positionals)
  const scenarios = named.filter((scenario) => !values.fast || scenario.fast === true)
  if (values.list) {
    for (const { name, title } of scenarios) console.log(`${name.padEnd(56)} ${title}`)
    return 0
  }
  if (values['export-samples']) {
    exportSamples(scenarios, output)
    return 0
  }
  const missing = scenarios.filter(({ name }) => !existsSync(join(output, name, 'truth.json')))
  const jobs = Number(values.jobs)
  const status = await runAll(values.score ? missing : scenarios, output, jobs, values.keep)
  if (!values.score || status !== 0) return status
  const analyze = values.analyzer === undefined ? analyzeHere : analyzeBy(values.analyzer.split(' '))
  const complete = positionals.length === 0 && !values.fast
  const scoring = { output, jobs, analyze }
  if (complete) return scoreAll(catalogue, scoring)
  const [rows, keyed] = [await scoreCaptures(scenarios, scoring), await scoreWithKeys(scenarios, scoring)]
  const [places, contents] = [await scorePlaces(scenarios, scoring), scoreContents(scenarios, scoring)]
  return report(output, { rows, keyed, contents, places, derived: [], others: [] })
}

/** Runs scenarios, several at a time; 1 when one of them could not be run. */
async function runAll(scenarios: readonly Scenario[], output: string, jobs: number, keep: boolean): Promise<number> {
  if (scenarios.length === 0) return 0
  if (process.getuid?.() !== 0) {
    console.error('The lab needs root: it makes network namespaces and captures packets')
    return 2
  }
  await install((line) => {
    console.error(line)
  })
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      abort.abort(new Error(`Stopped by ${signal}`))
    })
  }
  const errors = await pool(scenarios, jobs, async (scenario) => {
    abort.signal.throwIfAborted()
    const started = Date.now()
    try {
      await runScenario(scenario, join(output, scenario.name), keep, abort.signal)
      console.log(`ran    ${scenario.name}  ${((Date.now() - started) / 1000).toFixed(1)} s`)
    } catch (error) {
      console.log(`failed ${scenario.name}  ${String(error)}`)
      throw error
    }
  })
  return errors.some(Boolean) ? 1 : 0
}

/** Judges all captures that there are, and writes the page where none of the catalogue is missing. */
async function scoreAll(catalogue: readonly Scenario[], scoring: Scoring): Promise<number> {
  const combined = matrix(catalogue)
  const board = {
    rows: await scoreCaptures(catalogue, scoring),
    derived: await scoreDerived(catalogue, scoring),
    places: await scorePlaces(catalogue, scoring),
    others: await scoreCaptures(combined, scoring),
    keyed: await scoreWithKeys([...catalogue, ...combined], scoring),
    contents: scoreContents([...catalogue, ...combined], scoring),
  }
  const status = report(scoring.output, board)
  const scored = new Set(board.rows.map(({ scenario }) => scenario))
  if (catalogue.every(({ name }) => scored.has(name))) writeFileSync('docs/ACCURACY.md', scorePage(board, catalogue))
  return status
}

/** 1 when a verdict is wrong. */
function report(output: string, board: Board): number {
  const all = [...board.rows, ...board.derived, ...board.places, ...board.others, ...board.keyed]
  writeFileSync(join(output, 'score.json'), JSON.stringify(all, null, 2) + '\n')
  console.log(scoreText(board))
  const content = board.contents.every(({ right }) => right)
  return all.every(isRight) && areRecognized(board.places) && content ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
