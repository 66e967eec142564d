import { describe, expect, it } from 'vitest'
import { KeyLogReader } from '../../src/tls/keys/key-log.js'
import { SecretStore } from '../../src/tls/keys/secret-store.js'
import { transcript } from '../support/tls-transcript.js'

const RANDOM = '0123456789abcdef'.repeat(4)
const MASTER = 'fedcba9876543210'.repeat(6)
const TRAFFIC = '00112233445566778899aabbccddeeff'.repeat(2)

function read(text: string | Uint8Array) {
  const store = new SecretStore()
  return { store, summary: store.addKeyLog(text) }
}

const random = (digits = RANDOM) => new Uint8Array(Buffer.from(digits, 'hex'))

describe('a key log', () => {
  it('has secrets of every version, in any order, among comments and blank lines', () => {
    const { store, summary } = read(
      [
        '# SSL/TLS secrets log file',
        `SERVER_TRAFFIC_SECRET_1 ${RANDOM} ${TRAFFIC}`,
        '',
        `CLIENT_RANDOM ${RANDOM} ${MASTER}`,
        `EXPORTER_SECRET ${RANDOM} ${TRAFFIC}`,
        `  CLIENT_HANDSHAKE_TRAFFIC_SECRET   ${RANDOM}\t${TRAFFIC}${'00'.repeat(16)}  `,
        `SERVER_HANDSHAKE_TRAFFIC_SECRET ${RANDOM} ${TRAFFIC}`,
        `CLIENT_TRAFFIC_SECRET_0 ${RANDOM} ${TRAFFIC}`,
      ].join('\n'),
    )
    expect(summary).toEqual({ secrets: 5, others: 1, malformed: 0, problems: [] })
    const secrets = store.of(random())!
    expect(secrets.master).toHaveLength(48)
    expect(secrets.clientHandshake).toHaveLength(48)
    expect(secrets.serverHandshake).toHaveLength(32)
    expect([...secrets.clientTraffic.keys()]).toEqual([0])
    expect([...secrets.serverTraffic.keys()]).toEqual([1])
  })

  it.each([
    ['upper case', `client_random ${RANDOM.toUpperCase()} ${MASTER.toUpperCase()}`],
    ['CRLF', `# x\r\nCLIENT_RANDOM ${RANDOM} ${MASTER}\r\n`],
    ['CR', `# x\rCLIENT_RANDOM ${RANDOM} ${MASTER}\r`],
    ['a byte order mark', `\xef\xbb\xbfCLIENT_RANDOM ${RANDOM} ${MASTER}\n`],
  ])('may be written with %s', (_, text) => {
    const { store, summary } = read(text)
    expect(summary).toMatchObject({ secrets: 1, malformed: 0 })
    expect(store.of(random())?.master?.[0]).toBe(0xfe)
  })

  it('names the lines that are malformed, without what they contain, and reads the others', () => {
    const { summary } = read(
      [
        `CLIENT_RANDOM ${RANDOM}`,
        `CLIENT_RANDOM ${RANDOM.slice(2)} ${MASTER}`,
        `CLIENT_RANDOM ${RANDOM} ${MASTER.slice(0, -1)}x`,
        `CLIENT_TRAFFIC_SECRET_0 ${RANDOM} ${MASTER}00`,
        `RANDOM ${RANDOM} ${MASTER}`,
        `CLIENT_RANDOM ${RANDOM} ${MASTER} more`,
        'x'.repeat(5000),
        '\x00\x01',
        `CLIENT_TRAFFIC_SECRET_99999 ${RANDOM} ${TRAFFIC}`,
        `CLIENT_RANDOM ${RANDOM} ${MASTER}`,
      ].join('\r\n'),
    )
    expect(summary).toEqual({
      secrets: 1,
      others: 0,
      malformed: 9,
      problems: [
        { line: 1, reason: 'it has 2 fields, needed 3' },
        { line: 2, reason: 'its client random has 62 hexadecimal digits, needed 64' },
        { line: 3, reason: 'its secret is not hexadecimal' },
        { line: 4, reason: 'its secret has 98 hexadecimal digits, needed 64 or 96' },
        { line: 5, reason: 'its label is unknown' },
        { line: 6, reason: 'it has 4 fields, needed 3' },
        { line: 7, reason: 'it is longer than 4096 bytes' },
        { line: 8, reason: 'it is not text' },
        { line: 9, reason: 'its label is unknown' },
      ],
    })
  })

  it('is the same in chunks of any size', () => {
    const text = Buffer.from(`\xef\xbb\xbf# x\r\n\r\n\n${transcript('tls13-aes128-gcm').keyLog}\r\rbad\r\n`, 'latin1')
    const parse = (size: number) => {
      const store = new SecretStore()
      const reader = new KeyLogReader(store)
      for (let at = 0; at < text.length; at += size) reader.push(text.subarray(at, at + size))
      return { ...reader.end(), count: store.count }
    }
    for (let size = 1; size < 70; size++) expect(parse(size)).toEqual(parse(text.length))
  })

  it('counts a repeated line once, and lets the first secret stand', () => {
    const { store } = read(
      `CLIENT_RANDOM ${RANDOM} ${MASTER}\n`.repeat(3) + `CLIENT_RANDOM ${RANDOM} ${'00'.repeat(48)}`,
    )
    expect(store.count).toBe(1)
    expect(store.of(random())?.master?.[0]).toBe(0xfe)
  })

  it('is kept up to a limit, and tells what was left out', () => {
    const store = new SecretStore(1000)
    for (let index = 0; index < 10; index++)
      store.addKeyLog(`CLIENT_RANDOM ${index.toString().padStart(64, '0')} ${MASTER}`)
    expect([store.count, store.dropped]).toEqual([4, 6])
  })
})
