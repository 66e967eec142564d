/** An identical packet within this time was captured twice: a retransmission takes longer and changes ID or timestamps. */
const DUPLICATE_NS = 5e6
/** Packets remembered in one bucket. */
const WAYS = 8
const MOST_BUCKETS = 128

/**
 * Remembers the latest packets of a connection by signature and time, to know one that is captured twice. A dialogue needs room for a
 * handful; where packets follow each other faster than copies of them arrive, the room grows, up to a cap.
 */
export class Duplicates {
  #buckets = 1
  #signatures = new Uint32Array(WAYS)
  #times = new Float64Array(WAYS).fill(-Infinity)

  /** Whether a packet with that signature was seen just now; remembers it otherwise. */
  has(signature: number, time: number): boolean {
    const first = (signature & (this.#buckets - 1)) * WAYS
    let oldest = first
    for (let i = first; i < first + WAYS; i++) {
      if (this.#signatures[i] === signature && Math.abs(time - this.#times[i]!) < DUPLICATE_NS) return true
      if (this.#times[i]! < this.#times[oldest]!) oldest = i
    }
    if (time - this.#times[oldest]! < DUPLICATE_NS && this.#buckets < MOST_BUCKETS) {
      // A copy of the one that would give way may still come.
      this.#grow()
      return this.has(signature, time)
    }
    this.#signatures[oldest] = signature
    this.#times[oldest] = time
    return false
  }

  #grow(): void {
    const signatures = this.#signatures
    const times = this.#times
    this.#buckets *= 4
    if (this.#buckets > MOST_BUCKETS) this.#buckets = MOST_BUCKETS
    this.#signatures = new Uint32Array(this.#buckets * WAYS)
    this.#times = new Float64Array(this.#buckets * WAYS).fill(-Infinity)
    for (let i = 0; i < signatures.length; i++) {
      let at = (signatures[i]! & (this.#buckets - 1)) * WAYS
      // A bucket of before has no more entries than one of now has room for.
      while (this.#times[at]! > -Infinity) at++
      this.#signatures[at] = signatures[i]!
      this.#times[at] = times[i]!
    }
  }
}
