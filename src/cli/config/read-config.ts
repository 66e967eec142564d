import { readFile, stat } from 'node:fs/promises'
import { InvalidArgumentError } from 'commander'
import { nearest } from '../../report/choose/nearest.js'
import { CommandError, reasonOf } from '../errors.js'
import type { ConfigPath } from './find-config.js'
import { type ConfiguredOptions, KEYS } from './keys.js'

/** Bytes of a configuration file. */
const LARGEST_CONFIG = 1024 * 1024

/**
 * The options that a configuration file gives, by its keys.
 * @throws CommandError that names the file, the key, and what may have been meant
 */
export async function readConfig(file: ConfigPath): Promise<Map<keyof typeof KEYS, Partial<ConfiguredOptions>>> {
  return optionsOf(await parsed(file.path, await contents(file.path)), file)
}

async function contents(path: string): Promise<string> {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw new Error('it is not a regular file')
    if (stats.size > LARGEST_CONFIG) throw new Error(`it has ${stats.size} bytes, limit ${LARGEST_CONFIG}`)
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    throw new CommandError(`Cannot read the configuration ${path}: ${reasonOf(error)}`)
  }
}

/** JSON is YAML, but its parser is there already. */
async function parsed(path: string, text: string): Promise<unknown> {
  try {
    if (!/\.ya?ml$/i.test(path)) return JSON.parse(text)
    const { parse } = await import('yaml')
    return parse(text, { logLevel: 'error', maxAliasCount: 100 })
  } catch (error) {
    throw new CommandError(`The configuration ${path} cannot be read: ${reasonOf(error).split('\n')[0]!}`)
  }
}

/** What the value of a configuration file says; `null` is an empty file. */
export function optionsOf(value: unknown, file: ConfigPath): Map<keyof typeof KEYS, Partial<ConfiguredOptions>> {
  if (typeof value !== 'object' || Array.isArray(value))
    throw new CommandError(`The configuration ${file.path} is not an object with keys such as "ports"`)
  const options = new Map<keyof typeof KEYS, Partial<ConfiguredOptions>>()
  for (const [name, given] of Object.entries(value ?? {})) {
    if (name === '$schema') continue
    if (!isKey(name))
      throw new CommandError(`The configuration ${file.path} has the unknown key "${name}"; ${meant(name)}`)
    try {
      options.set(name, { [KEYS[name].option]: KEYS[name].read(given, file) })
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      throw new CommandError(`The configuration ${file.path} has a wrong value for "${name}": ${error.message}`)
    }
  }
  return options
}

function isKey(name: string): name is keyof typeof KEYS {
  return Object.hasOwn(KEYS, name)
}

function meant(name: string): string {
  const names = Object.keys(KEYS)
  const alike = nearest(name, names)
  return alike === null ? `there are ${names.join(', ')}` : `did you mean "${alike}"?`
}
