import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import { nodeCrypto } from '../../src/cli/tls/node-crypto.js'
import type { ContentSink } from '../../src/correlate/content/data-content.js'
import { portableCrypto } from '../../src/tls/crypto/portable.js'
import { FtpsScene } from '../support/ftps-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { bytesOf, SEALING, type Sealing } from '../support/tls-peers.js'

const FILE = bytesOf('a file', 300_000)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Content by direction, and what is missing of it. */
class Kept implements ContentSink {
  readonly bytes: [Uint8Array[], Uint8Array[]] = [[], []]
  readonly gaps: (number | null)[] = []
  ends = 0

  content(direction: 0 | 1, bytes: Uint8Array): void {
    this.bytes[direction].push(bytes.slice())
  }

  missing(_direction: 0 | 1, length: number | null): void {
    this.gaps.push(length)
  }

  end(): void {
    this.ends++
  }
}

function contentsOf(capture: Uint8Array, keyLog: string, crypto = portableCrypto): Kept[] {
  const all: Kept[] = []
  const analyzer = new Analyzer({
    ...(keyLog === '' ? {} : { keyLog }),
    crypto,
    content: () => {
      const kept = new Kept()
      all.push(kept)
      return kept
    },
  })
  analyzer.openFile('ftps.pcap')
  analyzer.push(capture)
  analyzer.closeFile()
  analyzer.end()
  return all
}

const whole = ({ bytes }: Kept, direction: 0 | 1) => Buffer.concat(bytes[direction])

describe.each(Object.keys(SEALING) as Sealing[])('the content of data connections, %s', (suite) => {
  const scene = new FtpsScene({ suite })
  scene.transfer('RETR a', FILE)
  scene.transfer('STOR b', FILE.subarray(0, 50_000), { recordSize: 3000 })
  scene.ask('PROT C', '200 ok')
  const clear = scene.passive()
  scene.ask('RETR a', '150 here')
  clear.server(FILE).close('server')
  scene.reply('226 done').quit()

  it.each([
    ['portable', portableCrypto],
    ['of Node', nodeCrypto],
  ])('is that of the files, with the ciphers %s', (_, crypto) => {
    const [download, upload, plain, ...more] = contentsOf(scene.scene.toPcap(), scene.keyLog, crypto)
    expect(more).toEqual([])
    expect(sha256(whole(download!, 1))).toBe(sha256(FILE))
    expect(sha256(whole(upload!, 0))).toBe(sha256(FILE.subarray(0, 50_000)))
    expect(sha256(whole(plain!, 1))).toBe(sha256(FILE))
    for (const { gaps, ends } of [download!, upload!, plain!]) expect({ gaps, ends }).toEqual({ gaps: [], ends: 1 })
  })
})

describe('content that is missing', () => {
  const scene = new FtpsScene()
  scene.transfer('RETR a', FILE)
  scene.quit()

  it('is told with its length, where the capture lacks packets', () => {
    const packets = scene.scene.packets.filter(({ payload }, index) => !(payload.length > 1000 && index % 50 === 0))
    expect(packets.length).toBeLessThan(scene.scene.packets.length)
    const lossy = toPcap(packets, { start: scene.scene.start })
    const [download] = contentsOf(lossy, scene.keyLog)
    const content = whole(download!, 1)
    expect(content.length).toBeLessThan(FILE.length)
    expect(download!.gaps.length).toBeGreaterThan(0)
    expect(download!.gaps.reduce((sum, length) => sum! + length!, content.length)).toBe(FILE.length)
  })

  it('is all of it without keys', () => {
    const [download] = contentsOf(scene.scene.toPcap(), '')
    expect(download!.bytes).toEqual([[], []])
    expect(download!.ends).toBe(1)
  })
})
