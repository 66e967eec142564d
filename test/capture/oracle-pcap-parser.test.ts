import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { isoTime } from '../../src/capture/time.js'
import { captures, hasCorpus } from '../support/captures.js'
import { readCapture } from './corpus.js'
import { read } from './read.js'

interface ParsedPacket {
  header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number }
  data: Buffer
}
interface PcapParser {
  parse(stream: Readable): {
    on(event: 'packet', listener: (packet: ParsedPacket) => void): void
    on(event: 'end' | 'error', listener: (error?: Error) => void): void
  }
}
const pcapParser = createRequire(import.meta.url)('pcap-parser') as PcapParser

const MICROSECONDS = ['d4c3b2a1', 'a1b2c3d4']
const classic = captures().filter((path) =>
  MICROSECONDS.includes(Buffer.from(readCapture(path).subarray(0, 4)).toString('hex')),
)

/** One line per packet: time, lengths, digest of the bytes. */
function line(time: string, captured: number, onWire: number, data: Uint8Array): string {
  return `${time} ${captured} ${onWire} ${createHash('md5').update(data).digest('hex')}`
}

function parsedBy(bytes: Uint8Array): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    const parser = pcapParser.parse(Readable.from([Buffer.from(bytes)]))
    parser.on('packet', ({ header, data }) => {
      const epoch = { seconds: header.timestampSeconds, nanoseconds: header.timestampMicroseconds * 1000 }
      lines.push(line(isoTime(epoch, 0, 6), header.capturedLength, header.originalLength, data))
    })
    parser.on('end', () => {
      resolve(lines)
    })
    parser.on('error', (error) => {
      reject(error ?? new Error('pcap-parser failed'))
    })
  })
}

describe('pcap-parser and the reader', () => {
  it.skipIf(!hasCorpus)('find classic captures in the corpus', () => {
    expect(classic.length).toBeGreaterThan(30)
  })

  for (const path of classic) {
    it(`give the same packets, bytes and times of ${basename(path)}`, async () => {
      const bytes = readCapture(path)
      const { frames, reader, files } = read([bytes])
      // pcap-parser waits forever for the rest of a damaged file, so it only gets intact ones.
      if (files[0]?.failure !== null) return
      const lines = frames.map(({ time, data, wireLength }) =>
        line(reader.clock!.iso(time), data.length, wireLength, Uint8Array.from(data)),
      )
      expect(lines).toEqual(await parsedBy(bytes))
    })
  }
})
