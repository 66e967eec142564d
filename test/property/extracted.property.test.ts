/** However its packets are cut, copied and reordered, a file that was transferred has the same digests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExtractReport } from '../../src/report/extract/contract.js'
import { ftpscopeOn } from '../cli/real.js'
import { ask, ftpSession, listing, login, quit, retrieve, store } from '../support/ftp-scene.js'
import { FtpsScene } from '../support/ftps-scene.js'
import { Scene } from '../support/scene.js'
import { bytesOf } from '../support/tls-peers.js'
import { duplicateAll, resegment } from '../support/transforms.js'
import { cases, checkAsync } from './check.js'
import { disorder, randomOf } from './disorder.js'

const FILE = bytesOf('a file', 20_000)

function clear(): { scene: Scene; keyLog: string } {
  const scene = new Scene()
  const session = ftpSession(scene, scene.host('192.168.1.10'), scene.host('203.0.113.20'))
  login(session)
  listing(session, { port: 50_001 })
  ask(session, 'TYPE I', '200 ok')
  retrieve(session, { data: FILE, path: 'a', port: 50_002 })
  store(session, { data: FILE.subarray(0, 3000), path: 'b', port: 50_003 })
  quit(session)
  return { scene, keyLog: '' }
}

function secured(): { scene: Scene; keyLog: string } {
  const scene = new FtpsScene()
  scene.ask('TYPE I', '200 ok').transfer('RETR a', FILE)
  scene.transfer('STOR b', FILE.subarray(0, 3000)).conversation.acknowledge('client')
  scene.ask('PROT C', '200 ok')
  const plain = scene.passive()
  scene.ask('RETR c', '150 here')
  plain.server(FILE.subarray(0, 5000)).close('server')
  scene.reply('226 done').quit()
  return { scene: scene.scene, keyLog: scene.keyLog }
}

async function digestsOf(capture: Uint8Array, keyLog: string): Promise<(string | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  try {
    writeFileSync(join(folder, 'a.pcap'), capture)
    writeFileSync(join(folder, 'keys'), keyLog)
    const secrets = keyLog === '' ? [] : ['--keylog', join(folder, 'keys')]
    const argv = ['extract', join(folder, 'a.pcap'), ...secrets, '--hash-only', '--format', 'json']
    const { files } = JSON.parse((await ftpscopeOn(argv)).out) as ExtractReport
    return files.map(({ content }) => content?.sha256)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the digests of extracted files', () => {
  it.each([
    ['in clear text', clear],
    ['under TLS', secured],
  ])('do not depend on how the bytes arrive: %s', async (_, make) => {
    const { scene, keyLog } = make()
    const expected = await digestsOf(scene.toPcap(), keyLog)
    expect(expected).toHaveLength(3)
    const property = fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 40, max: 1460 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 3 }),
      async (seed, size, copies, milliseconds) => {
        const random = randomOf(seed)
        const other = make()
        other.scene.apply(
          resegment(size),
          ...(copies ? [duplicateAll()] : []),
          // What is missing for more than 64 packets was never captured.
          ...(milliseconds > 0 && size > 700 ? [disorder(milliseconds, random)] : []),
        )
        expect(await digestsOf(other.scene.toPcap(), other.keyLog)).toEqual(expected)
      },
    )
    await checkAsync(property, cases(4, 40))
  })
})
