/** Entries collected before those that exceed the room are dropped: sorting is rare. */
const SPARE = 2

interface Entry {
  key: number
  /** Values that have to be distinctive for the key to count. */
  values: readonly number[]
}

/**
 * The smallest keys of a file, each once. Keys are hashes, so two files keep the same ones of what they have in common,
 * however many others each has.
 */
export class KeySketch {
  readonly #room: number
  #entries: Entry[] = []
  /** Keys above it are not among the smallest. */
  #most = Infinity

  constructor(room: number) {
    this.#room = room
  }

  add(key: number, ...values: number[]): void {
    if (key > this.#most) return
    this.#entries.push({ key, values })
    if (this.#entries.length >= this.#room * SPARE) this.#trim()
  }

  /** In ascending order, without those that rest on a value which `isCommon`. */
  keys(isCommon: (value: number) => boolean): Float64Array {
    this.#trim()
    const kept = this.#entries.filter(({ values }) => !values.some(isCommon))
    return Float64Array.from(kept, ({ key }) => key)
  }

  #trim(): void {
    this.#entries.sort((a, b) => a.key - b.key)
    this.#entries = this.#entries.filter(({ key }, at) => at === 0 || key !== this.#entries[at - 1]!.key)
    if (this.#entries.length <= this.#room) return
    this.#entries.length = this.#room
    this.#most = this.#entries.at(-1)!.key
  }
}
