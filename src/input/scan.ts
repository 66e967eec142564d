import { AnomalyLog } from '../bytes/anomaly.js'
import { CaptureFormatError } from '../capture/format-error.js'
import type { Frame, FrameSink } from '../capture/frame.js'
import { CaptureReader } from '../capture/reader.js'
import { FingerprintBuilder } from '../paths/files/fingerprint.js'
import type { ScannedFile } from '../paths/files/places-of-files.js'
import { PacketDecoder } from '../wire/decode.js'
import { PacketKind } from '../wire/packet.js'
import type { Input } from './input.js'

/** Reads a capture without analyzing it: the number of its frames, the time that they cover, and its fingerprint. */
export async function scan(input: Input): Promise<ScannedFile> {
  const { path } = input
  const sink = new FingerprintSink()
  const reader = new CaptureReader(sink, new AnomalyLog())
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
    fingerprint: sink.builder.fingerprint,
    linkTypes: file?.linkTypes ?? [],
    ...(file && file.secrets.length > 0 && { secrets: file.secrets }),
  }
}

class FingerprintSink implements FrameSink {
  readonly builder = new FingerprintBuilder()
  readonly #decoder = new PacketDecoder(new AnomalyLog())

  frame(frame: Frame): void {
    if (this.#decoder.decode(frame) === PacketKind.Tcp) this.builder.segment(this.#decoder.packet)
  }
}
