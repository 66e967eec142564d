const SLOTS = 16_384
/** So many endpoints share a number by translation and mirroring; more of them only by a program that fixes it. */
const OWNERS = 4
/** Values listed as common; a program that sends more of them shares none of them with many endpoints. */
const MOST_COMMON = 65_536

/**
 * Numbers that connections of many endpoints have in common, as the one sequence number of all SYNs of a scanner:
 * these distinguish nothing. Bounded: the endpoints of a number are forgotten when another one takes its slot.
 */
export class CommonValues {
  readonly #values = new Uint32Array(SLOTS)
  readonly #owners = new Uint32Array(SLOTS * OWNERS)
  readonly #common = new Set<number>()

  /** `owner` is a hash of the endpoints, not 0. */
  note(value: number, owner: number): void {
    const slot = Math.imul(value, 0x9e3779b1) >>> 18
    const owners = this.#owners
    const [start, end] = [slot * OWNERS, (slot + 1) * OWNERS]
    if (this.#values[slot] !== value) {
      this.#values[slot] = value
      owners.fill(0, start, end)
    }
    for (let at = start; at < end; at++) {
      if (owners[at] === owner) return
      if (owners[at] !== 0) continue
      owners[at] = owner
      return
    }
    if (this.#common.size < MOST_COMMON) this.#common.add(value)
  }

  has(value: number): boolean {
    return this.#common.has(value)
  }
}

const BYTE = 0x01010101

/**
 * Whether a number of 32 bits looks drawn at random, as hosts draw initial sequence numbers (RFC 6528). Programs that
 * write captures start with small and round ones, which two files may share by chance.
 */
export function isArbitrary(value: number): boolean {
  return value >= 0x1000000 && value % 1000 !== 0 && (value & 0xffff) !== 0 && value % BYTE !== 0
}
