import type { AddressMap } from './address-map.js'
import { carryChecksum, carryPartial, type Covered } from './checksums.js'
import type { StandIns } from './stand-ins.js'

/** A frame, or a datagram put together from fragments: what was captured, and its copy, which begins as zeros. */
export class FrameDraft {
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly #addresses: AddressMap
  readonly #standIns: StandIns

  constructor(before: Uint8Array, addresses: AddressMap, standIns: StandIns) {
    this.before = before
    this.after = new Uint8Array(before.length)
    this.#addresses = addresses
    this.#standIns = standIns
  }

  /** What may stay. */
  keep(from: number, to: number): void {
    const end = Math.min(to, this.before.length)
    if (from < end) this.after.set(this.before.subarray(from, end), from)
  }

  /** An address, if it was captured. */
  address(at: number, length: number): void {
    if (at + length <= this.before.length) this.after.set(this.#addresses.map(this.before.slice(at, at + length)), at)
  }

  mac(at: number): void {
    if (at + 6 <= this.before.length) this.after.set(this.#standIns.mac(this.before.slice(at, at + 6)), at)
  }

  /** A checksum at `at` over these parts. */
  checksum(at: number, covered: readonly Covered[], rest = 0): void {
    if (at + 2 <= this.before.length) carryChecksum(this.before, this.after, at, covered, rest)
  }

  /** A checksum with a pseudo-header, which a network card may have to complete. */
  transportChecksum(
    at: number,
    addresses: readonly Covered[],
    [from, to]: Covered,
    { protocol, length }: { protocol: number; length: number },
  ): void {
    if (at + 2 > to) return
    if (carryPartial(this.before, this.after, at, addresses, protocol, length)) return
    const rest = protocol + (length & 0xffff) + (length >>> 16)
    carryChecksum(this.before, this.after, at, [...addresses, [from, to]], rest)
  }
}
