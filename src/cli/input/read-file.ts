import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** What is read stays in a processor's cache until it is looked at; more at a time is copied past the cache, four times as slowly. */
const CHUNK_LENGTH = 128 * 1024
/** Bytes after which signals, timers and output get their turn. */
const TURN_LENGTH = 8 * 1024 * 1024

/**
 * The bytes of a regular file in chunks of up to `size` bytes, each valid until the next one is asked for. Not read in Node's thread
 * pool: handing a call over takes longer than the call, and the system itself reads ahead from a disk.
 */
export async function* readFileChunks(path: string, size = CHUNK_LENGTH): AsyncGenerator<Uint8Array, void, undefined> {
  const file = openSync(path, 'r')
  const buffer = new Uint8Array(size)
  let sinceTurn = 0
  try {
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, null)
      if (length === 0) return
      yield buffer.subarray(0, length)
      sinceTurn += length
      if (sinceTurn < TURN_LENGTH) continue
      sinceTurn = 0
      await setImmediate()
    }
  } finally {
    closeSync(file)
  }
}
