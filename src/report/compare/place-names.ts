import type { ReadPlace } from '../../paths/place-reader.js'

/** How files are called: by the end of their path that distinguishes them from all others. */
export function fileNames(paths: readonly string[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const path of new Set(paths)) {
    const parts = path.split(/[/\\]/)
    let count = 1
    const name = (): string => parts.slice(-count).join('/')
    while (count < parts.length && paths.some((other) => other !== path && isEndOf(name(), other))) count++
    names.set(path, name())
  }
  return names
}

function isEndOf(name: string, path: string): boolean {
  const normal = path.replaceAll('\\', '/')
  return normal === name || normal.endsWith(`/${name}`)
}

/** Where a frame is: the file, and its number there. */
export interface FileFrame {
  file: string
  frame: number
}

/** Finds the file of each frame of a place. */
export class FrameFinder {
  readonly #place: Pick<ReadPlace, 'files' | 'framesBefore'>
  readonly #names: ReadonlyMap<string, string>

  constructor(place: Pick<ReadPlace, 'files' | 'framesBefore'>, names: ReadonlyMap<string, string>) {
    this.#place = place
    this.#names = names
  }

  of(frame: number): FileFrame {
    const { files, framesBefore } = this.#place
    let at = files.length - 1
    while (at > 0 && framesBefore[at]! >= frame) at--
    const file = files[at]
    if (!file) return { file: '-', frame }
    return { file: this.#names.get(file.path) ?? file.path, frame: frame - framesBefore[at]! }
  }

  /** The place is called like its first file. */
  get name(): string {
    const [first] = this.#place.files
    return first ? (this.#names.get(first.path) ?? first.path) : '-'
  }
}
