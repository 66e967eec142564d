import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Epoch } from '../../src/capture/time.js'
import { frameBytes, join, pcap, Pcapng, text } from './build.js'
import { VARIANTS } from './pcap-variants.js'
import { corpusCaptures, hasCorpus } from '../support/captures.js'
import { hasTshark } from '../support/tshark.js'
import { readCapture, tsharkFrames } from './corpus.js'
import { read } from './read.js'

/** Our frames as tshark prints them. */
function lines(bytes: Uint8Array): string[][] {
  const { frames, reader } = read([bytes])
  return frames.map(({ number, time, data, wireLength }) => [
    String(number),
    epochTime(reader.epoch!, time),
    String(data.length),
    String(wireLength),
  ])
}

function epochTime(epoch: Epoch, time: number): string {
  const sum = epoch.nanoseconds + time
  const carry = Math.floor(sum / 1e9)
  return `${epoch.seconds + carry}.${String(sum - carry * 1e9).padStart(9, '0')}`
}

const captures = corpusCaptures()

/** Wireshark takes the hardware captures of Ixia for microseconds up to version 4.4 (its issue 14073). */
const TSHARK_VARIANTS = Object.entries(VARIANTS).filter(([name]) => name !== 'Ixia hardware')

describe('tshark and the reader', () => {
  it.skipIf(!hasCorpus || !hasTshark)('find captures in the corpus', () => {
    expect(captures.length).toBeGreaterThan(30)
  })

  for (const path of captures) {
    it.skipIf(!hasTshark)(`give the same frames of ${basename(path)}`, () => {
      expect(lines(readCapture(path))).toEqual(tsharkFrames(path))
    })
  }

  describe('of generated files', () => {
    let folder = ''
    beforeAll(() => {
      folder = mkdtempSync(joinPath(tmpdir(), 'ftpscope-'))
    })
    afterAll(() => {
      rmSync(folder, { recursive: true })
    })
    const oracle = (bytes: Uint8Array) => {
      const path = joinPath(folder, 'capture')
      writeFileSync(path, bytes)
      return tsharkFrames(path)
    }
    const A = frameBytes(60)
    const T = 1_700_000_000_000_000n

    for (const little of [true, false]) {
      const order = little ? 'little-endian' : 'big-endian'
      it.skipIf(!hasTshark)(`agree on pcap of all magics, ${order}`, () => {
        const records = [
          { seconds: 1_700_000_000, fraction: 999_999, data: A, onWire: 1514 },
          { seconds: 1_700_000_001, fraction: 1, data: A },
          { seconds: 1_700_000_002, fraction: 2, data: A },
        ]
        for (const variant of [{}, { magic: 0xa1b23c4d }, { magic: 0xa1b2cd34, extra: 8 }, { minor: 3 }]) {
          const file = pcap(records, { little, ...variant })
          expect(lines(file)).toEqual(oracle(file))
        }
      })

      it.skipIf(!hasTshark || !little).each(TSHARK_VARIANTS)(`agree on the pcap variant %s`, (_, { options }) => {
        const records = [208, 60, 90, 1514].map((length, index) => ({
          seconds: 1_700_000_000 + index,
          fraction: 999_996 + index,
          data: frameBytes(length, index),
        }))
        const file = pcap(records, options)
        expect(lines(file)).toEqual(oracle(file))
      })

      it.skipIf(!hasTshark)(`agree on pcapng with clocks of many resolutions, ${order}`, () => {
        const w = new Pcapng(little)
        const resolutions = [0, 3, 6, 7, 9, 0x80, 0x80 | 10, 0x80 | 20, 0x80 | 30]
        const perSecond = resolutions.map((r) => (r & 0x80 ? 1n << BigInt(r & 0x7f) : 10n ** BigInt(r)))
        const file = join(
          w.section(),
          ...resolutions.map((resolution) => w.nic(1, 0, [[9, Uint8Array.of(resolution)]])),
          ...perSecond.flatMap((units, nic) => [
            w.packet(1_700_000_000n * units + units / 3n, A, { nic }),
            w.packet(1_700_000_001n * units + units / 7n, A, { nic, onWire: 1514 }),
          ]),
        )
        expect(lines(file)).toEqual(oracle(file))
      })
    }

    it.skipIf(!hasTshark)('number the same frames if there are other blocks in between', () => {
      const w = new Pcapng()
      const journal = w.block(9, text('__CURSOR=s=1\n__REALTIME_TIMESTAMP=1700000001000000\nMESSAGE=hello\n\n'))
      const blocks = [
        journal,
        ...[0x204, 0x205, 0x208, 0x216, 0x221].map((type) => w.block(type, new Uint8Array(40))),
        ...[0xbad, 0x40000bad, 0x777, 0x80000001].map((type) => w.block(type, new Uint8Array(24))),
        w.block(5, new Uint8Array(12)),
        w.block(4, new Uint8Array(4)),
        w.secrets(0x544c534b, text('#')),
        w.block(0x777, new Uint8Array(8), 17),
        join(w.section(), w.nic()),
      ]
      const file = join(w.section(), w.nic(), ...blocks.flatMap((block) => [w.packet(T, A), block]), w.packet(T, A))
      const ours = lines(file)
      const packets = oracle(file).filter((fields) => fields[1] === '1700000000.000000000' && fields[2] === '60')
      expect(ours).toEqual(packets)
      expect(ours).toHaveLength(blocks.length + 1)
    })
  })
})
