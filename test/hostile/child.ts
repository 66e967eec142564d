/**
 * Runs scenarios in a process of its own, so that its memory can be bounded: `child.ts steps|full|brief [NAME]`. Prints
 * one line of JSON for each run. `steps` runs each at its count and at twice that, and counts steps; `full` and `brief`
 * run the long ones.
 */
import { Steps } from './steps.js'

const [mode, wanted] = process.argv.slice(2)
// Before the code is loaded: V8 does not count inside functions that it compiled earlier.
const steps = mode === 'steps' ? new Steps() : null
const { Analyzer } = await import('../../src/index.js')
const { countOf, SCENARIOS } = await import('./scenarios.js')

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted !== undefined && wanted !== name) continue
  const long = mode === 'full' || mode === 'brief' ? countOf(scenario, mode) : null
  const counts = steps ? [scenario.count, 2 * scenario.count] : long === null ? [] : [long]
  for (const count of counts) {
    steps?.take()
    const begin = performance.now()
    let sessions = 0
    let most = 0
    const analyzer = new Analyzer(steps ? scenario.options : {}, {
      session({ exchanges }) {
        sessions++
        most = Math.max(most, exchanges.length)
      },
    })
    const open = () => {
      analyzer.openFile(`${name}.pcap`)
    }
    open()
    scenario.feed(
      {
        push(chunk) {
          analyzer.push(chunk)
        },
        nextFile() {
          analyzer.closeFile()
          open()
        },
      },
      count,
    )
    analyzer.closeFile()
    const { capture } = analyzer.end()
    const anomalies = capture.anomalies.map(({ kind }) => kind)
    const milliseconds = Math.round(performance.now() - begin)
    const rss = Math.round(process.resourceUsage().maxRSS / 1024)
    const { frames } = capture
    console.log(
      JSON.stringify({
        name,
        count,
        frames,
        sessions,
        exchanges: most,
        anomalies,
        steps: steps?.take() ?? 0,
        milliseconds,
        rss,
      }),
    )
  }
}
