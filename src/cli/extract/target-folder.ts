import { copyFileSync, constants, existsSync, linkSync, lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StoredNames } from '../../slice/files/stored-names.js'
import { CommandError, codeOf, reasonOf } from '../errors.js'

export const MANIFEST = 'manifest.json'

/** Names tried for one file. */
const MOST_NAMES = 1000
/** File systems without links, and other reasons why there is none. */
const NO_LINK = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EACCES']
/** A name is taken, by what was there before. */
const TAKEN = ['EEXIST', 'ENOTDIR', 'EISDIR']

/** The directory of `-o`. Nothing in it is overwritten, and what was put into it can be taken back. */
export class TargetFolder {
  readonly path: string
  readonly #created: string[] = []
  readonly #stored: string[] = []

  /** @throws CommandError if it cannot be made, or holds what was extracted before */
  constructor(path: string) {
    this.path = path
    if (existsSync(join(path, MANIFEST)))
      throw new CommandError(`${path} contains ${MANIFEST} of an earlier extraction; choose another directory with -o`)
    this.#make(path)
  }

  /** Puts a file in place under a name that is free; returns its path below the directory. */
  store(temporary: string, names: StoredNames, folders: readonly string[], path: string): string {
    for (let attempt = 1; attempt <= MOST_NAMES; attempt++) {
      const name = names.take(folders, path)
      if (!this.#leadsOut(name) && this.#put(temporary, join(this.path, name))) return name
      // What is in the way may be a directory's name, or a link.
      if (attempt % 10 === 0) folders = [...folders.slice(0, -1), `${folders.at(-1)!}~${attempt / 10 + 1}`]
    }
    throw new CommandError(`Cannot write ${join(this.path, path)}: too many files of that name; nothing was extracted`)
  }

  storeManifest(temporary: string): void {
    if (!this.#put(temporary, join(this.path, MANIFEST)))
      throw new CommandError(`${MANIFEST} was written meanwhile by another extraction; nothing was extracted`)
  }

  /** Takes back what was stored, and the directories that are empty then. */
  undo(): void {
    for (const path of this.#stored) rmSync(path, { force: true })
    for (const path of this.#created.toReversed()) {
      try {
        rmdirSync(path)
      } catch (error) {
        // Something else was put into it meanwhile.
        if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'ENOENT') throw error
      }
    }
  }

  /** Whether a folder of this path is a symbolic link, which may point anywhere. */
  #leadsOut(name: string): boolean {
    let folder = this.path
    return name
      .split('/')
      .slice(0, -1)
      .some((part) => {
        folder = join(folder, part)
        return lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true
      })
  }

  /** False if the name is taken. */
  #put(temporary: string, target: string): boolean {
    try {
      this.#make(dirname(target))
      link(temporary, target)
    } catch (error) {
      if (TAKEN.includes(codeOf(error) ?? '')) return false
      if (error instanceof CommandError) throw error
      throw new CommandError(`Cannot write ${target}: ${reasonOf(error)}; nothing was extracted`)
    }
    this.#stored.push(target)
    return true
  }

  #make(folder: string): void {
    if (existsSync(folder) && folder !== this.path) return
    try {
      const first = mkdirSync(folder, { recursive: true })
      if (first === undefined) return
      for (let at = folder; at.length >= first.length; at = dirname(at)) this.#created.push(at)
      this.#created.sort((a, b) => a.length - b.length)
    } catch (error) {
      if (folder !== this.path) throw error
      throw new CommandError(`Cannot make the directory ${folder}: ${reasonOf(error)}; choose another one with -o`)
    }
  }
}

/** Gives a file its name without overwriting one. */
function link(temporary: string, target: string): void {
  try {
    linkSync(temporary, target)
  } catch (error) {
    if (!NO_LINK.includes(codeOf(error) ?? '')) throw error
    copyFileSync(temporary, target, constants.COPYFILE_EXCL)
  }
}
