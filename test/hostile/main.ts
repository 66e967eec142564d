/**
 * The long runs of `scenarios.ts`, each in a process of 256 MiB of heap, as many at a time as there are processors:
 * `npm run hostile`; with `--brief` those of a minute or so.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { run } from './run.js'
import { countOf, SCENARIOS } from './scenarios.js'

/** MiB of a whole process, of which 256 are the heap's. */
const MOST_MEMORY = 640

const { values } = parseArgs({ options: { brief: { type: 'boolean', default: false } } })
const mode = values.brief ? 'brief' : 'full'
const waiting = Object.entries(SCENARIOS).filter(([, scenario]) => countOf(scenario, mode) !== null)
let failed = 0

await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await runOne(...next)
  }),
)
console.log(failed === 0 ? 'All held' : `${failed} did not hold`)
process.exitCode = failed === 0 ? 0 : 1

async function runOne(name: string, { anomalies = [], longAnomalies = [] }: (typeof SCENARIOS)[string]): Promise<void> {
  const expected = [...anomalies, ...longAnomalies]
  const { runs, failure } = await run(mode, name)
  const [done] = runs
  const wrong = failure ?? (done ? wrongWith(done, expected) : 'nothing ran')
  if (wrong !== null) failed++
  const figures = done
    ? `${done.count}: ${done.frames} frames, ${done.sessions} sessions, ${done.rss} MiB, ${(done.milliseconds / 1000).toFixed(1)} s, ${done.anomalies.join(' ') || 'no anomaly'}`
    : ''
  console.log(`${wrong === null ? 'ok    ' : 'FAILED'} ${name}, ${figures}${wrong === null ? '' : `; ${wrong}`}`)
}

function wrongWith({ rss, anomalies }: { rss: number; anomalies: string[] }, expected: readonly string[]) {
  if (rss > MOST_MEMORY) return `more than ${MOST_MEMORY} MiB`
  const untold = expected.find((kind) => !anomalies.includes(kind))
  return untold === undefined ? null : `nothing was told of ${untold}`
}
