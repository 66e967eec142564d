/** How much of the content of one direction is known, where not all of it is decrypted. */
export class ContentState {
  /** Bytes of application data that were decrypted. */
  decrypted = 0
  /** A record had padding (RFC 8446 §5.4): lengths tell nothing. */
  padded = false
  /** Bytes that are missing inside records of which only the length is wanted, since they were last asked for. */
  missingBytes = 0
  /** Bytes of records that are held, longer and shorter ones. */
  heldLong = 0
  heldShort = 0
  /** Offset up to which all records are accounted for, and bytes before it that were lost between some. */
  #accounted = 0
  #lost = 0

  /** A record was read, or its length is enough. */
  account(start: number, end: number): void {
    this.#lost += Math.max(0, start - this.#accounted)
    this.#accounted = end
  }

  takeMissing(): number {
    const { missingBytes } = this
    this.missingBytes = 0
    return missingBytes
  }

  /** Some were lost between records, and no record opened since then tells what they were. */
  get hasLost(): boolean {
    return this.#lost > 0
  }

  /** Bytes between records since the last call: those of records that were lost. */
  takeLost(): number {
    const lost = this.#lost
    this.#lost = 0
    return lost
  }
}
