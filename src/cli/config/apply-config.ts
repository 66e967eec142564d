import type { Command } from 'commander'
import { printError } from '../errors.js'
import type { ProcessIo } from '../process-io.js'
import type { ConfigPath } from './find-config.js'
import { readConfig } from './read-config.js'

/** Keys that mean an outcome of an analysis; other commands have an exit status of their own. */
const OF_ANALYSIS: ReadonlySet<string> = new Set(['failOn'])

/**
 * Gives the program's options the values of a configuration file where the command line gives none, and says which.
 * `command` is the one that runs.
 */
export async function applyConfig(file: ConfigPath, program: Command, command: Command, io: ProcessIo): Promise<void> {
  const inEffect: string[] = []
  for (const [key, options] of await readConfig(file)) {
    if (OF_ANALYSIS.has(key) && command !== program) continue
    for (const [option, value] of Object.entries(options)) {
      if (program.getOptionValue(option) !== undefined) continue
      program.setOptionValueWithSource(option, value, 'config')
      inEffect.push(key)
    }
  }
  if (program.getOptionValue('quiet') === true) return
  printError(io, `Configuration ${file.path}: ${inEffect.length === 0 ? 'nothing in effect' : inEffect.join(', ')}`)
}
