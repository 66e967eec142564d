import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandError, codeOf, reasonOf } from './errors.js'
import type { Output } from './output.js'

/**
 * Opens a file for a report. What was in it stays until the report is complete: the report is written beside it and takes its
 * name in the end. Devices and pipes are written as they are.
 */
export async function openFileOutput(file: string): Promise<Output> {
  try {
    const target = await targetOf(file)
    if (target.special) return new FileOutput(file, await open(target.path, 'w'), null)
    const temporary = join(dirname(target.path), `.${basename(target.path)}.${process.pid}.tmp`)
    return new FileOutput(file, await open(temporary, 'w', target.mode), { temporary, target: target.path })
  } catch (error) {
    throw cannotWrite(file, error)
  }
}

interface Target {
  /** Behind links, so that the link stays. */
  path: string
  special: boolean
  mode: number
}

async function targetOf(file: string): Promise<Target> {
  try {
    const path = await realpath(file)
    const status = await stat(path)
    if (status.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
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

  async write(text: string): Promise<void> {
    try {
      await this.#handle.appendFile(text)
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#handle.close()
      if (this.#replacing) await rename(this.#replacing.temporary, this.#replacing.target)
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    if (this.#replacing) await rm(this.#replacing.temporary, { force: true }).catch(() => undefined)
  }
}

function cannotWrite(file: string, error: unknown): CommandError {
  return new CommandError(`Cannot write ${file}: ${reasonOf(error)}; choose another file with -o`)
}
