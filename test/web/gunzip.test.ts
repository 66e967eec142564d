/**
 * The browser's gzip decoder against the command line's, which is zlib itself: the same bytes, and the same messages
 * for corrupt data.
 */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip as byZlib } from '../../src/cli/input/gunzip.js'
import type { Chunks } from '../../src/input/input.js'
import { gunzip } from '../../src/web/gunzip.js'
import { frameBytes, join } from '../capture/build.js'
import { expectBytes } from '../support/expect-bytes.js'

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size))
}

async function collect(chunks: Chunks): Promise<{ bytes: Uint8Array; error: string | null }> {
  const parts: Uint8Array[] = []
  try {
    for await (const chunk of chunks) parts.push(chunk.slice())
  } catch (thrown) {
    return { bytes: join(...parts), error: (thrown as Error).message }
  }
  return { bytes: join(...parts), error: null }
}

const text = frameBytes(20_000)
const member = gzipSync(text)
const flipped = (at: number): Uint8Array => member.map((byte, index) => (index === at ? byte ^ 0x55 : byte))

const CASES: [string, Uint8Array][] = [
  ['one member', member],
  ['several members, one of them empty', join(gzipSync('first '), gzipSync(''), member)],
  ['zeros after the end', join(member, new Uint8Array(600))],
  ['other bytes after the end', join(member, Buffer.from('rest'))],
  ['an end in the middle', member.subarray(0, member.length >> 1)],
  ['an end in the header', member.subarray(0, 5)],
  ['an end before the checksum', member.subarray(0, member.length - 8)],
  ['a wrong checksum', flipped(member.length - 6)],
  ['a corrupt middle', flipped(member.length >> 1)],
  ['a corrupt header', flipped(2)],
  ['nothing', new Uint8Array(0)],
]

describe("the browser's gunzip", () => {
  it.each(CASES)('reads %s as zlib does', async (_, data) => {
    for (const size of [7, 1000, data.length + 1]) {
      const expected = await collect(byZlib(cut(data, size)))
      const { bytes, error } = await collect(gunzip(cut(data, size)))
      expect(error).toBe(expected.error)
      // Node's stream discards what its last step produced before an error; here it is returned.
      if (error === null || error.includes('ends early')) expectBytes(bytes, expected.bytes)
      else expectBytes(bytes.subarray(0, expected.bytes.length), expected.bytes)
    }
  })
})
