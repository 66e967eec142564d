import { AnomalyLog } from '../bytes/anomaly.js'
import { CaptureReader } from '../capture/reader.js'
import type { Epoch } from '../capture/time.js'
import { type Gunzip, decompressed } from './compression.js'
import { DamageError } from './damage-error.js'
import { InputError } from './input-error.js'
import type { Chunks } from './input.js'

/** Bytes searched: a capture without a frame in them has no known first time. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Time of the first frame of a capture file with these bytes; `null` if there is none near its start.
 * @throws CaptureFormatError if it is not a capture, InputError or any error of `source` if it cannot be read
 */
export async function peekFirstTime(path: string, source: Chunks, gunzip: Gunzip): Promise<Epoch | null> {
  const { chunks } = await decompressed(source, gunzip)
  const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog())
  reader.openFile(path, null)
  let bytes = 0
  let failure: string | null = null
  try {
    for await (const chunk of chunks) {
      reader.push(chunk)
      bytes += chunk.length
      if (reader.epoch || bytes >= MOST_BYTES) return reader.epoch
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error
    if (bytes === 0) throw new InputError(`Cannot read ${path}: ${error.message}`, { cause: error })
    failure = error.message
  }
  reader.closeFile(failure)
  return reader.epoch
}
