import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureFormatError } from '../../src/capture/format-error.js'
import { CaptureReader } from '../../src/capture/reader.js'
import { frameBytes, join, Pcapng, text } from './build.js'
import { pieces, read } from './read.js'

const A = frameBytes(61, 1)
const B = frameBytes(40, 2)
const ng = new Pcapng()
const T = 1_700_000_000_000_000n
const START = join(ng.section(), ng.nic())

describe('pcapng', () => {
  for (const little of [true, false]) {
    it(`reads enhanced, obsolete and simple packet blocks, ${little ? 'little' : 'big'}-endian`, () => {
      const w = new Pcapng(little)
      const file = join(
        w.section(),
        w.nic(1, 0),
        w.packet(T + 5n, A, { onWire: 1514 }),
        w.obsoletePacket(T + 7n, B, 0, 3),
        w.simplePacket(A),
        w.packet(T + 6n, B),
      )
      const { frames, files, reader, anomalies } = read([file])
      expect(frames.map(({ number, time, wireLength, data }) => [number, time, wireLength, data])).toEqual([
        [1, 0, 1514, [...A]],
        [2, 2000, 40, [...B]],
        [3, 2000, 61, [...A]],
        [4, 1000, 40, [...B]],
      ])
      expect(reader.epoch).toEqual({ seconds: 1_700_000_000, nanoseconds: 5000 })
      expect(anomalies).toEqual([])
      expect(files[0]).toMatchObject({
        format: 'pcapng',
        linkTypes: [1],
        snapLength: null,
        timestampDigits: 6,
        frames: 4,
        bytes: file.length,
        start: 0,
        end: 2000,
        failure: null,
      })
    })
  }

  it('reads sections of either byte order, each with its own interfaces', () => {
    const big = new Pcapng(false)
    const { frames, files } = read([
      join(
        START,
        ng.packet(T, A),
        big.section(),
        big.nic(113, 96),
        big.nic(101, 128),
        big.packet(T + 1n, B, { nic: 1 }),
      ),
    ])
    expect(frames.map((frame) => [frame.linkType, frame.time])).toEqual([
      [1, 0],
      [101, 1000],
    ])
    expect(files[0]).toMatchObject({ linkTypes: [1, 113, 101], snapLength: null })
  })

  it('reports the largest snap length of interfaces that all have one', () => {
    expect(read([join(ng.section(), ng.nic(1, 96), ng.nic(1, 128), ng.nic(1, 64))]).files[0]?.snapLength).toBe(128)
  })

  it('truncates a simple packet block at the snap length of the first interface', () => {
    const { frames } = read([join(ng.section(), ng.nic(1, 40), ng.simplePacket(B, 1500))])
    expect(frames).toMatchObject([{ data: [...B], wireLength: 1500, time: 0 }])
  })

  it('counts time from the first frame that has one', () => {
    const { frames, reader } = read([join(START, ng.simplePacket(A), ng.packet(T, A), ng.packet(T + 1n, A))])
    expect(frames.map((frame) => frame.time)).toEqual([0, 0, 1000])
    expect(reader.epoch?.seconds).toBe(1_700_000_000)
  })

  it('has no time if no frame has one', () => {
    const { reader, files } = read([join(START, ng.simplePacket(A))])
    expect(reader.epoch).toBeNull()
    expect(reader.clock).toBeNull()
    expect(files[0]).toMatchObject({ frames: 1, start: null, end: null })
  })

  it('puts interfaces with clocks of different resolution and offset on one timeline', () => {
    const seconds = (value: bigint) => {
      const bytes = new Uint8Array(8)
      new DataView(bytes.buffer).setBigInt64(0, value, true)
      return [14, bytes] as const
    }
    const file = join(
      START,
      ng.nic(1, 0, [[9, Uint8Array.of(9)]]),
      ng.nic(1, 0, [[9, Uint8Array.of(0x80 | 10)]]),
      ng.nic(1, 0, [[9, Uint8Array.of(12)], seconds(1_700_000_000n)]),
      ng.nic(1, 0, [[9, Uint8Array.of(3)], seconds(-100n)]),
      ng.packet(T, A),
      ng.packet(T * 1000n + 1n, A, { nic: 1 }),
      ng.packet(T * 1000n + 2n, A, { nic: 1 }),
      ng.packet((1_700_000_000n << 10n) + 3n, A, { nic: 2 }),
      ng.packet(5_999n, A, { nic: 3 }),
      ng.packet(T / 1000n + 100_004n, A, { nic: 4 }),
    )
    const { frames, files, reader } = read([file])
    expect(frames.map((frame) => frame.time)).toEqual([0, 1, 2, 2_929_687, 5, 4_000_000])
    expect(files[0]?.timestampDigits).toBe(9)
    expect(reader.clock?.iso(1)).toBe('2023-11-14T22:13:20.000000001Z')
  })

  it('skips statistics, names and unknown blocks, however long, without counting them as frames', () => {
    const others = [4, 5, 0x208, 0x777, 0x80000001].map((type) => ng.block(type, new Uint8Array(100_000)))
    const { frames, anomalies } = read([join(START, ng.packet(T, A), ...others, ng.packet(T, B))], pieces(999))
    expect(frames.map((frame) => frame.number)).toEqual([1, 2])
    expect(anomalies).toEqual([])
  })

  it('numbers journal entries, sysdig events and custom blocks as Wireshark does', () => {
    const types = [9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad]
    const file = join(
      START,
      ng.packet(T, A),
      ...types.map((type) => ng.block(type, new Uint8Array(40))),
      ng.packet(T, B),
    )
    for (const cut of [pieces(file.length), pieces(5)]) {
      const { frames, files } = read([file], cut)
      expect(frames.map((frame) => frame.number)).toEqual([1, 8])
      expect(files[0]?.frames).toBe(8)
    }
  })

  it('keeps comments of packets and of other blocks', () => {
    const comment = (value: string) => [[1, text(value)]] as const
    const names = ng.block(
      4,
      join(Uint8Array.of(1, 0, 6, 0, 10, 0, 0, 1, 97, 0, 0, 0, 0, 0, 0, 0), ng.options([...comment('names')])),
    )
    const { files } = read([
      join(
        ng.section([...comment('whole file')]),
        ng.nic(1, 0, [[2, text('eth0')], ...comment('interface')]),
        ng.packet(T, A, { options: [[2, new Uint8Array(4)], ...comment('größer €5 😀'), ...comment('second')] }),
        names,
        ng.block(5, join(new Uint8Array(12), ng.options([...comment('statistics')]))),
        ng.packet(T, A, { options: [[1, Uint8Array.of(0x61, 0xff, 0xc0, 0x80, 0xe2, 0x82)]] }),
      ),
    ])
    expect(files[0]?.comments).toEqual([
      { frame: null, text: 'whole file' },
      { frame: null, text: 'interface' },
      { frame: 1, text: 'größer €5 😀' },
      { frame: 1, text: 'second' },
      { frame: null, text: 'names' },
      { frame: null, text: 'statistics' },
      { frame: 2, text: 'a\\xff\\xc0\\x80\\xe2\\x82' },
    ])
  })

  it('limits the bytes of comments, with an anomaly', () => {
    const packet = ng.packet(T, A, { options: [[1, text('0123456789')]] })
    const { files, anomalies } = read([join(START, packet, packet, packet)], undefined, { maxCommentBytes: 25 })
    expect(files[0]?.comments).toHaveLength(2)
    expect(anomalies).toMatchObject([{ kind: 'pcapng-comments-dropped', count: 1, firstFrame: 3 }])
  })

  it('keeps decryption secrets', () => {
    const keys = text('CLIENT_RANDOM 00 11\n')
    const { files } = read([join(ng.section(), ng.secrets(0x544c534b, keys), ng.nic(), ng.packet(T, A))], pieces(3))
    expect(files[0]?.secrets).toEqual([{ type: 0x544c534b, bytes: keys }])
  })

  it('hands decryption secrets on as they are read, before and behind the packets', () => {
    const seen: string[] = []
    const reader = new CaptureReader(
      {
        frame: ({ number }) => {
          seen.push(`frame ${number}`)
        },
        secrets: ({ type, bytes }) => {
          seen.push(`${type.toString(16)} ${new TextDecoder().decode(bytes)}`)
        },
      },
      new AnomalyLog(),
    )
    const block = (name: string) => ng.secrets(0x544c534b, text(name))
    reader.openFile('x', null)
    for (const piece of pieces(5)(join(START, block('first'), ng.packet(T, A), block('last')))) reader.push(piece)
    reader.closeFile()
    expect(seen).toEqual(['544c534b first', 'frame 1', '544c534b last'])
  })

  it('copies secrets and comments from a chunk that is a Buffer', () => {
    const reader = new CaptureReader({ frame: () => undefined }, new AnomalyLog())
    const chunk = Buffer.from(join(START, ng.secrets(1, A), ng.packet(T, A, { options: [[1, text('note')]] })))
    reader.openFile('x', null)
    reader.push(chunk)
    chunk.fill(0xee)
    expect(reader.files).toMatchObject([{ secrets: [{ bytes: A }], comments: [{ text: 'note' }] }])
  })

  it('skips secrets beyond the limit, with an anomaly', () => {
    const file = join(START, ng.secrets(1, new Uint8Array(80)), ng.secrets(2, new Uint8Array(40)), ng.packet(T, A))
    const { files, anomalies, frames } = read([file], undefined, { maxSecretBytes: 100 })
    expect(files[0]?.secrets.map((secret) => secret.type)).toEqual([1])
    expect(anomalies).toMatchObject([
      {
        kind: 'pcapng-secrets-dropped',
        message: 'file1: decryption secrets were skipped: needed 40 bytes, available 20',
      },
    ])
    expect(frames).toHaveLength(1)
  })

  it('skips a frame of an interface that was never described, but numbers it', () => {
    const { frames, files, anomalies } = read([join(START, ng.packet(T, A, { nic: 7 }), ng.packet(T, B))])
    expect(frames.map((frame) => frame.number)).toEqual([2])
    expect(files[0]).toMatchObject({ frames: 2, failure: null })
    expect(anomalies).toEqual([
      {
        kind: 'pcapng-unknown-interface',
        count: 1,
        firstFrame: 1,
        message: 'pcapng block at offset 48 refers to interface 7, but its section has 1; its frame was skipped',
      },
    ])
    expect(read([join(ng.section(), ng.simplePacket(A))]).anomalies).toMatchObject([
      { kind: 'pcapng-unknown-interface' },
    ])
  })

  it('accepts a block length without padding if both lengths agree', () => {
    const unpadded = ng.block(0x777, new Uint8Array(8), 17)
    const { frames, anomalies } = read([join(START, unpadded, ng.packet(T, A))])
    expect(frames).toHaveLength(1)
    expect(anomalies).toMatchObject([{ kind: 'pcapng-length-unaligned', firstFrame: null }])
  })

  const good = ng.packet(T, A)
  const broken: [name: string, block: Uint8Array, message: RegExp][] = [
    ['is shorter than a block can be', ng.block(0x777, new Uint8Array(4), 8), /its length is 8, needed 12/],
    ['of a packet is shorter than its header', ng.block(6, new Uint8Array(8)), /its length is 20, needed 32/],
    [
      'differs after the block',
      ng.block(0x777, new Uint8Array(8), 20, 24),
      /its length is 20 at its start and 24 at its end/,
    ],
    [
      'of a packet differs after it',
      ng.block(6, new Uint8Array(20), 32, 36),
      /its length is 32 at its start and 36 at its end/,
    ],
    ['of a packet exceeds the limit', ng.block(6, new Uint8Array(20), 0x7fff_fffc), /its length is 2147483644, limit/],
    ['of an interface exceeds the limit', ng.block(1, new Uint8Array(8), 0x7fff_fffc), /limit 16777216/],
    ['is exceeded by the captured length', ng.packet(T, A, { captured: 65 }), /claims 65 captured bytes, available 64/],
    ['is exceeded by the simple packet', ng.simplePacket(A, 65), /frame needs 65 bytes, available 64/],
    ['is exceeded by the secrets', ng.secrets(1, A, 100), /secrets need 100 bytes, available 64/],
    [
      'of a section is valid but its byte order is not',
      ng.block(0x0a0d0d0a, new Uint8Array(16)),
      /byte-order magic is 0,/,
    ],
    ['of a section is valid but its version is not', ng.section([], 2), /its version is 2, expected 1/],
  ]
  for (const [name, block, message] of broken) {
    it(`keeps the frames before a block whose length ${name}`, () => {
      for (const cut of [pieces(1_000_000), pieces(1), pieces(13)]) {
        const { frames, files, anomalies } = read([join(START, good, block, good, good)], cut)
        expect(frames.map((frame) => frame.number)).toEqual([1])
        expect(files[0]).toMatchObject({ failure: { offset: 144 }, frames: 1 })
        expect(anomalies).toMatchObject([{ kind: 'capture-incomplete-file', count: 1, firstFrame: 1 }])
        expect(anomalies[0]?.message).toMatch(message)
        expect(anomalies[0]?.message).toContain('offset 144 is damaged')
      }
    })
  }

  it('stops at a block whose length is not a multiple of 4 and does not match the one after it', () => {
    const { frames, anomalies } = read([join(START, good, ng.block(0x777, new Uint8Array(8), 17, 21), good)])
    expect(frames).toHaveLength(1)
    expect(anomalies[0]?.message).toContain('its length is 20 at its start and 21 at its end')
  })

  it('keeps the frames before a truncated block, whether read or skipped', () => {
    const file = join(START, good, ng.block(0x777, new Uint8Array(100)))
    for (const left of [1, 8, 60, 108, 111]) {
      const { frames, files, anomalies } = read([file.subarray(0, 144 + left)])
      expect(frames).toHaveLength(1)
      const needed = left < 8 ? 8 : 112
      const reason = `pcapng block at offset 144 is cut off: needed ${needed} bytes, available ${left}`
      expect(files[0]?.failure).toEqual({ offset: 144, reason })
      expect(anomalies[0]?.message).toBe(`file1: ${reason}`)
    }
    expect(read([file.subarray(0, 143)]).anomalies[0]?.message).toContain(
      'offset 48 is cut off: needed 96 bytes, available 95',
    )
  })

  it('rejects a file whose first section cannot be read', () => {
    expect(() => read([ng.section().subarray(0, 20)])).toThrow(
      new CaptureFormatError(
        'file1 is not a complete capture file: its section header needs 28 bytes, available 20; ' +
          'capture or copy it again',
      ),
    )
    expect(() => read([ng.block(0x0a0d0d0a, new Uint8Array(16))])).toThrow(
      /section header at offset 0 is damaged: its byte-order/,
    )
    expect(() => read([ng.section([], 3)])).toThrow(/its version is 3, expected 1/)
  })
})
