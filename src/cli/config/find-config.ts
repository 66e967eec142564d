import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../errors.js'

/** Names of the file that is looked for where the program is started. */
const CONFIG_NAMES = ['ftpscope.config.json', 'ftpscope.config.yaml', 'ftpscope.config.yml'] as const

export interface ConfigPath {
  path: string
  /** It was named with `--config`; otherwise it was found, and whoever wrote it need not be who runs the program. */
  given: boolean
}

/**
 * The configuration file: the one that `--config` names, none with `--no-config` (`false`), otherwise the one in the
 * folder, where there may be one at most.
 */
export function findConfig(option: string | false | undefined, folder: string | undefined): ConfigPath | null {
  if (option === false) return null
  if (option !== undefined) return { path: option, given: true }
  if (folder === undefined) return null
  const [found, second] = CONFIG_NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (second !== undefined)
    throw new CommandError(`There are ${found!} and ${second}: keep one, or name one with --config`)
  return found === undefined ? null : { path: found, given: false }
}
