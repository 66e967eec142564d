import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import { frameBytes, join, pcap, type PcapRecord } from './build.js'
import { VARIANTS } from './pcap-variants.js'
import { pieces, read } from './read.js'

const T = 1_467_304_149
const record = (length: number, seed: number): PcapRecord => ({
  seconds: T + seed,
  fraction: 930_000 + seed,
  data: frameBytes(length, seed),
})
/** Swapped or not, the lengths agree, so that files of version 2.2 need no writer of their own. */
const RECORDS = [record(208, 1), record(60, 2), record(90, 3), record(1514, 4), record(60, 5)]

describe('a pcap variant', () => {
  for (const [name, { options, unit }] of Object.entries(VARIANTS)) {
    it.each([1, 2, 3, 5])(`${name}: %i records are read, however the file is cut`, (count) => {
      const records = RECORDS.slice(0, count)
      const file = pcap(records, options)
      const whole = read([file])
      expect(whole.anomalies).toEqual([])
      expect(whole.frames).toEqual(
        records.map(({ seconds, fraction, data }, index) => ({
          number: index + 1,
          time: (seconds! - T - 1) * 1e9 + (fraction! - 930_001) * unit,
          data: [...data!],
          wireLength: data!.length,
          linkType: 1,
        })),
      )
      for (const size of [1, 7, 16, 97]) expect(read([file], pieces(size)).frames).toEqual(whole.frames)
    })
  }

  it('with the fields of another byte order is read, too', () => {
    const extra = Uint8Array.of(0, 0, 0, 2, 0x08, 0, 1, 0)
    const { frames, anomalies } = read([pcap(RECORDS, { little: false, extra })])
    expect(anomalies).toEqual([])
    expect(frames.map(({ data }) => data.length)).toEqual(RECORDS.map(({ data }) => data!.length))
  })

  it.each([
    ['Token Ring', 9, 6, 0],
    ['FDDI, whose frames have three bytes before them', 15, 10, 3],
    ['loopback', 24, 0, 0],
  ])('of AIX names the link types of RFC 1573: %s', (_, network, linkType, padding) => {
    const { frames } = read([pcap(RECORDS, { minor: 2, network })])
    expect(frames[0]).toMatchObject({
      linkType,
      wireLength: 208 - padding,
      data: [...frameBytes(208, 1)].slice(padding),
    })
  })

  it('of AIX with a record shorter than its padding breaks nothing', () => {
    const { frames } = read([pcap([record(2, 1)], { minor: 2, network: 15 })])
    expect(frames[0]).toMatchObject({ data: [], wireLength: 0 })
  })

  it('is only guessed where the version is 2.4 or one that nobody wrote', () => {
    const plain = RECORDS.map(({ data }) => data!.length)
    for (const [major, minor] of [
      [2, 2],
      [2, 3],
      [2, 5],
      [3, 0],
      [543, 0],
    ] as const) {
      const { frames, anomalies } = read([pcap(RECORDS, { major, minor })])
      expect(anomalies).toEqual([])
      expect(frames.map(({ data }) => data.length)).toEqual(plain)
    }
    expect(read([pcap(RECORDS, { major: 3, extra: 8 })]).frames).toHaveLength(RECORDS.length)
  })
})

describe('an ordinary pcap file', () => {
  /** First bytes of frames that could be the further fields of a variant's header. */
  const STARTS = {
    'loopback, all addresses zero': Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0),
    'an address like an interface, a protocol and a packet type': Uint8Array.of(2, 0, 0, 0, 0, 8, 0, 0),
    'an address like the mark of Nokia': Uint8Array.of(0x01, 0xb6, 0xbf, 0x9f, 0, 0, 0, 0),
    'raw IP': Uint8Array.of(0x45, 0, 0, 60, 0, 1, 0x40, 0),
  }
  for (const [name, start] of Object.entries(STARTS)) {
    it.each([1, 2, 3, 4])(`with ${name} stays one, with %i frames`, (count) => {
      const records = RECORDS.slice(0, count).map(({ data, ...rest }) => ({ ...rest, data: join(start, data!) }))
      const file = pcap(records)
      for (const cut of [file.length, 1, 50]) {
        const { frames, anomalies } = read([file], pieces(cut))
        expect(anomalies).toEqual([])
        expect(frames.map(({ data }) => data)).toEqual(records.map(({ data }) => [...data]))
      }
    })
  }

  it.each([
    ['two', frameBytes(208, 1), 24 + 16 + 208 + 15, 24 + 16 + 208 + 16 + 60],
    ['three', new Uint8Array(208), 24 + 16 + 208 + 16 + 60 + 15, 24 + 16 + 208 + 16 + 60 + 16],
  ])('is handed on as soon as %s records have shown it', (_, data, tooFew, enough) => {
    const file = pcap([{ ...RECORDS[0], data }, ...RECORDS.slice(1)])
    const reader = (bytes: number) => {
      let frames = 0
      const capture = new CaptureReader({ frame: () => frames++ }, new AnomalyLog())
      capture.openFile('file', null)
      capture.push(file.slice(0, bytes))
      return frames
    }
    expect(reader(tooFew)).toBe(0)
    expect(reader(enough)).toBeGreaterThan(0)
  })

  it('that is cut inside its first record has no frame, and says so', () => {
    const { frames, anomalies } = read([pcap(RECORDS).subarray(0, 100)], pieces(3))
    expect(frames).toEqual([])
    expect(anomalies[0]!.message).toContain('pcap record at offset 24 is cut off: needed 224 bytes, available 76')
  })

  it('whose second record is damaged keeps its first frame', () => {
    const { frames, anomalies } = read([pcap([RECORDS[0]!, { ...RECORDS[1], captured: 0x7fffffff }, RECORDS[2]!])])
    expect(frames).toHaveLength(1)
    expect(anomalies[0]!.message).toContain('is damaged')
  })
})
