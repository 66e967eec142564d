import { UTC } from '../../report/time-zone.js'
import { ExpressionError } from '../../report/choose/parse.js'
import { where } from '../../report/choose/where.js'
import { CommandError } from '../errors.js'
import type { AnalyzeCommandOptions } from '../options.js'

/** Options that are a comparison each: the flag, the field and how it is compared. */
const COMPARISONS = [
  ['user', 'user', '='],
  ['client', 'client', '='],
  ['server', 'server', '='],
  ['file', 'file', '='],
  ['command', 'command', '='],
  ['outcome', 'outcome', '='],
  ['finding', 'finding', '='],
  ['minBytes', 'bytes', '>='],
] as const

/**
 * The sessions that the options ask for as one expression, with times in UTC; `null` for all of them.
 * @throws CommandError for an option that cannot be understood
 */
export function expressionOf(options: AnalyzeCommandOptions): string | null {
  const { since, until, where: expressions = [], tz = UTC } = options
  const parts: string[] = []
  for (const [option, field, operator] of COMPARISONS) {
    const wanted = options[option]
    if (wanted !== undefined) parts.push(`${field} ${operator} ${[wanted].flat().map(quoted).join(', ')}`)
  }
  if (since !== undefined) parts.push(`end >= ${timeOf('--since', since, options)}`)
  if (until !== undefined) parts.push(`start <= ${timeOf('--until', until, options)}`)
  for (const expression of expressions) {
    checked(expression, `--where "${expression}"`, options)
    parts.push(`(${expression})`)
  }
  if (parts.length === 0) return null
  const all = parts.join(' and ')
  checked(all, 'The choice of sessions', { tz })
  return all
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function timeOf(option: string, text: string, { tz = UTC }: AnalyzeCommandOptions): string {
  const time = tz.read(text)
  if (time === null) throw new CommandError(`${option} ${text} is not a date, as in 2026-03-01 or 2026-03-01T02:13`)
  return quoted(new Date(time).toISOString())
}

function checked(expression: string, what: string, { tz = UTC }: Pick<AnalyzeCommandOptions, 'tz'>): void {
  try {
    where(expression, tz)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new CommandError(`${what}: ${error.message} (at character ${error.at + 1}; see docs/CHOOSE.md)`)
  }
}
