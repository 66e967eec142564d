import { OUTCOMES } from '../../diagnose/outcome.js'
import { type Analysis, SCHEMA } from '../contract.js'

/**
 * An earlier analysis from the text that `--format json` or `--format ndjson` wrote. What reports read of it has the
 * right form; fields that later versions may add are kept.
 * @throws Error with the end of a sentence on what is wrong, if it is neither
 */
export function readAnalysis(text: string): Analysis {
  const value = text.startsWith('{"type":') ? fromLines(text) : parsed(text)
  if (!isRecord(value) || value['schema'] !== SCHEMA) {
    throw new Error(`is JSON, but not an analysis of ftpscope: "schema" is not "${SCHEMA}"`)
  }
  const wrong = CHECKS.find(([, isRight]) => !isRight(value))
  if (wrong) throw new Error(`is a damaged analysis: "${wrong[0]}" is missing or malformed`)
  return value as unknown as Analysis
}

type Value = Record<string, unknown>

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Error(`is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Lines of `--format ndjson`: sessions, paths, and the rest in the last one. */
function fromLines(text: string): unknown {
  const [sessions, paths]: [unknown[], unknown[]] = [[], []]
  let rest: Value = {}
  for (const line of text.split('\n')) {
    if (line === '') continue
    const value = parsed(line)
    if (!isRecord(value)) continue
    const { type, ...content } = value
    if (type === 'session') sessions.push(content)
    else if (type === 'path') paths.push(content)
    else rest = content
  }
  return { ...rest, sessions, ...(paths.length > 0 ? { paths } : {}) }
}

const CHECKS: readonly (readonly [name: string, isRight: (value: Value) => boolean])[] = [
  ['capture', ({ capture }) => isRecord(capture) && isList(capture['files'], isFile)],
  ['summary', ({ summary }) => isRecord(summary) && isRecord(summary['outcomes']) && isRecord(summary['transfers'])],
  ['sessions', ({ sessions }) => isList(sessions, isSession)],
  ['findings', ({ findings }) => isList(findings, isFinding)],
  ['paths', ({ paths }) => paths === undefined || isList(paths, isPath)],
]

function isFile({ path, frames }: Value): boolean {
  return typeof path === 'string' && typeof frames === 'number'
}

function isPath({ id, sessions, places }: Value): boolean {
  return typeof id === 'number' && Array.isArray(sessions) && Array.isArray(places)
}

function isSession(value: Value): boolean {
  const { id, firstFrame, client, server, user, start, durationMs, transfers, verdict } = value
  const { findings, exchanges, dataChannels } = value
  return (
    [id, firstFrame, durationMs].every((number) => typeof number === 'number') &&
    typeof start === 'string' &&
    (user === null || typeof user === 'string') &&
    [client, server].every(isEndpoint) &&
    isRecord(transfers) &&
    isRecord(verdict) &&
    OUTCOMES.some((outcome) => outcome === verdict['outcome']) &&
    typeof verdict['sentence'] === 'string' &&
    isList(findings, isFinding) &&
    isList(exchanges, isExchange) &&
    isList(dataChannels, ({ transfer }) => transfer === null || (isRecord(transfer) && isTransfer(transfer)))
  )
}

function isFinding({ id, title, severity }: Value): boolean {
  return [id, title, severity].every((text) => typeof text === 'string')
}

function isExchange({ command, argument, replies }: Value): boolean {
  return (
    [command, argument].every((text) => text === null || typeof text === 'string') &&
    isList(replies, ({ code, time }) => typeof code === 'number' && typeof time === 'string')
  )
}

function isTransfer({ command, path, outcome }: Value): boolean {
  return typeof command === 'string' && typeof outcome === 'string' && (path === null || typeof path === 'string')
}

function isEndpoint(value: unknown): boolean {
  return isRecord(value) && typeof value['address'] === 'string' && typeof value['port'] === 'number'
}

function isList(value: unknown, isRight: (item: Value) => boolean): boolean {
  return Array.isArray(value) && value.every((item: unknown) => isRecord(item) && isRight(item))
}

function isRecord(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
