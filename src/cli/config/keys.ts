/** What a configuration file may contain: each key is an option of the command line, or takes the place of several. */
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { escapeControls } from '../../bytes/text.js'
import { oneAddress } from '../arguments/addresses.js'
import { positiveNumber } from '../arguments/number-arguments.js'
import { findingId } from '../arguments/word-lists.js'
import { zone } from '../arguments/zone.js'
import { type AnalyzeCommandOptions, FAIL_ON, type FailOn } from '../options.js'
import type { ConfigPath } from './find-config.js'

/** Options that a configuration file can give, as commander returns them. */
export type ConfiguredOptions = Pick<
  AnalyzeCommandOptions,
  | 'port'
  | 'host'
  | 'ignore'
  | 'names'
  | 'tz'
  | 'failOn'
  | 'keylog'
  | 'privateKey'
  | 'maxConnections'
  | 'maxSessions'
  | 'jobs'
>

interface Key<Option extends keyof ConfiguredOptions> {
  option: Option
  /** @throws InvalidArgumentError for a value of another kind */
  read: (value: unknown, file: ConfigPath) => NonNullable<ConfiguredOptions[Option]>
}

function key<Option extends keyof ConfiguredOptions>(option: Option, read: Key<Option>['read']): Key<Option> {
  return { option, read }
}

export const KEYS = {
  ports: key('port', listOf(port)),
  hosts: key('host', listOf(address)),
  ignore: key('ignore', listOf(finding)),
  names: key('names', names),
  timeZone: key('tz', (value) => zone(text(value))),
  failOn: key('failOn', listOf(failOn)),
  keylog: key('keylog', listOf(path)),
  privateKey: key('privateKey', listOf(path)),
  maxConnections: key('maxConnections', count),
  maxSessions: key('maxSessions', count),
  jobs: key('jobs', count),
} as const

/** A value alone stands for a list of one. */
function listOf<Item>(read: (value: unknown, file: ConfigPath) => Item) {
  return (value: unknown, file: ConfigPath): Item[] => {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    if (values.length === 0) throw new InvalidArgumentError('Give at least one, or leave the key out.')
    return values.map((each) => read(each, file))
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new InvalidArgumentError(`Give a text, not ${shown(value)}.`)
  return value
}

function count(value: unknown): number {
  return positiveNumber(typeof value === 'number' ? String(value) : '')
}

function port(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return value
  throw new InvalidArgumentError(`Give numbers from 1 to 65535, not ${shown(value)}.`)
}

function address(value: unknown): string {
  return oneAddress(text(value))
}

function finding(value: unknown): string {
  return findingId(text(value))
}

function failOn(value: unknown): FailOn {
  const found = FAIL_ON.find((each) => each === value)
  if (!found) throw new InvalidArgumentError(`Give one or more of ${FAIL_ON.join(', ')}, not ${shown(value)}.`)
  return found
}

/** Characters of a name (RFC 1035 §2.3.4). */
const LONGEST_NAME = 255

/** Names of hosts by their addresses. */
function names(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('Give addresses, and for each its name: { "203.0.113.20": "ftp.example" }.')
  return Object.fromEntries(
    Object.entries(value).map(([host, name]) => {
      const called = text(name)
      if (called.length > LONGEST_NAME || escapeControls(called) !== called || /\s/.test(called))
        throw new InvalidArgumentError(`Give names without blanks, of at most ${LONGEST_NAME} characters.`)
      return [oneAddress(host), called]
    }),
  )
}

/** A path is relative to the file that names it. A file that was not asked for reads nothing outside its own folder. */
function path(value: unknown, file: ConfigPath): string {
  const named = text(value)
  const folder = dirname(file.path)
  const whole = isAbsolute(named) ? named : join(folder, named)
  const inside = relative(folder, whole)
  if (!file.given && (isAbsolute(named) || isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)))
    throw new InvalidArgumentError('Paths outside its folder are taken only from a file that --config names.')
  return whole
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 40)
}
