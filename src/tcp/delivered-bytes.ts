/** Bytes that are remembered: a ring that grows to this as bytes come, as most dialogues are short. */
const LONGEST = 4096
const SHORTEST = 64
const GROWTH = 4

const NONE: Uint8Array = new Uint8Array(0)

/** Rings of connections that are over, by size: reusing one costs the engine less than making one. */
const spare = new Map<number, Uint8Array[]>()
const MOST_SPARE = 256

/** The latest delivered bytes of one direction, to compare retransmissions with. */
export class DeliveredBytes {
  #ring = NONE
  #end = 0
  /** Nothing before this can be compared. */
  #knownFrom = 0

  /** Offset after the last byte. */
  get end(): number {
    return this.#end
  }

  /** The next bytes, `bytes[start]` up to `bytes[end]`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (this.#end + length > this.#ring.length) this.#grow(this.#end + length)
    const ring = this.#ring
    const mask = ring.length - 1
    const first = this.#end - start
    for (let i = Math.max(start, end - ring.length); i < end; i++) ring[(first + i) & mask] = bytes[i]!
    this.#end += length
  }

  /** What lies before `offset` was never seen. */
  skipTo(offset: number): void {
    this.#end = offset
    this.#knownFrom = offset
  }

  /**
   * First offset at which `length` bytes from `bytes[start]`, which belong at `offset`, differ from what was delivered;
   * -1 where they do not, as far as that is still known.
   */
  conflict(offset: number, bytes: Uint8Array, start: number, length: number): number {
    const ring = this.#ring
    const mask = ring.length - 1
    const oldest = Math.max(this.#knownFrom, this.#end - ring.length)
    for (let i = Math.max(0, oldest - offset); i < length; i++) {
      if (ring[(offset + i) & mask] !== bytes[start + i]) return offset + i
    }
    return -1
  }

  /** Nothing more will be compared. */
  release(): void {
    keep(this.#ring)
    this.#ring = NONE
    this.#knownFrom = this.#end
  }

  /** Up to the longest; as long as nothing has wrapped around, each byte keeps its place. */
  #grow(end: number): void {
    const before = this.#ring
    if (before.length === LONGEST) return
    let size = Math.max(before.length, SHORTEST)
    while (size < end && size < LONGEST) size *= GROWTH
    this.#ring = spare.get(size)?.pop() ?? new Uint8Array(size)
    this.#ring.set(before)
    keep(before)
  }
}

function keep(ring: Uint8Array): void {
  // The engine makes shorter ones as cheaply as any object.
  if (ring.length <= SHORTEST) return
  const rings = spare.get(ring.length)
  if (!rings) spare.set(ring.length, [ring])
  else if (rings.length < MOST_SPARE) rings.push(ring)
}
