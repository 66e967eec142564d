import { AnomalyLog } from '../../../src/bytes/anomaly.js'
import { CaptureFormatError } from '../../../src/capture/format-error.js'
import { CaptureReader } from '../../../src/capture/reader.js'
import { captureSeeds } from '../seeds.js'
import { must, type FuzzTarget } from './target.js'

/** Files of any bytes: any split of them gives the same frames, and each frame lies inside its buffer. */
export const capture: FuzzTarget = {
  steps: { perByte: 200, perInput: 20_000 },
  seeds: captureSeeds,
  run(input) {
    const whole = read(input, input.length || 1)
    // The size of the pieces follows from the input, so that a failure is one of the input alone.
    const size = 1 + (input.reduce((sum, byte) => (sum * 31 + byte) & 0xffff, 7) % 97)
    const cut = read(input, size)
    must(whole.text === cut.text, `chunks of ${size} bytes give other frames: ${cut.text} instead of ${whole.text}`)
    return whole.features
  },
}

function read(input: Uint8Array, size: number): { text: string; features: string[] } {
  const anomalies = new AnomalyLog()
  let frames = 0
  let digest = 0
  const reader = new CaptureReader(
    {
      frame(frame) {
        // A packet that cannot be handed on takes a number all the same, as in Wireshark.
        must(frame.number > frames, `frame ${frame.number} follows frame ${frames}`)
        frames = frame.number
        must(Number.isFinite(frame.time), `frame ${frame.number} has time ${frame.time}`)
        must(
          frame.start <= frame.end && frame.end <= frame.bytes.length,
          `frame ${frame.number} lies outside its buffer`,
        )
        must(frame.wireLength >= 0, `frame ${frame.number} has length ${frame.wireLength}`)
        for (const value of [frame.time % 2 ** 32, frame.wireLength, frame.linkType]) digest = mix(digest, value)
        for (let at = frame.start; at < frame.end; at++) digest = mix(digest, frame.bytes[at]!)
      },
    },
    anomalies,
  )
  let refused = ''
  try {
    reader.openFile('input', null)
    // A buffer that the next piece overwrites, as a pipe's reader has it.
    const buffer = new Uint8Array(size)
    for (let at = 0; at < input.length; at += size) {
      const piece = input.subarray(at, at + size)
      buffer.set(piece)
      reader.push(buffer.subarray(0, piece.length))
    }
    reader.closeFile()
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error
    refused = error.message
  }
  const kinds = anomalies.list().map(({ kind, count }) => `${kind} ${count}`)
  const [file] = reader.files
  const facts = file && [file.format, file.linkTypes, file.failure, file.frames, file.comments, file.secrets.length]
  const text = JSON.stringify([frames, digest, refused, kinds, facts])
  return { text, features: [...anomalies.list().map(({ kind }) => kind), refused.replace(/\d+/g, '')] }
}

function mix(digest: number, value: number): number {
  return (Math.imul(digest ^ value, 0x01000193) ^ (digest >>> 15)) >>> 0
}
