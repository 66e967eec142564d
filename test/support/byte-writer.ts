/** Appends integers of either byte order; grows as needed. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0
  readonly #littleEndian: boolean

  constructor(littleEndian = false) {
    this.#littleEndian = littleEndian
  }

  get length(): number {
    return this.#length
  }

  u8(...values: number[]): this {
    return this.bytes(Uint8Array.from(values))
  }

  u16(...values: number[]): this {
    for (const value of values) new DataView(this.#room(2)).setUint16(this.#length - 2, value, this.#littleEndian)
    return this
  }

  u32(...values: number[]): this {
    for (const value of values) new DataView(this.#room(4)).setUint32(this.#length - 4, value, this.#littleEndian)
    return this
  }

  bytes(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length - bytes.length)
    return this
  }

  zeros(count: number): this {
    return this.bytes(new Uint8Array(count))
  }

  result(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #room(count: number): ArrayBuffer {
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return this.#bytes.buffer
  }
}
