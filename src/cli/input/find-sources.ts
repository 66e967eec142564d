import type { Dirent, Stats } from 'node:fs'
import { access, constants, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CaptureFormatError } from '../../capture/format-error.js'
import type { Epoch } from '../../capture/time.js'
import { byFirstTime } from '../../input/file-order.js'
import { InputError } from '../../input/input-error.js'
import { peekFirstTime } from '../../input/peek.js'
import { codeOf } from '../errors.js'
import { gunzip } from './gunzip.js'
import { readFileChunks } from './read-file.js'
import { cannotRead } from './system-error.js'

export const STANDARD_INPUT = '-'

const PEEKED_CHUNK = 64 * 1024

/** A source of bytes. */
export interface Source {
  path: string
  /** Bytes on disk; `null` for a pipe or a device, which can be read only once. */
  size: number | null
  /** Time of the first frame; `null` if unknown. */
  firstTime: Epoch | null
}

/** Called for each argument that cannot be read. */
export type OnProblem = (problem: InputError) => void

/**
 * The captures that the arguments name: files, captures in directories and their subdirectories, pipes, `-`. In a
 * directory, links to files are followed and links to directories are not: an unpacked archive must not lead to the
 * rest of the disk. Files come in the order of their first frames, followed by sources that cannot be examined in
 * advance, in the order of the arguments. No file comes twice.
 */
export async function findSources(paths: readonly string[], onProblem: OnProblem): Promise<Source[]> {
  const finder = new SourceFinder(onProblem)
  for (const path of paths) await finder.add(path)
  return byFirstTime(finder.sources)
}

class SourceFinder {
  readonly sources: Source[] = []
  readonly #onProblem: OnProblem
  /** Files and directories seen, so that circular links end and nothing is read twice. */
  readonly #met = new Set<string>()

  constructor(onProblem: OnProblem) {
    this.#onProblem = onProblem
  }

  async add(path: string): Promise<void> {
    if (path === STANDARD_INPUT) {
      this.#addUnique(STANDARD_INPUT, { path, size: null, firstTime: null })
      return
    }
    try {
      const stats = await stat(path)
      if (stats.isDirectory()) await this.#addFolder(path, stats)
      else if (stats.isFile()) await this.#addFile(path, stats)
      else this.#addUnique(identity(stats), { path, size: null, firstTime: null })
    } catch (error) {
      this.#onProblem(asProblem(path, error))
    }
  }

  async #addFile(path: string, stats: Stats): Promise<void> {
    if (!this.#isNew(identity(stats))) return
    this.sources.push({ path, size: stats.size, firstTime: await firstTime(path) })
  }

  /** Adds the captures in a directory; other files are only reported if there are no captures. */
  async #addFolder(folder: string, stats: Stats): Promise<void> {
    if (!this.#isNew(identity(stats))) return
    const count = { captures: 0, others: 0, problems: 0 }
    const pending = [folder]
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      const subfolders: string[] = []
      for (const entry of await entriesOf(current)) {
        const path = join(current, entry.name)
        try {
          const found = await stat(path)
          if (entry.isSymbolicLink() && !found.isFile()) continue
          if (found.isFile()) {
            await this.#addFile(path, found)
            count.captures++
          } else if (found.isDirectory() && this.#isNew(identity(found))) {
            await access(path, constants.R_OK)
            subfolders.push(path)
          }
        } catch (error) {
          if (error instanceof CaptureFormatError || isDangling(error)) count.others++
          else {
            count.problems++
            this.#onProblem(asProblem(path, error))
          }
        }
      }
      pending.push(...subfolders.reverse())
    }
    if (count.captures > 0 || count.problems > 0) return
    throw new InputError(`No captures in directory ${folder}: ${noCaptures(count.others)}; give one with captures`)
  }

  #isNew(identity: string): boolean {
    if (this.#met.has(identity)) return false
    this.#met.add(identity)
    return true
  }

  #addUnique(identity: string, source: Source): void {
    if (this.#isNew(identity)) this.sources.push(source)
  }
}

function noCaptures(files: number): string {
  if (files === 0) return 'it contains no files'
  if (files === 1) return 'its only file is neither pcap nor pcapng'
  return `none of its ${files} files is pcap or pcapng`
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function firstTime(path: string): Promise<Epoch | null> {
  return peekFirstTime(path, readFileChunks(path, PEEKED_CHUNK), gunzip)
}

function identity(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`
}

/** A symbolic link that points nowhere, or to itself. */
function isDangling(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP'
}

function asProblem(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  return error instanceof CaptureFormatError ? new InputError(error.message, { cause: error }) : cannotRead(path, error)
}
