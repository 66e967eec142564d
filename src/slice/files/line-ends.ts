const [LF, CR] = [10, 13]

/** Makes LF of CR LF (RFC 959 §3.1.1.1), in pieces of any size; a CR before anything else stays. */
export class LineEnds {
  /** The last byte was a CR, which is not handed on yet. */
  #pending = false

  convert(bytes: Uint8Array): Uint8Array {
    const converted = new Uint8Array(bytes.length + 1)
    let length = 0
    for (const byte of bytes) {
      if (this.#pending && byte !== LF) converted[length++] = CR
      this.#pending = byte === CR
      if (!this.#pending) converted[length++] = byte
    }
    return converted.subarray(0, length)
  }

  /** Something else than bytes follows, or nothing. */
  flush(): Uint8Array {
    const rest = this.#pending ? Uint8Array.of(CR) : new Uint8Array(0)
    this.#pending = false
    return rest
  }
}
