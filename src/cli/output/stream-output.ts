import type { Writable } from 'node:stream'
import { CommandError, codeOf, reasonOf } from '../errors.js'
import type { Output } from './output.js'

/** A report on standard output. */
export class StreamOutput implements Output {
  readonly #stream: Writable
  #error: Error | null = null
  readerGone = false

  constructor(stream: Writable) {
    this.#stream = stream
    // The stream reports an error both to the callback of a write and as an event; without a listener, the event would
    // end the process.
    stream.on('error', (error: Error) => {
      this.#failed(error)
    })
  }

  async write(text: string | Uint8Array): Promise<void> {
    if (!this.readerGone) {
      await new Promise<void>((resolve) => {
        this.#stream.write(text, (error) => {
          if (error) this.#failed(error)
          resolve()
        })
      })
    }
    if (this.#error) throw new CommandError(`Cannot write to standard output: ${reasonOf(this.#error)}`)
  }

  #failed(error: Error): void {
    if (codeOf(error) === 'EPIPE' || codeOf(error) === 'ERR_STREAM_DESTROYED') this.readerGone = true
    else this.#error = error
  }

  finish(): Promise<void> {
    return Promise.resolve()
  }

  discard(): Promise<void> {
    return Promise.resolve()
  }
}
