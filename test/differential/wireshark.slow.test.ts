/** Frames, streams, dialogues, data connections and TCP counts held to Wireshark's, on every capture at hand. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { corpusCaptures, labCaptures, ROOT, sampleCaptures } from '../support/captures.js'
import { hasSharkd, type WiresharkFrame, wiresharkFrames } from '../support/wireshark.js'
import { disagreements } from './compare.js'
import { type Found, knownFor, listOf } from './disagreement-list.js'
import { marked } from './document.js'
import { KNOWN } from './known-disagreements.js'
import { ourReading, type Reading, wiresharkReading } from './readings.js'

const DOCUMENT = join(ROOT, 'docs/COMPARISON.md')
const writing = process.env['FTPSCOPE_GOLDEN'] === 'write'
/** What the lab has just captured is different each time: its differences are not listed. */
const groups: Record<string, string[]> = { samples: sampleCaptures(), public: corpusCaptures(), lab: labCaptures() }

describe.skipIf(!hasSharkd).each(Object.entries(groups))('Wireshark and ftpscope on the %s captures', (name, paths) => {
  const theirFrames = new Map<string, WiresharkFrame[]>()
  const found: Found[] = []
  beforeAll(() => {
    const frames = wiresharkFrames(paths)
    for (const [i, path] of paths.entries()) theirFrames.set(path, frames[i]!)
  })

  const readings = (path: string): { ours: Reading; theirs: Reading; streamOf: (frame: number) => number } => {
    const frames = theirFrames.get(path)!
    return {
      ours: ourReading(path),
      theirs: wiresharkReading(frames),
      streamOf: (frame) => Number(frames[frame - 1]!.stream),
    }
  }

  it.each(paths.map((path): [string, string] => [basename(path), path]))(
    '%s: the same frames, streams and Community IDs',
    (_, path) => {
      const { ours, theirs, streamOf } = readings(path)
      expect(ours.frames).toEqual(theirs.frames)
      expect(identities(ours)).toEqual(identities(theirs))
      for (const one of disagreements(ours, theirs, streamOf)) found.push({ ...one, capture: basename(path) })
    },
  )

  it.skipIf(name === 'lab')('differ elsewhere only where it is known why', () => {
    expect(found.filter((one) => knownFor(one) === undefined)).toEqual([])
  })

  it.skipIf(name === 'lab' || paths.length === 0)('differ exactly where docs/COMPARISON.md says', () => {
    const markdown = readFileSync(DOCUMENT, 'utf8')
    const list = listOf(found)
    if (writing) {
      writeFileSync(
        DOCUMENT,
        markdown.replace(marked(name), () => list),
      )
    } else expect(marked(name).exec(markdown)?.[0]).toBe(list)
  })
})

describe('the known disagreements', () => {
  it('all occur, in the samples or in the public captures', () => {
    const markdown = readFileSync(DOCUMENT, 'utf8')
    expect(KNOWN.filter(({ why }) => !markdown.includes(why))).toEqual([])
  })
})

function identities({ streams }: Reading) {
  return [...streams].map(([stream, { firstFrame, ends, communityId }]) => ({ stream, firstFrame, ends, communityId }))
}
