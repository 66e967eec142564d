import { readFileSync } from 'node:fs'
import { Analyzer } from '../../../src/analyze.js'
import { planInputs } from '../../../src/cli/input/plan-inputs.js'
import { run } from '../shell.js'
import type { Analysis } from './analysis.js'

/** The analysis of capture files taken together. */
export type Analyze = (files: readonly string[]) => Analysis | Promise<Analysis>

/** By the source of this tree, in this process: a thousand captures take seconds. */
export const analyzeHere: Analyze = async (files) => {
  const plan = await planInputs(files, new AbortController().signal)
  const analyzer = new Analyzer({}, null, plan)
  for (const file of plan?.places.flat() ?? files) {
    analyzer.openFile(file)
    analyzer.push(readFileSync(file))
    analyzer.closeFile()
  }
  return analyzer.end()
}

/** By a command that is given the files and prints the analysis as JSON. */
export const analyzeBy =
  (command: readonly string[]): Analyze =>
  async (files) => {
    const { stdout, stderr } = await run([...command, ...files], { mayFail: true, timeoutMs: 60_000 })
    try {
      return JSON.parse(stdout) as Analysis
    } catch {
      throw new Error(stderr.split('\n')[0] ?? 'nothing was printed')
    }
  }
