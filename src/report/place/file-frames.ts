import { fileNames, FrameFinder } from '../../capture/frame-finder.js'
import type { Analysis } from '../contract.js'
import { printableText } from '../text/printable.js'

/** Characters of a file's name before a frame. */
const LONGEST_NAME = 40

/**
 * How reports name a frame: by its number and, where the input has several files, by its file and its number there, as
 * Wireshark shows it with that file alone.
 */
export class FileFrames {
  readonly #finder: FrameFinder
  readonly #paths: ReadonlyMap<string, string>
  readonly isSeveral: boolean
  /** Path of the one file; `null` if there are several, or if it came through a pipe. */
  readonly onlyPath: string | null

  constructor({ files }: Pick<Analysis['capture'], 'files'>) {
    const names = fileNames(files.map(({ path }) => path))
    this.#finder = new FrameFinder(files, names)
    this.#paths = new Map([...names].map(([path, name]) => [name, path]))
    this.isSeveral = files.length > 1
    const path = files.length === 1 ? files[0]!.path : '-'
    this.onlyPath = path === '-' ? null : path
  }

  /** The frame in its own file; `null` if the input is one file. */
  local(frame: number): { file: string; frame: number } | null {
    return this.isSeveral ? this.#finder.of(frame) : null
  }

  /** `#48`, or `server.pcap #48`. */
  name(frame: number): string {
    const local = this.local(frame)
    return local ? `${shortName(local.file)} #${local.frame}` : `#${frame}`
  }

  /** Several frames; a file that the one before is in, too, is not repeated: `client.pcap #41 #42, server.pcap #7`. */
  names(frames: readonly number[]): string {
    let file = ''
    let text = ''
    for (const frame of frames) {
      const local = this.local(frame)
      if (local && local.file !== file) {
        text += `${text === '' ? '' : ', '}${shortName(local.file)} #${local.frame}`
        file = local.file
      } else text += `${text === '' ? '' : ' '}#${local?.frame ?? frame}`
    }
    return text
  }

  /** Path of the file that reports call by this name. */
  pathOf(file: string): string {
    return this.#paths.get(file) ?? file
  }
}

/**
 * Of rows in the order of frames: the number that each row shows, and the file to be named before it, which is that of
 * the first row, and of each that is in another file than the row before.
 */
export function rowFrames(numbers: readonly number[], frames: FileFrames): { frame: number; file: string | null }[] {
  let last: string | null = null
  return numbers.map((number) => {
    const local = frames.local(number)
    const file = local && local.file !== last ? shortName(local.file) : null
    last = local?.file ?? null
    return { frame: local?.frame ?? number, file }
  })
}

/** A file's name as it can be printed. */
export function shortName(file: string): string {
  const characters = Array.from(printableText(file))
  if (characters.length <= LONGEST_NAME) return characters.join('')
  const half = LONGEST_NAME / 2
  return [...characters.slice(0, half - 1), '…', ...characters.slice(-half)].join('')
}
