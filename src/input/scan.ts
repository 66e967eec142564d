import { AnomalyLog } from '../bytes/anomaly.js'
import { CaptureFormatError } from '../capture/format-error.js'
import { CaptureReader } from '../capture/reader.js'
import type { FileScan } from '../capture/file-series.js'
import type { Input } from './input.js'

/** Reads a capture record by record without decoding frames: their number, and the time that they cover. */
export async function scan(input: Input): Promise<FileScan> {
  const { path } = input
  const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog())
  let isCapture = true
  try {
    reader.openFile(path, input.compression)
    for await (const chunk of input.chunks) reader.push(chunk)
    reader.closeFile(input.failure)
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error
    isCapture = false
  }
  const file = reader.files.at(-1)
  const { frames, epoch } = reader
  return {
    path,
    frames,
    epoch,
    end: file?.end ?? null,
    timestampDigits: file?.timestampDigits ?? 0,
    isCapture,
    ...(file && file.secrets.length > 0 && { secrets: file.secrets }),
  }
}
