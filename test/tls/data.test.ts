import { describe, expect, it } from 'vitest'
import { analysisOf, FtpsScene, transfersOf } from '../support/ftps-scene.js'
import { bytesOf, SEALING, type Sealing } from '../support/tls-peers.js'

const SUITES = Object.keys(SEALING) as Sealing[]
const FILE = bytesOf('a file', 100_000)
const LISTING = '-rw-r--r--    1 0        0          100000 Jan 30 08:02 file.bin\r\n'

describe.each(SUITES)('data connections under TLS, %s', (suite) => {
  const scene = new FtpsScene({ suite })
  scene.transfer('LIST', LISTING)
  scene.ask('TYPE I', '200 ok').ask('SIZE file.bin', '213 100000')
  scene.transfer('RETR file.bin', FILE, { stated: FILE.length })
  scene.transfer('STOR up.bin', FILE.subarray(0, 40_000))
  scene.transfer('RETR empty', '', { stated: 0 })
  scene.quit()
  const decrypted = scene.session()

  it('have the sizes of their content', () => {
    expect(decrypted.verdict.outcome).toBe('ok')
    expect(decrypted.findings.filter(({ id }) => id !== 'tls-weak')).toEqual([])
    expect(transfersOf(decrypted)).toMatchObject([
      { command: 'LIST', bytes: LISTING.length, decrypted: true, outcome: 'completed' },
      { command: 'RETR', bytes: 100_000, expectedBytes: 100_000, decrypted: true, outcome: 'completed' },
      { command: 'STOR', bytes: 40_000, decrypted: true, outcome: 'completed' },
      { command: 'RETR', bytes: 0, expectedBytes: 0, decrypted: true, outcome: 'completed' },
    ])
  })

  it('have those of the wire without keys', () => {
    const session = scene.session({})
    expect(session.decrypted).toBe(false)
    for (const { connection, transfer } of session.dataChannels) {
      expect(transfer).toBeNull()
      expect(connection!.bytes).toBeGreaterThan(0)
    }
  })

  it.each([0, 30, 1e9])('are the same with the secrets after %d packets', (after) => {
    const late = analysisOf(scene.toPcapng(after)).sessions
    // There a MAC does not prove the initialization vector: of what waits for secrets, the length is not known.
    if (suite === 'tls10-cbc-etm' && after > 1000) expect(late[0]!.exchanges).toEqual(decrypted.exchanges)
    else expect(late).toEqual([decrypted])
  })
})
