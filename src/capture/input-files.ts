import type { CaptureFile } from './capture-file.js'
import { type FileFrame, fileNames, FrameFinder } from './frame-finder.js'
import { type InputPlan, placesByPath } from './input-plan.js'

/** The files of an input: where each frame and connection is found when its file is opened alone. */
export class InputFiles {
  readonly #files: readonly CaptureFile[]
  readonly #finder: FrameFinder
  readonly #isPlannedOfSeveral: boolean
  readonly #placeOf: ReadonlyMap<string, number> | null
  /** Index of the first file of each place, and the connections before it. */
  readonly #places = [{ firstFile: 0, firstStream: 0 }]

  /**
   * `files` may become more; `framesBefore` is the number of frames before the first of them. Without a plan, files are
   * called by their path.
   */
  constructor(files: readonly CaptureFile[], plan: InputPlan | undefined, framesBefore = 0) {
    const paths = plan?.places.flat() ?? []
    this.#files = files
    this.#finder = new FrameFinder(files, fileNames(paths), framesBefore)
    this.#isPlannedOfSeveral = paths.length > 1
    this.#placeOf = plan && plan.places.length > 1 ? placesByPath(plan) : null
  }

  /** Index of the place of a file, if several are planned. */
  placeOf(path: string): number | undefined {
    return this.#placeOf?.get(path)
  }

  /** The file at that index begins another place, before which there were that many connections. */
  beginPlace(firstFile: number, firstStream: number): void {
    this.#places.push({ firstFile, firstStream })
  }

  /** The input has more than one file, as far as is known. */
  get areSeveral(): boolean {
    return this.#isPlannedOfSeveral || this.#files.length > 1
  }

  /** The file of a frame, and its number there; `null` if the input is one file. */
  readonly locate = (frame: number): FileFrame | null => (this.areSeveral ? this.#finder.of(frame) : null)

  /** The same, whether or not there are several files. */
  find(frame: number): FileFrame {
    return this.#finder.of(frame)
  }

  /** How the file at that index is called. */
  nameAt(file: number): string {
    const path = this.#files[file]?.path
    return path === undefined ? '-' : this.#finder.nameOf(path)
  }

  /**
   * Number of a connection, which begins with that frame, when its file is opened alone; `null` if the file continues
   * others, whose connections go on in it.
   */
  streamInFile(stream: number, frame: number): number | null {
    const file = this.#finder.indexOf(frame)
    const place = this.#places.findLast(({ firstFile }) => firstFile <= file)!
    return place.firstFile === file ? stream - place.firstStream : null
  }
}
