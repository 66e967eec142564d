import type { CaptureFile } from './capture-file.js'

/** How files are called: by the end of their path that distinguishes them from all others. */
export function fileNames(paths: readonly string[]): Map<string, string> {
  const unnamed = new Set(paths)
  const names = new Map<string, string>([...unnamed].map((path) => [path, path]))
  for (let count = 1; unnamed.size > 0; count++) {
    const ends = new Map([...names.keys()].map((path) => [path, path.split(/[/\\]/).slice(-count).join('/')]))
    const frequency = new Map<string, number>()
    for (const end of ends.values()) frequency.set(end, (frequency.get(end) ?? 0) + 1)
    for (const path of unnamed) {
      const end = ends.get(path)!
      if (frequency.get(end)! > 1 && end.length < path.length) continue
      names.set(path, end)
      unnamed.delete(path)
    }
  }
  return names
}

/** Where a frame is: the file, and its number there. */
export interface FileFrame {
  file: string
  frame: number
}

/** Finds the file of each frame of an input, whose frames are numbered in one series over all files. */
export class FrameFinder {
  readonly #files: readonly Pick<CaptureFile, 'path' | 'frames'>[]
  readonly #names: ReadonlyMap<string, string>
  /** Frames before each file, as far as it was asked for; those before a file that was closed do not change. */
  readonly #before: number[]

  /** `files` may become more; `first` is the number of frames before the first of them. */
  constructor(files: readonly Pick<CaptureFile, 'path' | 'frames'>[], names: ReadonlyMap<string, string>, first = 0) {
    this.#files = files
    this.#names = names
    this.#before = [first]
  }

  of(frame: number): FileFrame {
    const at = this.indexOf(frame)
    const file = this.#files[at]
    if (!file) return { file: '-', frame }
    return { file: this.nameOf(file.path), frame: frame - this.framesBefore(at) }
  }

  /** Index of the file of a frame. */
  indexOf(frame: number): number {
    let at = this.#files.length - 1
    while (at > 0 && this.framesBefore(at) >= frame) at--
    return at
  }

  /** How a file is called. */
  nameOf(path: string): string {
    return this.#names.get(path) ?? path
  }

  /** Frames before a file. */
  framesBefore(at: number): number {
    const before = this.#before
    while (before.length <= at) before.push(before.at(-1)! + this.#files[before.length - 1]!.frames)
    return before[at]!
  }
}
