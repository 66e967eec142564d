/**
 * Bytes that many things of one kind may take together, for what few of them need: a cap on each alone would have to be
 * tiny, since a capture can have any number of them.
 */
export class SharedMemory {
  readonly most: number
  /** How often there was no room. */
  refused = 0
  #used = 0

  constructor(most: number) {
    this.most = most
  }

  get used(): number {
    return this.#used
  }

  /** Takes so many bytes; false if there is no room. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.most) {
      this.refused++
      return false
    }
    this.#used += bytes
    return true
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}
