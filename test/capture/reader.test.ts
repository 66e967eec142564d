import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureFormatError } from '../../src/capture/format-error.js'
import type { Frame } from '../../src/capture/frame.js'
import { CaptureReader } from '../../src/capture/reader.js'
import { frameBytes, join, pcap, Pcapng, text } from './build.js'
import { pieces, read } from './read.js'

const ng = new Pcapng()
const A = frameBytes(60)

describe('CaptureReader', () => {
  it('numbers frames and counts time over all files', () => {
    const first = pcap([{ seconds: 100 }, { seconds: 102 }])
    const second = join(ng.section(), ng.nic(), ng.packet(103_000_001n, A))
    const third = pcap([{ seconds: 104, fraction: 5 }], { magic: 0xa1b23c4d })
    const { frames, files, reader, anomalies } = read([first, second, third])
    expect(frames.map((frame) => [frame.number, frame.time])).toEqual([
      [1, 0],
      [2, 2e9],
      [3, 3_000_001_000],
      [4, 4_000_000_005],
    ])
    expect(files.map((file) => [file.frames, file.start, file.end])).toEqual([
      [2, 0, 2e9],
      [1, 3_000_001_000, 3_000_001_000],
      [1, 4_000_000_005, 4_000_000_005],
    ])
    expect(reader.frames).toBe(4)
    expect(reader.clock?.digits).toBe(9)
    expect(anomalies).toEqual([])
  })

  it('reports files whose times overlap', () => {
    const { anomalies } = read([
      pcap([{ seconds: 100 }, { seconds: 110 }]),
      pcap([{ seconds: 105 }]),
      pcap([{ seconds: 106 }]),
    ])
    expect(anomalies).toEqual([
      {
        kind: 'capture-files-overlap',
        count: 1,
        firstFrame: 3,
        message:
          'file2 starts 5 s before file1 ends: their frames are not in order of time, ' +
          'and each file is analyzed separately',
      },
    ])
  })

  it('reuses one frame object and does not copy the chunk', () => {
    const frames = new Set<Frame>()
    const buffers = new Set<Uint8Array>()
    const sink = {
      frame(frame: Frame) {
        frames.add(frame)
        buffers.add(frame.bytes)
      },
    }
    const reader = new CaptureReader(sink, new AnomalyLog())
    const file = pcap([{ data: A }, { data: A }, { data: A }])
    reader.openFile('a', 'gzip')
    reader.push(file)
    reader.closeFile()
    expect(frames.size).toBe(1)
    expect([...buffers]).toEqual([file])
    expect(reader.files[0]?.compression).toBe('gzip')
  })

  it('keeps the first failure of a file; the failure of its source is at the end of its bytes', () => {
    const failure = (file: Uint8Array) => {
      const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog())
      reader.openFile('a.gz', 'gzip')
      reader.push(file)
      reader.closeFile('gzip data ends early')
      return reader.files[0]?.failure
    }
    const whole = pcap([{ data: A }])
    expect(failure(whole)).toEqual({ offset: whole.length, reason: 'gzip data ends early' })
    const damaged = failure(pcap([{ data: A }, { data: A, captured: 300_000 }]))
    expect(damaged).toMatchObject({ offset: 100, reason: expect.stringContaining('claims 300000') as string })
  })

  it('marks a file incomplete if its source failed', () => {
    const anomalies = new AnomalyLog()
    const reader = new CaptureReader({ frame: () => undefined }, anomalies)
    const file = pcap([{ data: A }, { data: A }])
    reader.openFile('a.gz', 'gzip')
    reader.push(file.subarray(0, 110))
    reader.closeFile('gzip data ends early')
    const reason = 'gzip data ends early; pcap record at offset 100 is cut off: needed 16 bytes, available 10'
    expect(reader.files).toMatchObject([{ failure: { offset: 100, reason }, frames: 1 }])
    expect(anomalies.list()[0]?.message).toBe(`a.gz: ${reason}`)
    reader.openFile('b.gz', 'gzip')
    expect(() => {
      reader.closeFile('gzip data ends early')
    }).toThrow('b.gz cannot be read: gzip data ends early')
  })

  it('continues with the next file after one that is not a capture', () => {
    const frames: number[] = []
    const reader = new CaptureReader({ frame: (frame) => frames.push(frame.number) }, new AnomalyLog())
    for (const bytes of [
      pcap([{}]),
      text('This is not a capture'),
      pcap([]).subarray(0, 9),
      new Uint8Array(0),
      pcap([{}]),
    ]) {
      reader.openFile('x', null)
      try {
        reader.push(bytes)
        reader.closeFile()
      } catch (error) {
        expect(error).toBeInstanceOf(CaptureFormatError)
      }
    }
    expect(frames).toEqual([1, 2])
    expect(reader.files).toHaveLength(2)
  })

  it('reads a long frame whose bytes arrive one by one', () => {
    const file = pcap([{ data: frameBytes(50_000) }])
    const { frames } = read([file], pieces(1))
    expect(frames[0]?.data.length).toBe(50_000)
  })

  /** The first header of a tar archive (POSIX.1-2017, pax), with nothing but the name and the magic. */
  function tarHeader(): Uint8Array {
    const header = new Uint8Array(512)
    header.set(text('a.pcap'))
    header.set(text('ustar'), 257)
    return header
  }

  /** The first buffer of a trace: its size, the bytes used, and the mark of its first event. */
  function eventTrace(): Uint8Array {
    const buffer = new Uint8Array(1024)
    buffer.set([0, 0, 1, 0, 0, 4, 0, 0])
    buffer.set([2, 0xc0], 74)
    return buffer
  }

  const foreign: [bytes: Uint8Array, message: string][] = [
    [new Uint8Array(0), 'x is not a capture file: it is empty; check that the capture program wrote packets'],
    [
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      'x is not a capture file: gzip data at offset 0; decompress it: gzip -dc x | ftpscope -',
    ],
    [
      text('Internet Protocol, Src: 10.0.0.1'),
      'x is not a capture file: text at offset 0: "Internet Protoco"; give a pcap or pcapng file',
    ],
    [
      text('snoop\0\0\0\0\0\0\0\0\0\0\0\0\0'),
      'x is not a capture file: a snoop capture at offset 0; convert it: editcap -F pcapng x converted.pcapng',
    ],
    [
      Uint8Array.of(1, 2, 3, 0xff, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
      'x is not a capture file: unknown bytes at offset 0: 01 02 03 ff 05 06 07 08; give a pcap or pcapng file',
    ],
    [tarHeader(), 'x is not a capture file: a tar archive; unpack it first: tar -xf x'],
    [eventTrace(), 'x is not a capture file: a Windows event trace; convert it: pktmon etl2pcap x'],
    [
      text('10:00:00.1 IP 10.0.0.1.21 > 10.0.0.2.5: tcp 0\n\t0x0000:  4500 0028 0001\n'),
      'x is not a capture file: a hex dump of tcpdump; capture with tcpdump -w instead of -x',
    ],
    [
      text('0000  00 01 02 03 04 05 06 07\n'),
      'x is not a capture file: a hex dump; convert it: text2pcap x converted.pcapng',
    ],
    [text('<!DOCTYPE html>\n<p>'), 'x is not a capture file: an HTML document; give a pcap or pcapng file'],
    [
      text('{\n  "schema": "ftpscope/1"'),
      'x is not a capture file: JSON, as ftpscope and others write it; give a pcap or pcapng file',
    ],
    [text('hi\n'), 'x is not a capture file: text at offset 0: "hi\\n"; give a pcap or pcapng file'],
  ]
  it('identifies a file that is not a capture, at any split', () => {
    for (const [bytes, message] of foreign) {
      for (const size of [1, 5, 100]) {
        const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog())
        reader.openFile('x', null)
        expect(() => {
          for (const piece of pieces(size)(bytes)) reader.push(piece)
          reader.closeFile()
        }).toThrow(new CaptureFormatError(message))
        expect(reader.files).toEqual([])
      }
    }
  })
})

