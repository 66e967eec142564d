/** How files are called: by the end of their path that distinguishes them from all others. */
export function fileNames(paths: readonly string[]): Map<string, string> {
  const split = [...new Set(paths)].map((path) => ({ path, parts: path.split(/[/\\]/) }))
  const names = new Map<string, string>()
  for (let count = 1; names.size < split.length; count++) {
    const ends = split.map(({ parts }) => parts.slice(-count).join('/'))
    const frequency = new Map<string, number>()
    for (const end of ends) frequency.set(end, (frequency.get(end) ?? 0) + 1)
    for (const [at, { path, parts }] of split.entries()) {
      if (!names.has(path) && (frequency.get(ends[at]!) === 1 || count >= parts.length)) names.set(path, ends[at]!)
    }
  }
  return names
}

/** Where a frame is: the file, and its number there. */
export interface FileFrame {
  file: string
  frame: number
}

/** Files in the order of their frames, and how many frames precede each. */
interface FramesOfFiles {
  files: readonly { path: string }[]
  framesBefore: readonly number[]
}

/** Finds the file of each frame of a place, or of a whole input. */
export class FrameFinder {
  readonly #place: FramesOfFiles
  readonly #names: ReadonlyMap<string, string>

  constructor(place: FramesOfFiles, names: ReadonlyMap<string, string>) {
    this.#place = place
    this.#names = names
  }

  of(frame: number): FileFrame {
    const { files, framesBefore } = this.#place
    let [at, beyond] = [0, files.length]
    while (beyond - at > 1) {
      const middle = (at + beyond) >> 1
      if (framesBefore[middle]! < frame) at = middle
      else beyond = middle
    }
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
