import type { Analysis } from '../../src/index.js'

/** Objects shorter than this stand on one line: a difference reads better, and the files stay small. */
const LINE = 160

/**
 * Texts of a rule, which the tests of the rules check; times, for which the frames stand; packets and rates, which have
 * tests of their own and would double the files; and what repeats the rest in other words.
 */
const LEFT_OUT = new Set([
  ...['remedy', 'references', 'title', 'time', 'packets', 'rate', 'reasons', 'settledBy', 'ticket'],
  ...['latency', 'firstByteMs', 'causes', 'credentialsExposed'],
])

/**
 * An analysis as text for comparison: all of it but the tool's version, the rules' prose and single times, one line for
 * each small part.
 */
export function formatAnalysis({ tool: _tool, ...analysis }: Analysis): string {
  const facts: unknown = JSON.parse(
    JSON.stringify(analysis, (key, value: unknown) => (LEFT_OUT.has(key) ? undefined : value)),
  )
  return `${format(facts, '')}\n`
}

function format(value: unknown, indent: string): string {
  const flat = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= LINE) return flat
  const inner = `${indent} `
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + format(item, inner)).join(',\n')}\n${indent}]`
  const entries = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner)}`)
  return `{\n${entries.join(',\n')}\n${indent}}`
}
