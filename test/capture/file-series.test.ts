import { describe, expect, it } from 'vitest'
import { AnomalyLog, joinAnomalies } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import { type FileScan, seriesOf } from '../../src/capture/file-series.js'
import { timeInPause } from '../../src/capture/time.js'
import { frameBytes, pcap } from './build.js'

const scan = (path: string, seconds: number | null, length = 10): FileScan => ({
  path,
  frames: seconds === null ? 0 : 2,
  epoch: seconds === null ? null : { seconds, nanoseconds: 500 },
  end: seconds === null ? null : length * 1e9,
  timestampDigits: 6,
  isCapture: true,
})

describe('The files of an input', () => {
  it('are one series as long as each begins where the ones before it end', () => {
    const [series, ...others] = seriesOf([scan('a', 100), scan('b', 110), scan('c', 300)])
    expect(others).toEqual([])
    expect(series).toMatchObject({ paths: ['a', 'b', 'c'], frames: 6, before: { epoch: null, frames: 0 } })
  })

  it('begin a new series at a file that covers the same time, and frame numbers continue', () => {
    const [first, second] = seriesOf([scan('a', 100), scan('b', 105), scan('c', 116)])
    expect(first).toMatchObject({ paths: ['a'], frames: 2 })
    expect(second).toMatchObject({
      paths: ['b', 'c'],
      before: { epoch: { seconds: 100 }, frames: 2, timestampDigits: 6, previous: { path: 'a', end: 10e9 } },
    })
  })

  it('overlap with the latest frame of all files before, not only of the last one', () => {
    expect(seriesOf([scan('a', 100, 50), scan('b', 150, 1), scan('c', 140)]).map(({ paths }) => paths)).toEqual([
      ['a', 'b'],
      ['c'],
    ])
  })

  it('do not begin a series without a frame, or if they are not captures', () => {
    const text = { ...scan('notes.txt', null), isCapture: false }
    const empty = scan('empty', null)
    const [series, ...others] = seriesOf([empty, text, scan('a', 100), { ...empty, path: 'later' }, scan('b', 110)])
    expect(others).toEqual([])
    expect(series!.paths).toEqual(['empty', 'notes.txt', 'a', 'later', 'b'])
    expect(seriesOf([empty]).map(({ before }) => before.epoch)).toEqual([null])
  })

  it('are numbered by a reader of the later ones from the first one’s epoch and frame count', () => {
    const times: number[] = []
    const before = { epoch: { seconds: 100, nanoseconds: 0 }, frames: 7, timestampDigits: 9, previous: null }
    const reader = new CaptureReader(
      {
        frame: ({ number, time }) => {
          times.push(number, time)
        },
      },
      new AnomalyLog(),
      { before },
    )
    expect(reader.clock?.digits).toBe(9)
    reader.openFile('b.pcap', null)
    reader.push(pcap([{ seconds: 103, data: frameBytes(60) }]))
    reader.closeFile()
    expect(times).toEqual([8, 3e9])
    expect(reader.clock?.iso(0)).toBe('1970-01-01T00:01:40.000000000Z')
    const empty = new CaptureReader({ frame: () => undefined }, new AnomalyLog(), {
      before: { ...before, epoch: null },
    })
    expect([empty.frames, empty.clock]).toEqual([7, null])
  })
})

describe('A reader', () => {
  it('closes the open file when the next one is opened, and accepts bytes for an open file only', () => {
    const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog(), {})
    expect(() => {
      reader.push(new Uint8Array(4))
    }).toThrow('No file is open')
    expect(() => {
      reader.closeFile()
    }).toThrow('No file is open')
    reader.openFile('a.pcap', null)
    reader.push(pcap([{ seconds: 1, data: frameBytes(60) }]))
    reader.openFile('b.pcap', null)
    expect(reader.files).toMatchObject([{ path: 'a.pcap', frames: 1, failure: null }])
  })
})

describe('The current time', () => {
  const epoch = { seconds: 1000, nanoseconds: 250 }

  it('is within a pause of a live capture up to ten minutes after the last frame', () => {
    expect(timeInPause(epoch, 1_005_000, 2e9)).toBe(5e9 - 250)
    expect(timeInPause(epoch, 1_001_000, 2e9)).toBeNull()
    expect(timeInPause(epoch, 1_700_000, 2e9)).toBeNull()
  })
})

describe('Anomalies of parts', () => {
  it('are merged by kind, in the order of their frames, those without a frame last', () => {
    const anomaly = (kind: string, count: number, firstFrame: number | null) => ({
      kind,
      count,
      firstFrame,
      message: `${kind} ${firstFrame ?? 'nowhere'}`,
    })
    expect(
      joinAnomalies([
        [anomaly('b', 2, 9), anomaly('z', 1, null)],
        [anomaly('b', 3, 40), anomaly('a', 1, 3)],
      ]),
    ).toEqual([anomaly('a', 1, 3), anomaly('b', 5, 9), anomaly('z', 1, null)])
  })
})
