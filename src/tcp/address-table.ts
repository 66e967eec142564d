import { u32be } from '../bytes/read.js'
import { addressText } from '../wire/address.js'

/**
 * Addresses as small integers, so that a connection is found by comparing three numbers, whatever the IP version.
 * Chained hashing over typed arrays: no object per address. Ids are reused once no connection holds them any more.
 */
export class AddressTable {
  #capacity = 1024
  #buckets = new Int32Array(this.#capacity).fill(-1)
  #next = new Int32Array(this.#capacity)
  /** Four words per id; IPv4 in the first one. */
  #words = new Uint32Array(this.#capacity * 4)
  #versions = new Uint8Array(this.#capacity)
  #holders = new Uint32Array(this.#capacity)
  /** Texts by id, as far as they were asked for. */
  readonly #texts: (string | undefined)[] = []
  #used = 0
  #free = -1

  /** Id of the address at `at`; a new one has no holder yet. */
  intern(bytes: Uint8Array, at: number, version: number): number {
    return this.#lookUp(bytes, at, version, true)
  }

  /** Id of the address at `at`, -1 when it is unknown. */
  find(bytes: Uint8Array, at: number, version: number): number {
    return this.#lookUp(bytes, at, version, false)
  }

  #lookUp(bytes: Uint8Array, at: number, version: number, add: boolean): number {
    const words = this.#words
    const w0 = u32be(bytes, at)
    let w1 = 0
    let w2 = 0
    let w3 = 0
    if (version === 6) {
      w1 = u32be(bytes, at + 4)
      w2 = u32be(bytes, at + 8)
      w3 = u32be(bytes, at + 12)
    }
    const hash = hashWords(w0, w1, w2, w3)
    for (let id = this.#buckets[hash & (this.#capacity - 1)]!; id >= 0; id = this.#next[id]!) {
      const word = id * 4
      if (words[word] !== w0 || this.#versions[id] !== version) continue
      // The words after an IPv4 address are 0.
      if (version === 4 || (words[word + 1] === w1 && words[word + 2] === w2 && words[word + 3] === w3)) return id
    }
    return add ? this.#add(hash, version, w0, w1, w2, w3) : -1
  }

  hold(id: number): void {
    this.#holders[id]!++
  }

  /** Frees the id when nothing else holds it. */
  release(id: number): void {
    if (--this.#holders[id]! > 0) return
    if (id < this.#texts.length) this.#texts[id] = undefined
    const word = id * 4
    const hash = hashWords(this.#words[word]!, this.#words[word + 1]!, this.#words[word + 2]!, this.#words[word + 3]!)
    const bucket = hash & (this.#capacity - 1)
    if (this.#buckets[bucket] === id) this.#buckets[bucket] = this.#next[id]!
    else {
      let before = this.#buckets[bucket]!
      while (this.#next[before] !== id) before = this.#next[before]!
      this.#next[before] = this.#next[id]!
    }
    this.#next[id] = this.#free
    this.#free = id
  }

  /** The address as reports write it. Made once, since few servers have most of the connections that are followed. */
  text(id: number): string {
    return (this.#texts[id] ??= addressText(this.bytes(id), 0, this.version(id)))
  }

  /** As `addressWord` of its bytes. */
  word(id: number): number {
    const word = id * 4
    const words = this.#words
    if (this.#versions[id] === 4) return words[word]! | 0
    return hashWords(words[word]!, words[word + 1]!, words[word + 2]!, words[word + 3]!) | 0
  }

  version(id: number): 4 | 6 {
    return this.#versions[id] === 6 ? 6 : 4
  }

  /** The address in network byte order: 4 or 16 bytes. */
  bytes(id: number): Uint8Array {
    const words = this.version(id) === 6 ? 4 : 1
    const out = new Uint8Array(words * 4)
    for (let i = 0; i < words; i++) {
      const word = this.#words[id * 4 + i]!
      out[i * 4] = word >>> 24
      out[i * 4 + 1] = word >>> 16
      out[i * 4 + 2] = word >>> 8
      out[i * 4 + 3] = word
    }
    return out
  }

  #add(hash: number, version: number, w0: number, w1: number, w2: number, w3: number): number {
    let id = this.#free
    if (id >= 0) this.#free = this.#next[id]!
    else {
      if (this.#used === this.#capacity) this.#grow()
      id = this.#used++
    }
    const word = id * 4
    this.#words[word] = w0
    this.#words[word + 1] = w1
    this.#words[word + 2] = w2
    this.#words[word + 3] = w3
    this.#versions[id] = version
    this.#holders[id] = 0
    const bucket = hash & (this.#capacity - 1)
    this.#next[id] = this.#buckets[bucket]!
    this.#buckets[bucket] = id
    return id
  }

  /** Only called when every id is in use, so that all can be chained anew. */
  #grow(): void {
    const capacity = this.#capacity * 2
    const words = new Uint32Array(capacity * 4)
    words.set(this.#words)
    const versions = new Uint8Array(capacity)
    versions.set(this.#versions)
    const holders = new Uint32Array(capacity)
    holders.set(this.#holders)
    this.#words = words
    this.#versions = versions
    this.#holders = holders
    this.#buckets = new Int32Array(capacity).fill(-1)
    this.#next = new Int32Array(capacity)
    this.#capacity = capacity
    for (let id = 0; id < this.#used; id++) {
      const word = id * 4
      const bucket = hashWords(words[word]!, words[word + 1]!, words[word + 2]!, words[word + 3]!) & (capacity - 1)
      this.#next[id] = this.#buckets[bucket]!
      this.#buckets[bucket] = id
    }
  }
}

/** 32 bits of the address at `at`: an IPv4 address itself, a digest of an IPv6 address. */
export function addressWord(bytes: Uint8Array, at: number, version: number): number {
  if (version === 4) return u32be(bytes, at) | 0
  return hashWords(u32be(bytes, at), u32be(bytes, at + 4), u32be(bytes, at + 8), u32be(bytes, at + 12)) | 0
}

/** Different in each run, so that no capture can be crafted whose addresses all fall into one bucket. */
const SEED = (Math.random() * 0x100000000) | 0

function hashWords(w0: number, w1: number, w2: number, w3: number): number {
  let hash = Math.imul(w0 ^ SEED, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ w1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 16) ^ w2, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ w3, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
