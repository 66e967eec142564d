import { encodeUtf8 } from '../../bytes/utf8.js'

/** Bytes in UTF-8 of one part of a path. File systems take 255; the rest is for a suffix. */
const LONGEST_PART = 200
/** Parts of a path, the last ones; with these a path stays below the 4096 bytes that Linux takes. */
const MOST_PARTS = 16
/** Of an extension, which stays when a name is cut. */
const LONGEST_EXTENSION = 16

/** Characters that Windows does not take, that a terminal obeys, or that change how a name is read. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*\\]/gu
/** Names that Windows gives to devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/iu

/**
 * Names for files below a directory that a capture cannot choose to harm: no path leads out of it, no two are the same
 * on a file system that ignores letter case, and each can be created on Windows as well.
 */
export class StoredNames {
  readonly #taken = new Map<string, 'file' | 'directory'>()
  /** By name: the suffix that was given last, so that many of the same name cost no search each. */
  readonly #suffixes = new Map<string, number>()

  /**
   * A path relative to the directory, with `/`, for the file at `path` (absolute, with `/`) of a server: below `folders`,
   * which no path leads out of.
   */
  take(folders: readonly string[], path: string): string {
    const parts = partsOf(path)
    const name = parts.pop() ?? 'unnamed'
    parts.unshift(...folders.map(safePart))
    let folder = ''
    for (const part of parts) folder = this.#free(folder, part, 'directory') + '/'
    return this.#free(folder, name, 'file')
  }

  #free(folder: string, name: string, kind: 'file' | 'directory'): string {
    const base = keyOf(folder + name)
    const last = this.#suffixes.get(base) ?? 1
    for (let suffix = kind === 'file' ? last : 1; ; suffix++) {
      const tried = folder + (suffix === 1 ? name : suffixed(name, suffix))
      const key = keyOf(tried)
      const taken = this.#taken.get(key)
      if (taken !== undefined && (kind === 'file' || taken === 'file')) continue
      this.#taken.set(key, kind)
      if (kind === 'file') this.#suffixes.set(base, suffix)
      return tried
    }
  }
}

function partsOf(path: string): string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(safePart(part))
  }
  return parts.slice(-MOST_PARTS)
}

function safePart(part: string): string {
  const safe = shortened(part.replace(UNSAFE, '_')).replace(/[. ]+$/u, (end) => '_'.repeat(end.length))
  if (safe === '') return '_'
  return DEVICE.test(safe) ? `_${safe}` : safe
}

function shortened(part: string): string {
  // One character more is at most 4 bytes.
  if (encodeUtf8(part, LONGEST_PART + 4).length <= LONGEST_PART) return part
  const { stem, extension } = divided(part)
  const room = LONGEST_PART - encodeUtf8(extension, LONGEST_PART).length
  let kept = ''
  let bytes = 0
  for (const character of stem) {
    bytes += encodeUtf8(character, 4).length
    if (bytes > room) break
    kept += character
  }
  return kept + extension
}

function suffixed(name: string, suffix: number): string {
  const { stem, extension } = divided(name)
  return `${stem}~${suffix}${extension}`
}

function divided(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0 && name.length - dot <= LONGEST_EXTENSION
    ? { stem: name.slice(0, dot), extension: name.slice(dot) }
    : { stem: name, extension: '' }
}

/** Equal for names that a file system may take for the same. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