describe('any split of the bytes', () => {
  const options = fc.constantFrom([], [[1, text('note')] as const], [[2, A] as const, [1, text('x')] as const])
  const data = fc.uint8Array({ maxLength: 90 })
  const fraction = fc.integer({ min: 0, max: 999_999 })
  const pcapFile = fc
    .record({
      records: fc.array(fc.record({ seconds: fc.nat(), fraction, data }), { maxLength: 12 }),
      little: fc.boolean(),
      variant: fc.constantFrom(
        { magic: 0xa1b2c3d4, extra: 0 },
        { magic: 0xa1b23c4d, extra: 0 },
        { magic: 0xa1b2cd34, extra: 8 },
      ),
    })
    .map(({ records, little, variant }) => pcap(records, { little, ...variant }))

  const block = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('packet' as const), fc.bigInt(0n, (1n << 64n) - 1n), data, options) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('obsolete' as const), fc.bigInt(0n, 1n << 60n), data) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('simple' as const), data) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('secrets' as const), data) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('other' as const), fc.constantFrom(4, 5, 9, 0xbad, 0x777), data) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('section' as const), fc.boolean(), fc.integer({ min: 0, max: 255 })) },
  )
  const pcapngFile = fc.tuple(fc.boolean(), fc.array(block, { maxLength: 12 })).map(([little, blocks]) => {
    let writer = new Pcapng(little)
    const parts = [writer.section(), writer.nic()]
    for (const item of blocks) {
      if (item[0] === 'packet') parts.push(writer.packet(item[1], item[2], { options: item[3] }))
      else if (item[0] === 'obsolete') parts.push(writer.obsoletePacket(item[1], item[2]))
      else if (item[0] === 'simple') parts.push(writer.simplePacket(item[1]))
      else if (item[0] === 'secrets') parts.push(writer.secrets(7, item[1]))
      else if (item[0] === 'other') parts.push(writer.block(item[1], join(new Uint8Array(12), item[2])))
      else {
        writer = new Pcapng(item[1])
        parts.push(writer.section(), writer.nic(item[2], 64, [[9, Uint8Array.of(item[2])]]))
      }
    }
    return join(...parts)
  })
  // Damage: one byte changed, the end cut off, or none.
  const damage = fc.oneof(
    fc.constant((bytes: Uint8Array) => bytes),
    fc.nat().map((cut) => (bytes: Uint8Array) => bytes.subarray(0, cut % (bytes.length + 1))),
    fc.tuple(fc.nat(), fc.nat(255)).map(
      ([at, value]) =>
        (bytes: Uint8Array) =>
          bytes.with(at % bytes.length, value),
    ),
  )

  const outcome = (file: Uint8Array, cut: (bytes: Uint8Array) => Uint8Array[]) => {
    try {
      const { frames, files, anomalies, reader } = read([file], cut)
      return { frames, files, anomalies, epoch: reader.epoch }
    } catch (error) {
      if (error instanceof CaptureFormatError) return error.message
      throw error
    }
  }

  it('gives the same frames, file record, anomalies and errors, for intact and damaged files', () => {
    fc.assert(
      fc.property(
        fc.oneof(pcapFile, pcapngFile),
        damage,
        fc.array(fc.nat(), { maxLength: 8 }),
        (intact, harm, cuts) => {
          const file = harm(intact)
          const whole = outcome(file, (bytes) => [bytes])
          const places = cuts.map((cut) => cut % (file.length + 1)).sort((a, b) => a - b)
          const atPlaces = (bytes: Uint8Array) =>
            [...places, bytes.length].map((place, i) => bytes.slice(i === 0 ? 0 : places[i - 1], place))
          expect(outcome(file, atPlaces)).toEqual(whole)
          expect(outcome(file, pieces(1))).toEqual(whole)
        },
      ),
      { numRuns: 500 },
    )
  })
})
