import type { Fingerprint } from './fingerprint.js'

/** Keys of all files that are compared; each file keeps its smallest. */
const MOST_KEYS = 512 * 1024
/** What more files have than there are places is not one packet. */
const MOST_SHARING = 16

/** Which files saw the same packets, by their fingerprints. */
export class SharedPackets {
  readonly #pairs = new Set<number>()
  readonly #files: number

  constructor(fingerprints: readonly Fingerprint[]) {
    this.#files = fingerprints.length
    const room = Math.ceil(MOST_KEYS / Math.max(1, fingerprints.length))
    const first = new Map<number, number>()
    const shared = new Map<number, number[]>()
    fingerprints.forEach((keys, file) => {
      for (const key of keys.subarray(0, room)) {
        const known = first.get(key)
        if (known === undefined) first.set(key, file)
        else {
          const files = shared.get(key)
          if (files) files.push(file)
          else shared.set(key, [known, file])
        }
      }
    })
    for (const files of shared.values()) if (files.length <= MOST_SHARING) this.#join(files)
  }

  /** Any two files did. */
  get any(): boolean {
    return this.#pairs.size > 0
  }

  has(a: number, b: number): boolean {
    return this.#pairs.has(this.#pair(a, b))
  }

  #join(files: readonly number[]): void {
    files.forEach((a, at) => {
      for (const b of files.slice(at + 1)) this.#pairs.add(this.#pair(a, b))
    })
  }

  #pair(a: number, b: number): number {
    return Math.min(a, b) * this.#files + Math.max(a, b)
  }
}
