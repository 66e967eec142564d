import { AnomalyLog } from '../../src/bytes/anomaly.js'
import type { Anomaly } from '../../src/bytes/anomaly.js'
import type { CaptureFile } from '../../src/capture/capture-file.js'
import type { Frame } from '../../src/capture/frame.js'
import type { CaptureReaderOptions } from '../../src/capture/limits.js'
import { CaptureReader } from '../../src/capture/reader.js'

/** A frame, copied. */
export interface Seen {
  number: number
  time: number
  data: number[]
  wireLength: number
  linkType: number
}

export interface Outcome {
  frames: Seen[]
  files: readonly CaptureFile[]
  anomalies: Anomaly[]
  reader: CaptureReader
}

/** Reads whole files, each split into pieces by `cut`. */
export function read(
  inputs: Uint8Array[],
  cut: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
  options?: CaptureReaderOptions,
): Outcome {
  const frames: Seen[] = []
  const sink = {
    frame(frame: Frame) {
      const { number, time, wireLength, linkType } = frame
      frames.push({ number, time, data: [...frame.bytes.subarray(frame.start, frame.end)], wireLength, linkType })
    },
  }
  const anomalies = new AnomalyLog()
  const reader = new CaptureReader(sink, anomalies, options)
  inputs.forEach((bytes, i) => {
    reader.openFile(`file${i + 1}`, null)
    for (const piece of cut(bytes)) {
      // The caller may reuse a chunk once it is pushed, so it must not be read again.
      const chunk = new Uint8Array(piece)
      reader.push(chunk)
      chunk.fill(0xee)
    }
    reader.closeFile()
  })
  return { frames, files: reader.files, anomalies: anomalies.list(), reader }
}

/** Pieces of `size` bytes. */
export function pieces(size: number): (bytes: Uint8Array) => Uint8Array[] {
  return (bytes) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size))
}
