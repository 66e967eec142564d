import type { Output } from './output.js'

const BLOCK = 1 << 20
/** UTF-8 takes up to three bytes per code unit of a string. */
const MOST_BYTES = 3

/** Text that waits to be written, as bytes: strings would stay what they were joined from until then. */
export class WaitingText {
  readonly #full: Uint8Array[] = []
  #block: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(BLOCK)
  #used = 0
  /** A block whose bytes have been written. */
  #spare: Buffer<ArrayBuffer> | null = null

  add(text: string): void {
    const most = text.length * MOST_BYTES
    if (most > this.#block.length - this.#used) this.#begin(Math.max(BLOCK, most))
    this.#used += this.#block.write(text, this.#used)
  }

  /** Writes what was added before the call. */
  async writeTo(output: Output): Promise<void> {
    if (this.#used === 0) return
    const block = this.#block
    this.#begin(BLOCK)
    for (const bytes of this.#full.splice(0)) await output.write(bytes)
    if (block.length === BLOCK) this.#spare = block
  }

  #begin(length: number): void {
    this.#full.push(this.#block.subarray(0, this.#used))
    this.#block = length === BLOCK && this.#spare ? this.#spare : Buffer.allocUnsafeSlow(length)
    this.#spare = null
    this.#used = 0
  }
}
