import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import { nodeCrypto } from '../../src/cli/tls/node-crypto.js'
import type { Analysis } from '../../src/report/contract.js'
import { FtpsScene } from '../support/ftps-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { bytesOf, SEALING, type Sealing } from '../support/tls-peers.js'
import { resegment, type Transform } from '../support/transforms.js'
import { cases, check } from './check.js'
import { disorder, randomOf } from './disorder.js'
import { essenceOf, OF_SEGMENTS } from './essence.js'

const seeds = fc.integer({ min: 1, max: 1_000_000 })

describe.each(Object.keys(SEALING) as Sealing[])('An FTPS session with keys means the same, %s', (suite) => {
  const scene = new FtpsScene({ suite })
  scene.transfer('LIST', '-rw-r--r--    1 0        0           40000 Jan 30 08:02 file\r\n')
  scene.ask('TYPE I', '200 ok').ask('SIZE file', '213 40000')
  scene.transfer('RETR file', bytesOf('file', 40_000), { recordSize: 9000 })
  scene.transfer('STOR up', bytesOf('up', 7000), { recordSize: 500 })
  scene.quit()
  const { packets, start } = scene.scene
  const { keyLog } = scene

  function analyzed(chunks: Iterable<Uint8Array>): Analysis {
    const analyzer = new Analyzer({ keyLog, crypto: nodeCrypto })
    analyzer.openFile('ftps.pcap')
    for (const chunk of chunks) analyzer.push(chunk)
    analyzer.closeFile()
    return analyzer.end()
  }
  const contentsOf = ({ sessions }: Analysis) =>
    sessions.flatMap(({ dataChannels }) => dataChannels.map(({ transfer }) => [transfer?.bytes, transfer?.decrypted]))
  const capture = scene.scene.toPcap()
  const original = analyzed([capture])
  const meaning = essenceOf(original, OF_SEGMENTS)
  const after = (...transforms: Transform[]) => {
    const changed = transforms.reduce((all, each) => each(all), packets)
    return analyzed([toPcap(changed, { start })])
  }

  it('and it has the sizes of the files', () => {
    expect(contentsOf(original)).toEqual([
      [62, true],
      [40_000, true],
      [7000, true],
    ])
  })

  it('in chunks of any size', () => {
    const cuts = fc.array(fc.nat(capture.length), { maxLength: 30 })
    check(
      fc.property(cuts, (unsorted) => {
        const ends = [...unsorted.toSorted((a, b) => a - b), capture.length]
        expect(analyzed(ends.map((end, i) => capture.slice(ends[i - 1] ?? 0, end)))).toEqual(original)
      }),
      cases(3, 20),
    )
  })

  it('in segments of any size', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 1400 }), (size) => {
        const result = after(resegment(size))
        expect(essenceOf(result, OF_SEGMENTS)).toEqual(meaning)
        expect(contentsOf(result)).toEqual(contentsOf(original))
      }),
      cases(3, 20),
    )
  })

  it('in any order of packets that are close together', () => {
    check(
      fc.property(seeds, (seed) => {
        const result = after(disorder(2, randomOf(seed)))
        expect(essenceOf(result, OF_SEGMENTS)).toEqual(meaning)
        expect(contentsOf(result)).toEqual(contentsOf(original))
      }),
      cases(5, 40),
    )
  })
})
