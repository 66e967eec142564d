import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandError, codeOf, reasonOf } from '../errors.js'
import type { Output } from './output.js'
import { markFinished, markUnfinished } from './unfinished-files.js'

/** File systems allow 255 bytes for a name; a character takes up to four, and the temporary name has 18 more. */
const LONGEST_NAME = 59

/**
 * Opens a file for a report. Its old content stays until the report is complete: the report is written to a temporary
 * file next to it, which is renamed at the end. Devices and pipes are written directly.
 */
export async function openFileOutput(file: string): Promise<Output> {
  try {
    const target = await targetOf(file)
    if (target.special) return new FileOutput(file, await open(target.path, 'w'), null)
    const name = basename(target.path).slice(0, LONGEST_NAME)
    const temporary = join(dirname(target.path), `.${name}.${token()}.tmp`)
    // Only as a new file: in a directory that others write to, the name may be a link to somewhere else.
    const handle = await open(temporary, 'wx', target.mode)
    markUnfinished(temporary)
    return new FileOutput(file, handle, { temporary, target: target.path })
  } catch (error) {
    throw cannotWrite(file, error)
  }
}

/** Makes the name unique; guessing it is of no use, since the file must not exist yet. */
function token(): string {
  return Math.random().toString(36).slice(2, 14).padEnd(12, '0')
}

interface Target {
  /** With links resolved, so that a link is kept. */
  path: string
  special: boolean
  mode: number
}

async function targetOf(file: string): Promise<Target> {
  try {
    const path = await realpath(file)
    const status = await stat(path)
    if (status.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    return { path, special: !status.isFile(), mode: status.mode }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { path: file, special: false, mode: 0o666 }
    throw error
  }
}

class FileOutput implements Output {
  readonly #name: string
  readonly #handle: FileHandle
  readonly #replacing: { temporary: string; target: string } | null
  readonly readerGone = false

  constructor(name: string, handle: FileHandle, replacing: { temporary: string; target: string } | null) {
    this.#name = name
    this.#handle = handle
    this.#replacing = replacing
  }

  async write(text: string | Uint8Array): Promise<void> {
    try {
      await this.#handle.appendFile(text)
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#handle.close()
      if (!this.#replacing) return
      await rename(this.#replacing.temporary, this.#replacing.target)
      markFinished(this.#replacing.temporary)
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    if (!this.#replacing) return
    await rm(this.#replacing.temporary, { force: true }).catch(() => undefined)
    markFinished(this.#replacing.temporary)
  }
}

function cannotWrite(file: string, error: unknown): CommandError {
  return new CommandError(`Cannot write ${file}: ${reasonOf(error)}; choose another file with -o`)
}
