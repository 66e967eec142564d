import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findCompression } from '../../src/input/compression.js'
import type { Chunks } from '../../src/input/input.js'
import { gunzip } from '../../src/cli/input/gunzip.js'
import { unzstd } from '../../src/input/unzstd.js'
import { frameBytes, join } from '../capture/build.js'
import { expectBytes } from '../support/expect-bytes.js'
import { compressed, plain, rawBlock, runBlock, skippableFrame, zstdFrame, blockHeader } from './zstd-data.js'

/** The bytes in pieces of `size`, in one buffer that is reused. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(size)
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    buffer.set(piece)
    yield await Promise.resolve(buffer.subarray(0, piece.length))
    buffer.fill(0xee)
  }
}

/** All output, and the message of the error that ended it. */
async function collect(chunks: Chunks): Promise<{ bytes: Uint8Array; error: string | null; largest: number }> {
  const parts: Uint8Array[] = []
  let error: string | null = null
  try {
    for await (const chunk of chunks) parts.push(chunk.slice())
  } catch (thrown) {
    error = (thrown as Error).message
  }
  return { bytes: join(...parts), error, largest: Math.max(0, ...parts.map((part) => part.length)) }
}

const text = frameBytes(300_000)

describe('findCompression', () => {
  it('recognizes gzip and zstd by their first bytes', () => {
    expect(findCompression(gzipSync(''))).toBe('gzip')
    expect(findCompression(compressed)).toBe('zstd')
    expect(findCompression(skippableFrame(4))).toBe('zstd')
    expect(findCompression(plain)).toBeNull()
    expect(findCompression(new Uint8Array(0))).toBeNull()
    expect(findCompression(Uint8Array.of(0x1f))).toBeNull()
  })
})

describe('gunzip', () => {
  it('reads consecutive members, wherever they are split', async () => {
    const middle = text.subarray(0, 5000)
    const data = join(gzipSync('first '), gzipSync(middle), gzipSync(''), gzipSync(' last'))
    const expected = join(Buffer.from('first '), middle, Buffer.from(' last'))
    for (const size of [1, 25, 1000, data.length]) {
      expect(await collect(gunzip(cut(data, size)))).toMatchObject({ bytes: expected, error: null })
    }
  })

  it('ignores zero padding at the end', async () => {
    const { bytes, error } = await collect(gunzip(cut(join(gzipSync('x'), new Uint8Array(512)), 100)))
    expect([bytes, error]).toEqual([Uint8Array.of(0x78), null])
  })

  it('yields all that can be decompressed of truncated data', async () => {
    const data = gzipSync(text, { level: 0 })
    const { bytes, error } = await collect(gunzip(cut(data.subarray(0, 250_000), 1 << 20)))
    expect(error).toBe('its gzip data ends early; capture or copy it again')
    expect(bytes.length).toBeGreaterThan(249_000)
    expectBytes(bytes, text.subarray(0, bytes.length))
  })

  it('reports damaged data', async () => {
    const data = Uint8Array.from(gzipSync(text, { level: 0 }))
    data.fill(0xff, 200_000, 200_100)
    data.fill(0xff, data.length - 8)
    const { bytes, error } = await collect(gunzip(cut(data, 10_000)))
    expect(error).toBe('its gzip data is corrupt (incorrect data check); capture or copy it again')
    expect(bytes.length).toBeGreaterThan(200_000)
  })

  it('yields a bomb in small pieces', async () => {
    const data = gzipSync(new Uint8Array(10_000_000))
    const { bytes, largest } = await collect(gunzip(cut(data, 1 << 20)))
    expect(bytes.length).toBe(10_000_000)
    expect(largest).toBeLessThanOrEqual(65_536)
  })
})

describe('unzstd', () => {
  it('reads what the zstd tool wrote, wherever it is split', async () => {
    for (const size of [1, 2, 7, 100, compressed.length]) {
      expect(await collect(unzstd(cut(compressed, size)))).toMatchObject({ bytes: plain, error: null })
    }
  })

  it('reads consecutive frames, with skippable frames in between', async () => {
    const data = join(skippableFrame(10), compressed, skippableFrame(0), zstdFrame([rawBlock(plain, true)]), compressed)
    for (const size of [1, 3, data.length]) {
      expect(await collect(unzstd(cut(data, size)))).toMatchObject({ bytes: join(plain, plain, plain), error: null })
    }
  })

  it('reads raw and run-length blocks', async () => {
    const block = fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((data) => ({ data, encoded: (last: boolean) => rawBlock(data, last) })),
      fc.tuple(fc.nat(255), fc.nat(2000)).map(([byte, length]) => ({
        data: new Uint8Array(length).fill(byte),
        encoded: (last: boolean) => runBlock(byte, length, last),
      })),
    )
    const frames = fc.array(fc.array(block, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 1, max: 60 }), async (contents, size) => {
        const data = contents.map((blocks) => zstdFrame(blocks.map((one, i) => one.encoded(i === blocks.length - 1))))
        const { bytes, error } = await collect(unzstd(cut(join(...data), size)))
        expect(error).toBeNull()
        expectBytes(bytes, join(...contents.flat().map((one) => one.data)))
      }),
    )
  })

  it('yields all blocks before the truncated one', async () => {
    const data = zstdFrame([rawBlock(plain), rawBlock(plain), rawBlock(plain, true)])
    const { bytes, error } = await collect(unzstd(cut(data.subarray(0, data.length - 1), 1 << 20)))
    expect(bytes).toEqual(join(plain, plain))
    expect(error).toBe('its zstd data ends early; capture or copy it again')
  })

  it('reports damaged data with its offset', async () => {
    const after = (damage: Uint8Array) => collect(unzstd(cut(join(zstdFrame([rawBlock(plain)]), damage), 1 << 20)))
    expect(await after(blockHeader(5, 3, false))).toMatchObject({
      bytes: plain,
      error: 'its zstd data is corrupt before offset 2509: a block has the reserved type; capture or copy it again',
    })
    expect((await after(blockHeader(200_000, 0, false))).error).toContain('a block of 200000 bytes is too large')
    expect((await after(join(blockHeader(9, 2, false), new Uint8Array(9).fill(0xff)))).error).toContain('is corrupt')
    const { error } = await collect(unzstd(cut(join(compressed, Buffer.from('junk')), 1 << 20)))
    expect(error).toContain('not the start of a frame')
  })

  it('rejects a window beyond 128 MiB and a dictionary', async () => {
    const large = await collect(unzstd(cut(zstdFrame([rawBlock(plain, true)], 18), 1 << 20)))
    expect(large.error).toBe('its zstd window of 256 MiB exceeds 128 MiB; decompress it first with "zstd -d --long=31"')
    const dictionary = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 0x38, 7)
    expect((await collect(unzstd(cut(dictionary, 100)))).error).toContain('needs a dictionary')
  })

  it('yields a bomb in small pieces', async () => {
    const blocks = Array.from({ length: 100 }, (_, i) => runBlock(0, 128 * 1024, i === 99))
    const { bytes, largest } = await collect(unzstd(cut(zstdFrame(blocks), 1 << 20)))
    expect(bytes.length).toBe(100 * 128 * 1024)
    expect(largest).toBe(128 * 1024)
  })

  it('never fails other than by reporting damaged data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(compressed.length - 1), fc.nat(255), async (at, value) => {
        const { error } = await collect(unzstd(cut(compressed.with(at, value), 1 << 20)))
        expect(error ?? 'its zstd').toMatch(/^its zstd/)
      }),
      { numRuns: 300 },
    )
  })
})
