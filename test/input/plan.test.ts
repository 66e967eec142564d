import { describe, expect, it } from 'vitest'
import type { Epoch } from '../../src/capture/time.js'
import { planInput } from '../../src/input/plan.js'
import type { ScannedFile } from '../../src/paths/files/places-of-files.js'

interface File {
  path: string
  size: number | null
  firstTime: Epoch
  keys: number[]
}

const LARGE = 100e6

function file(path: string, seconds: number, keys: number[], size: number | null = LARGE): File {
  return { path, size, firstTime: { seconds, nanoseconds: 0 }, keys }
}

/** Each is a minute long. */
const scan = ({ path, firstTime, keys }: File): Promise<ScannedFile> =>
  Promise.resolve({
    path,
    frames: 1000,
    epoch: firstTime,
    end: 60e9,
    timestampDigits: 6,
    isCapture: true,
    fingerprint: Float64Array.from(keys),
    linkTypes: [1],
  })

describe('The plan of an input', () => {
  it('is not needed for large captures that overlap in time and have nothing in common', async () => {
    expect(await planInput([file('one.pcap', 0, [1, 2]), file('other.pcap', 10, [3, 4])], scan)).toBeUndefined()
  })

  it('joins them where they have packets in common', async () => {
    const plan = await planInput([file('one.pcap', 0, [1, 2]), file('other.pcap', 10, [2, 3])], scan)
    expect(plan?.places).toEqual([['one.pcap'], ['other.pcap']])
  })

  it('holds small ones all the same, as boxes may have changed all that is common', async () => {
    const plan = await planInput([file('one.pcap', 0, [1], 1000), file('other.pcap', 10, [2], 1000)], scan)
    expect(plan?.places).toEqual([['one.pcap'], ['other.pcap']])
  })

  it('puts rotated files of two hosts to their hosts, which times alone do not show', async () => {
    const files = ['a', 'b'].flatMap((host, at) =>
      [0, 61].map((s, i) => file(`${host}/${i}.pcap`, s + at, [at * 9 + i])),
    )
    const sorted = files.toSorted((one, other) => one.firstTime.seconds - other.firstTime.seconds)
    const plan = await planInput(sorted, scan)
    expect(plan?.places).toEqual([
      ['a/0.pcap', 'a/1.pcap'],
      ['b/0.pcap', 'b/1.pcap'],
    ])
  })

  it('is none for a single file, a pipe, and a file that cannot be read', async () => {
    const one = file('one.pcap', 0, [1])
    expect(await planInput([one], scan)).toBeUndefined()
    expect(await planInput([one, file('pipe', 0, [1], null)], scan)).toBeUndefined()
    expect(await planInput([one, file('other.pcap', 0, [1])], () => Promise.resolve(null))).toBeUndefined()
  })
})
