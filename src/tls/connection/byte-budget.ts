/** Bytes that all connections together may hold, so that many small hoards do not add up. */
export class ByteBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** Whether that many bytes may be held in addition. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  /** Bytes are no longer held. */
  give(bytes: number): void {
    this.#left += bytes
  }

  get left(): number {
    return this.#left
  }
}
