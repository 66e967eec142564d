import { readFileSync } from 'node:fs'
import { Analyzer } from '../../../src/analyze.js'
import { run } from '../shell.js'
import type { Analysis } from './analysis.js'

/** The analysis of capture files taken together, decrypted with the key log in the file `keys` where there is one. */
export type Analyze = (files: readonly string[], keys?: string) => Analysis | Promise<Analysis>

/** By the source of this tree, in this process: a thousand captures take seconds. */
export const analyzeHere: Analyze = (files, keys) => {
  const analyzer = new Analyzer(keys === undefined ? {} : { keyLog: readFileSync(keys) })
  for (const file of files) {
    analyzer.openFile(file)
    analyzer.push(readFileSync(file))
    analyzer.closeFile()
  }
  return analyzer.end()
}

/** By a command that is given the files and prints the analysis as JSON. */
export const analyzeBy =
  (command: readonly string[]): Analyze =>
  async (files, keys) => {
    const secrets = keys === undefined ? [] : ['--keylog', keys]
    const { stdout, stderr } = await run([...command, ...secrets, ...files], { mayFail: true, timeoutMs: 60_000 })
    try {
      return JSON.parse(stdout) as Analysis
    } catch {
      throw new Error(stderr.split('\n')[0] ?? 'nothing was printed')
    }
  }
