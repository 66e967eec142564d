import { open } from 'node:fs/promises'

/**
 * The bytes of a file in chunks of up to `size` bytes. Two buffers take turns: while the consumer works on one, the other is
 * being filled, so a chunk is valid until the next one is asked for.
 */
export async function* readFileChunks(path: string, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path)
  let filling = file.read(new Uint8Array(size), 0, size, null)
  try {
    let spare = new Uint8Array(size)
    for (;;) {
      const { bytesRead, buffer } = await filling
      if (bytesRead === 0) return
      filling = file.read(spare, 0, size, null)
      spare = buffer
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    // A file must not be closed under a read that is still under way.
    await filling.catch(() => undefined)
    await file.close()
  }
}
