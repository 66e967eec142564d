import { describe, expect, it } from 'vitest'
import type { Direction } from '../../src/tcp/connection.js'
import { randomOf } from '../property/disorder.js'
import { decodeWithHoles, streamOf } from '../support/tls-holes.js'
import { contextOf, decodeAll, transcripts } from '../support/tls-transcript.js'

const readable = transcripts().filter(({ name }) => name !== 'tls12-camellia')

/** Whether `part` is what is left of `whole` when some elements are taken out. */
function isPartOf(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const each of whole) if (at < part.length && part[at] === each) at++
  return at === part.length
}

describe('after lost bytes', () => {
  it.each(readable.map((file) => [file.name, file] as const))('nothing wrong is read: %s', (_, file) => {
    const random = randomOf(file.name.length * 7919)
    const below = (limit: number) => Math.floor(random() * limit)
    for (const [index, connection] of file.connections.entries()) {
      const whole = decodeAll(file)[index]!.notes.order
      for (let run = 0; run < 40; run++) {
        const context = contextOf(file)
        for (const before of file.connections.slice(0, index)) decodeWithHoles(before, context, [])
        const direction = below(2) as Direction
        const from = below(streamOf(connection, direction))
        const { order } = decodeWithHoles(connection, context, [{ direction, from, to: from + 1 + below(200) }])
        expect(isPartOf(order, whole), `${direction} from ${from}`).toBe(true)
      }
    }
  })
})
