import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import { nodeCrypto } from '../../src/cli/tls/node-crypto.js'
import type { ContentSink } from '../../src/correlate/content/data-content.js'
import { portableCrypto } from '../../src/tls/crypto/portable.js'
import { FtpsScene } from '../support/ftps-scene.js'
import { ftpSession, login, quit, retrieve } from '../support/ftp-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { Scene } from '../support/scene.js'
import { bytesOf, SEALING, type Sealing, TlsPeers } from '../support/tls-peers.js'

const FILE = bytesOf('a file', 300_000)
/** Of the first data connection of a scene. */
const DATA_PORT = 49_001
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

describe('the content of a file in clear text', () => {
  const hello = new TlsPeers({}).handshake()[0]!.bytes
  const FILES: readonly [string, Uint8Array][] = [
    ['that begins like a TLS record', Buffer.concat([Uint8Array.of(0x16, 3, 1), FILE.subarray(0, 5000)])],
    ['that begins like a TLS record with a plausible length', Buffer.concat([Uint8Array.of(0x16, 3, 1, 2, 0), FILE])],
    ['that begins with a ClientHello', Buffer.concat([hello, FILE.subarray(0, 100_000)])],
    ['of one byte that may begin a record', Uint8Array.of(0x16)],
    ['of two bytes that may begin a record', Uint8Array.of(0x17, 3)],
    ['of seven bytes that may begin a record', Uint8Array.of(0x16, 3, 1, 0, 200, 1, 0)],
  ]

  describe.each(FILES)('%s', (_, file) => {
    it('is handed over in a session without TLS', () => {
      const scene = new Scene()
      const session = ftpSession(scene, scene.host('192.168.1.10'), scene.host('203.0.113.20'))
      login(session)
      retrieve(session, { data: file })
      quit(session)
      const [download] = contentsOf(scene.toPcap(), '')
      expect(sha256(whole(download!, 1))).toBe(sha256(file))
      expect([download!.gaps, download!.ends]).toEqual([[], 1])
    })

    it.each(['server', 'client'] as const)('is handed over after PROT C, from the %s', (from) => {
      const scene = new FtpsScene()
      scene.ask('PROT C', '200 ok')
      const clear = scene.passive()
      scene.ask('RETR a', '150 here')
      clear.send(from === 'server' ? scene.server : scene.client, file).close(from)
      scene.reply('226 done').quit()
      const [transfer] = contentsOf(scene.scene.toPcap(), scene.keyLog)
      expect(sha256(whole(transfer!, from === 'server' ? 1 : 0))).toBe(sha256(file))
      expect([transfer!.gaps, transfer!.ends]).toEqual([[], 1])
    })
  })

  it.each([
    ['without TLS', false],
    ['after PROT C', true],
  ])('is handed over from its second segment on, with what is missing: %s', (_, tls) => {
    const file = FILE.subarray(0, 100_000)
    const scene = new FtpsScene()
    const plain = new Scene()
    if (tls) {
      scene.ask('PROT C', '200 ok')
      const clear = scene.passive()
      scene.ask('RETR a', '150 here')
      clear.server(file).close('server')
      scene.reply('226 done').quit()
    } else {
      const session = ftpSession(plain, plain.host('192.168.1.10'), plain.host('203.0.113.20'))
      login(session)
      retrieve(session, { data: file })
      quit(session)
    }
    const from = tls ? scene.scene : plain
    const first = from.packets.findIndex(({ payload }) => payload.length > 1000)
    const length = from.packets[first]!.payload.length
    const lossy = toPcap(
      from.packets.filter((__, index) => index !== first),
      { start: from.start },
    )
    const [download] = contentsOf(lossy, scene.keyLog)
    expect(download!.gaps).toEqual([length])
    expect(sha256(whole(download!, 1))).toBe(sha256(file.subarray(length)))
  })
})

describe('the content of a file under TLS', () => {
  it.each([
    ['the ServerHello', 'server', 0],
    ['the ClientHello', 'client', 0],
  ] as const)('is not taken for clear text where the capture lacks the segment with %s', (_, from, at) => {
    const scene = new FtpsScene()
    scene.transfer('RETR a', FILE)
    scene.quit()
    const ofData = scene.scene.packets.filter(
      ({ tcp, payload }) =>
        payload.length > 0 && (from === 'client' ? tcp?.destinationPort : tcp?.sourcePort) === DATA_PORT,
    )
    expect(ofData.length).toBeGreaterThan(1)
    const lossy = toPcap(
      scene.scene.packets.filter((packet) => packet !== ofData[at]),
      { start: scene.scene.start },
    )
    const [download] = contentsOf(lossy, scene.keyLog)
    const content = whole(download!, 1)
    expect(Buffer.from(FILE).includes(content.subarray(0, 4000))).toBe(true)
    expect(whole(download!, 0)).toEqual(Buffer.alloc(0))
  })
})
