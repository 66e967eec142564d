import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CommandError, reasonOf } from '../errors.js'
import type { SanitizeCommandOptions } from '../options.js'

/** Fewer could be tried one after the other. */
const SHORTEST_KEY = 16
const LF = 10
const CR = 13

/**
 * The key of `ftpscope sanitize`: from a file, from the environment, or random. A line end after it does not count.
 * @throws CommandError when it cannot be read, or is too short
 */
export async function sanitizeKey({ key, keyEnv }: SanitizeCommandOptions): Promise<Uint8Array> {
  if (key !== undefined && keyEnv !== undefined) throw new CommandError('Use --key or --key-env, not both')
  if (key !== undefined) return checked(await read(key), key)
  if (keyEnv === undefined) return randomBytes(2 * SHORTEST_KEY)
  const value = process.env[keyEnv]
  if (value === undefined) throw new CommandError(`There is no variable ${keyEnv} in the environment`)
  return checked(new TextEncoder().encode(value), keyEnv)
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new CommandError(`Cannot read the key ${path}: ${reasonOf(error)}`)
  }
}

function checked(bytes: Uint8Array, name: string): Uint8Array {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--
  if (end < SHORTEST_KEY)
    throw new CommandError(
      `The key in ${name} has ${end} bytes, at least ${SHORTEST_KEY} are needed: openssl rand -hex 32 > ${name}`,
    )
  return bytes.slice(0, end)
}
