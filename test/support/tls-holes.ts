import type { Direction } from '../../src/tcp/connection.js'
import type { TlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import { TlsNotes, type Transcript } from './tls-transcript.js'

/** A part of one direction's bytes. */
export interface Hole {
  direction: Direction
  from: number
  to: number
}

/** Decodes a connection of which parts were not captured. */
export function decodeWithHoles({ steps }: Transcript, context: TlsContext, holes: readonly Hole[]): TlsNotes {
  const notes = new TlsNotes()
  const decoder = new TlsDecoder(context, notes)
  const offsets: [number, number] = [0, 0]
  for (const [frame, { direction, bytes }] of steps.entries()) {
    const start = offsets[direction]
    const cuts = holes.filter((hole) => hole.direction === direction).flatMap(({ from, to }) => [from, to])
    const bounds = [0, ...cuts.map((cut) => Math.min(bytes.length, Math.max(0, cut - start))), bytes.length]
    for (let index = 0; index + 1 < bounds.length; index++) {
      const [from, to] = [bounds[index]!, bounds[index + 1]!]
      if (from === to) continue
      if (index % 2 === 0) decoder.data(direction, bytes, from, to, frame + 1, frame)
      else decoder.gap(direction, to - from)
    }
    offsets[direction] += bytes.length
  }
  decoder.end()
  return notes
}

/** Bytes of a direction. */
export function streamOf({ steps }: Transcript, direction: Direction): number {
  return steps.filter((step) => step.direction === direction).reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** Where each record of a direction begins, and its type and length. */
export function recordsOf({ steps }: Transcript, direction: Direction): { at: number; type: number; length: number }[] {
  const stream = Buffer.concat(steps.filter((step) => step.direction === direction).map(({ bytes }) => bytes))
  const records = []
  for (let at = 0; at < stream.length; at += 5 + stream.readUInt16BE(at + 3))
    records.push({ at, type: stream[at]!, length: 5 + stream.readUInt16BE(at + 3) })
  return records
}
