import { readFile, stat } from 'node:fs/promises'
import { LARGEST_SECRET_FILE } from '../../input/secret-file.js'
import type { AnalyzeOptions } from '../../options.js'
import { CommandError, reasonOf } from '../errors.js'
import { type AnalyzeCommandOptions, analyzeOptions } from '../options.js'

/**
 * The analyzer's options, with the files of secrets read.
 * @throws CommandError when one cannot be read
 */
export async function withSecrets(options: AnalyzeCommandOptions): Promise<AnalyzeOptions> {
  const { keylog = [], privateKey = [] } = options
  const keyLog: Uint8Array[] = []
  for (const path of keylog) keyLog.push(await read('key log', path))
  const privateKeys: string[] = []
  for (const path of privateKey) privateKeys.push(new TextDecoder().decode(await read('private key', path)))
  return {
    ...analyzeOptions(options),
    ...(keyLog.length > 0 && { keyLog }),
    ...(privateKeys.length > 0 && { privateKeys }),
  }
}

async function read(what: string, path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST_SECRET_FILE) throw new Error(`it has ${size} bytes, limit ${LARGEST_SECRET_FILE}`)
    return await readFile(path)
  } catch (error) {
    throw new CommandError(`Cannot read the ${what} ${path}: ${reasonOf(error)}`)
  }
}
