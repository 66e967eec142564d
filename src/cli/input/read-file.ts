import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** This much fits into the processor's cache until it is analyzed; larger chunks are read four times as slowly. */
const CHUNK_LENGTH = 128 * 1024
/** Bytes after which signals, timers and output are served. */
const TURN_LENGTH = 8 * 1024 * 1024

/**
 * The bytes of a regular file in chunks of up to `size` bytes, each valid until the next one is requested. Not read in
 * Node's thread pool: passing a call to a thread takes longer than the call, and the system reads ahead from a disk
 * anyway.
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
