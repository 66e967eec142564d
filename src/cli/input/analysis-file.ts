import { readFile, stat } from 'node:fs/promises'
import { readFileChunks } from './read-file.js'
import type { Analysis } from '../../report/contract.js'
import { readAnalysis } from '../../report/json/read-analysis.js'
import { CommandError, reasonOf } from '../errors.js'

/** The engine's limit on a text, roughly; `--format ndjson` of a selection is shorter. */
const MAX_BYTES = 500_000_000
const PEEKED = 64

/**
 * The analysis in a file that an earlier run wrote; `null` for anything that does not begin as JSON does.
 * @throws CommandError when it is JSON of something else, or cannot be read
 */
export async function analysisInFile(path: string): Promise<Analysis | null> {
  const stats = await stat(path).catch(() => null)
  // What is missing, a directory or a pipe is left to the reader of captures, and to its messages.
  if (!stats?.isFile()) return null
  try {
    if (!(await beginsAsJson(path))) return null
    if (stats.size > MAX_BYTES) throw new Error(`has ${stats.size} bytes, limit ${MAX_BYTES}`)
    return readAnalysis((await readFile(path, 'utf8')).trimStart())
  } catch (error) {
    throw new CommandError(`${path} ${reasonOf(error)}`)
  }
}

async function beginsAsJson(path: string): Promise<boolean> {
  for await (const chunk of readFileChunks(path, PEEKED)) {
    return new TextDecoder().decode(chunk).trimStart().startsWith('{')
  }
  return false
}
