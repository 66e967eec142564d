import { describe, expect, it } from 'vitest'
import { CaptureFormatError } from '../../src/capture/format-error.js'
import { frameBytes, join, pcap } from './build.js'
import { pieces, read } from './read.js'

const A = frameBytes(60, 1)
const B = frameBytes(43, 2)

describe('pcap', () => {
  for (const little of [true, false]) {
    const order = little ? 'little-endian' : 'big-endian'
    it(`reads microseconds, ${order}`, () => {
      const file = pcap(
        [
          { seconds: 1_700_000_000, fraction: 999_999, data: A },
          { seconds: 1_700_000_001, fraction: 1, data: B, onWire: 1514 },
        ],
        { little },
      )
      const { frames, files, reader, anomalies } = read([file])
      expect(frames).toEqual([
        { number: 1, time: 0, data: [...A], wireLength: 60, linkType: 1 },
        { number: 2, time: 2000, data: [...B], wireLength: 1514, linkType: 1 },
      ])
      expect(reader.epoch).toEqual({ seconds: 1_700_000_000, nanoseconds: 999_999_000 })
      expect(reader.clock?.iso(2000)).toBe('2023-11-14T22:13:21.000001Z')
      expect(anomalies).toEqual([])
      expect(files).toEqual([
        {
          path: 'file1',
          format: 'pcap',
          compression: null,
          linkTypes: [1],
          snapLength: 65_535,
          fcsLength: null,
          timestampDigits: 6,
          frames: 2,
          bytes: file.length,
          start: 0,
          end: 2000,
          failure: null,
          comments: [],
          secrets: [],
        },
      ])
    })

    it(`reads nanoseconds, ${order}`, () => {
      const records = [
        { seconds: 10, fraction: 999_999_999, data: A },
        { seconds: 11, fraction: 0, data: B },
      ]
      const { frames, reader } = read([pcap(records, { little, magic: 0xa1b23c4d })])
      expect(frames.map((frame) => frame.time)).toEqual([0, 1])
      expect(reader.clock?.iso(1)).toBe('1970-01-01T00:00:11.000000000Z')
    })

    it(`reads the longer record headers of the modified variant, ${order}`, () => {
      const records = [{ data: A }, { data: B, fraction: 7 }]
      const { frames } = read([pcap(records, { little, magic: 0xa1b2cd34, extra: 8 })])
      expect(frames.map((frame) => [frame.data, frame.time])).toEqual([
        [[...A], 0],
        [[...B], 7000],
      ])
    })
  }

  it('keeps time exact to the nanosecond over 100 days', () => {
    const records = [
      { seconds: 1, fraction: 1 },
      { seconds: 8_640_001, fraction: 2 },
    ]
    const { frames } = read([pcap(records, { magic: 0xa1b23c4d })])
    expect(frames[1]?.time).toBe(8_640_000_000_000_001)
  })

  it('counts time below zero when the clock goes back', () => {
    const { frames, files } = read([pcap([{ seconds: 10 }, { seconds: 9, fraction: 999_999 }])])
    expect(frames[1]?.time).toBe(-1000)
    expect(files[0]).toMatchObject({ start: -1000, end: 0 })
  })

  it('reads the two lengths in the order of versions before 2.3', () => {
    for (const [major, minor] of [
      [2, 2],
      [2, 3],
      [543, 0],
    ] as const) {
      const { frames } = read([pcap([{ data: A, captured: 100, onWire: 60 }], { major, minor })])
      expect(frames.map((frame) => [frame.data.length, frame.wireLength])).toEqual([[60, 100]])
    }
  })

  it('separates link type and FCS length', () => {
    const { frames, files } = read([pcap([{ data: A }], { network: 0x54000071 })])
    expect(frames[0]?.linkType).toBe(113)
    expect(files[0]).toMatchObject({ linkTypes: [113], fcsLength: 10 })
  })

  it('reports no snap length if the header has none', () => {
    expect(read([pcap([], { snapLength: 0 })]).files[0]).toMatchObject({
      snapLength: null,
      frames: 0,
      start: null,
      end: null,
    })
  })

  it('reads a frame longer than the snap length, up to the usual limit', () => {
    const { frames, anomalies } = read([pcap([{ data: frameBytes(262_144) }], { snapLength: 96 })], pieces(1000))
    expect(frames[0]?.data.length).toBe(262_144)
    expect(anomalies).toEqual([])
  })

  it('reads a frame beyond the usual limit if the snap length allows it', () => {
    expect(read([pcap([{ data: frameBytes(300_000) }], { snapLength: 400_000 })]).frames).toHaveLength(1)
  })

  it('keeps the frames before a damaged length and reports its offset', () => {
    const file = pcap([{ data: A }, { data: B, captured: 300_000 }, { data: A }])
    for (const cut of [pieces(file.length), pieces(7)]) {
      const { frames, files, anomalies } = read([file], cut)
      expect(frames.map((frame) => frame.number)).toEqual([1])
      const reason =
        'pcap record at offset 100 is damaged: it claims 300000 captured bytes, limit 262144; nothing after it was read'
      expect(files[0]).toMatchObject({ failure: { offset: 100, reason }, frames: 1, bytes: file.length })
      expect(anomalies).toEqual([
        {
          kind: 'capture-incomplete-file',
          count: 1,
          firstFrame: 1,
          message: `file1: ${reason}`,
        },
      ])
    }
  })

  it('does not accept a snap length of 4 GiB', () => {
    const file = pcap([{ data: A, captured: 0xf000_0000 }], { snapLength: 0xffff_ffff })
    expect(read([file]).anomalies[0]?.message).toContain('claims 4026531840 captured bytes, limit 134217728')
  })

  it('keeps the frames before a truncated record', () => {
    const file = pcap([{ data: A }, { data: B }])
    const inData = read([file.subarray(0, file.length - 1)])
    expect(inData.frames).toHaveLength(1)
    const reason = 'pcap record at offset 100 is cut off: needed 59 bytes, available 58'
    expect(inData.files[0]?.failure).toEqual({ offset: 100, reason })
    expect(inData.anomalies[0]?.message).toBe(`file1: ${reason}`)
    const inHeader = read([file.subarray(0, 105)])
    expect(inHeader.anomalies[0]?.message).toBe(
      'file1: pcap record at offset 100 is cut off: needed 16 bytes, available 5',
    )
  })

  it('rejects a file that ends inside its header, and one of version 1', () => {
    expect(() => read([pcap([]).subarray(0, 20)])).toThrow(
      new CaptureFormatError(
        'file1 is not a complete capture file: its pcap header needs 24 bytes, available 20; capture or copy it again',
      ),
    )
    expect(() => read([pcap([], { major: 1 })])).toThrow(/^file1 is a pcap file of version 1\.4 \(offset 4\)/)
  })

  it('holds only the bytes received of a record that claims 100 MiB', () => {
    const header = pcap([{ data: new Uint8Array(0), captured: 100 * 1024 * 1024 }], { snapLength: 0x7fff_ffff })
    const { anomalies } = read([join(header, new Uint8Array(10))], pieces(1))
    expect(anomalies[0]?.message).toContain('needed 104857616 bytes, available 26')
  })
})
