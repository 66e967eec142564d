import { fileFormat } from '../bytes/file-signatures.js'
import type { Compression } from '../capture/capture-file.js'
import type { Chunks } from './input.js'
import { unzstd } from './unzstd.js'

/** Decompresses gzip of one or more members with what the platform provides; throws `DamageError`. */
export type Gunzip = (source: Chunks) => Chunks

/** Bytes that identify a compression format. */
const MAGIC_LENGTH = 4

/** The compression of data with these first bytes; file names do not matter. */
export function findCompression(start: Uint8Array): Compression {
  switch (fileFormat(start)) {
    case 'gzip':
      return 'gzip'
    case 'zstd':
    case 'zstd-skippable':
      return 'zstd'
    default:
      return null
  }
}

/** Detects the compression of `source` by its first bytes and returns the decompressed bytes. */
export async function decompressed(
  source: Chunks,
  gunzip: Gunzip,
): Promise<{ compression: Compression; chunks: Chunks }> {
  const rest = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < MAGIC_LENGTH) {
    const next = await rest.next()
    if (next.done) break
    // Copied only when too short, since a chunk is valid until the next one is requested.
    head = head.length === 0 && next.value.length >= MAGIC_LENGTH ? next.value : join(head, next.value)
  }
  const compression = findCompression(head)
  const whole = prepend(head, rest)
  return {
    compression,
    chunks: compression === 'gzip' ? gunzip(whole) : compression === 'zstd' ? unzstd(whole) : whole,
  }
}

async function* prepend(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (head.length > 0) yield head
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
