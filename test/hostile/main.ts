/** The long runs of `scenarios.ts`, each in a process of 256 MiB of heap: `npm run hostile`. */
import { run } from './run.js'
import { SCENARIOS } from './scenarios.js'

const MOST_MEMORY = 640

let failed = 0
for (const [name, { full }] of Object.entries(SCENARIOS)) {
  if (full === undefined) continue
  const { runs, failure } = run('full', name)
  const [done] = runs
  const wrong = failure ?? (done && done.rss <= MOST_MEMORY ? null : `more than ${MOST_MEMORY} MiB`)
  if (wrong !== null) failed++
  const figures = done
    ? `${done.frames} frames, ${done.sessions} sessions, ${done.rss} MiB, ${(done.milliseconds / 1000).toFixed(1)} s, ${done.anomalies.join(' ') || 'no anomaly'}`
    : ''
  console.log(
    `${wrong === null ? 'ok    ' : 'FAILED'} ${name}, ${full}: ${figures}${wrong === null ? '' : ` ${wrong}`}`,
  )
}
process.exitCode = failed === 0 ? 0 : 1
