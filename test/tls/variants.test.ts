import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import type { SessionReport } from '../../src/report/contract.js'
import { analysisOf, FtpsScene, transfersOf } from '../support/ftps-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { bytesOf, type PeersOptions, type Sealing } from '../support/tls-peers.js'

const CONTENT = bytesOf('a', 70_000)

/** What each side said, in order. */
function linesOf({ exchanges }: SessionReport): string[] {
  return exchanges.flatMap(({ command, argument, replies }) => [
    ...(command === null ? [] : [argument === null ? command : `${command} ${argument}`]),
    ...replies.map(({ code, text }) => `${code} ${text}`),
  ])
}

const LOGIN = ['USER alice', '331 password', 'PASS ***', '230 logged in', 'PBSZ 0', '200 ok', 'PROT P', '200 ok']
const DOWNLOAD = ['227', 'RETR a', '150', '226']

function expectDialogue(session: SessionReport, after: readonly string[]): void {
  const lines = linesOf(session)
  const wanted = ['220 ready', 'AUTH TLS', '234 go on', ...LOGIN, 'PASV', ...DOWNLOAD, ...after, 'QUIT', '221 bye']
  expect(lines.map((line, at) => (line.startsWith(wanted[at]!) ? wanted[at] : line))).toEqual(wanted)
}

/** A session with these options for both channels, and a download; `between` is what happens before QUIT. */
function sceneOf(options: PeersOptions, between: (scene: FtpsScene) => void = () => undefined): FtpsScene {
  const scene = new FtpsScene(options)
  scene.transfer('RETR a', CONTENT, options)
  between(scene)
  return scene.quit()
}

describe.each<[string, PeersOptions]>([
  ['with HelloRetryRequest', { retry: true }],
  ['with HelloRetryRequest and without ChangeCipherSpec', { retry: true, compatible: false }],
  ['of TLS 1.3 without ChangeCipherSpec', { compatible: false }],
  ['of TLS 1.3 with messages over several records', { messageSize: 100 }],
  ['of TLS 1.3 with messages in records of their own length and padding', { messageSize: 700, padding: 333 }],
  ['of TLS 1.2 with messages over several records', { suite: 'tls12-aes256-gcm', messageSize: 60 }],
  ['of TLS 1.0 with 1/n-1 splitting', { suite: 'tls10-cbc', recordSize: 1 }],
])('a session %s', (_, options) => {
  it('is read, byte by byte as well', () => {
    const content = options.recordSize === 1 ? CONTENT.subarray(0, 300) : CONTENT
    const scene = new FtpsScene(options)
    scene.transfer('RETR a', content, options)
    scene.quit()
    const capture = scene.scene.toPcap()
    const session = scene.session()
    expectDialogue(session, [])
    expect(transfersOf(session)).toMatchObject([{ bytes: content.length, decrypted: true, outcome: 'completed' }])
    const analyzer = new Analyzer({ keyLog: scene.keyLog })
    analyzer.openFile('ftps.pcap')
    for (let at = 0; at < capture.length; at += 7) analyzer.push(capture.subarray(at, at + 7))
    analyzer.closeFile()
    expect(analyzer.end().sessions).toEqual([session])
  })
})

describe('new keys in mid-session', () => {
  it('of TLS 1.3, of both ends and asked for, are followed in both channels', () => {
    const scene = new FtpsScene()
    const update = (from: 'client' | 'server', requested: boolean) =>
      scene.control.raw(from, scene.control.peers.keyUpdate(from, requested))
    update('client', true)
    update('server', false)
    const connection = scene.passive()
    update('server', true)
    scene.ask('RETR a', '150 here')
    update('client', false)
    const data = scene.secure(connection).handshake()
    for (let at = 0; at < CONTENT.length; at += 10_000)
      data.raw('server', data.peers.keyUpdate('server', true)).send('server', CONTENT.subarray(at, at + 10_000))
    data.close('server')
    scene.reply('226 done').quit()
    // Only those of the beginning, as some programs write them, and with the letter N, as OpenSSL does.
    const first = scene.keyLog.replaceAll(/^\w+_SECRET_[1-9]\d* .*\n/gm, '')
    const letter = scene.keyLog.replaceAll(/_SECRET_[1-9]\d* /g, '_SECRET_N ')
    expect(letter).toMatch(/^SERVER_TRAFFIC_SECRET_N /m)
    for (const keyLog of [scene.keyLog, first, letter, letter + letter]) {
      const { sessions, capture } = scene.analysis({ keyLog })
      expectDialogue(sessions[0]!, [])
      expect(transfersOf(sessions[0]!)).toMatchObject([{ bytes: CONTENT.length, decrypted: true }])
      expect(capture.anomalies).toEqual([])
    }
  })

  it.each<[Sealing, boolean]>([
    ['tls12-aes256-gcm', false],
    ['tls12-cbc-sha', true],
    ['tls10-cbc', false],
  ])('by renegotiation are followed: %s', (suite, asked) => {
    const scene = sceneOf({ suite }, (each) => {
      for (const { from, bytes } of each.control.peers.renegotiate(500, asked)) each.control.raw(from, bytes)
      each.ask('NOOP', '200 again')
      each.transfer('RETR a', CONTENT, { resumes: each.control.peers, logged: false })
    })
    const session = scene.session()
    expectDialogue(session, ['NOOP', '200 again', 'PASV', ...DOWNLOAD])
    expect(transfersOf(session)).toMatchObject([{ bytes: CONTENT.length }, { bytes: CONTENT.length, decrypted: true }])
  })
})

describe('0-RTT data', () => {
  const upload = (accepted: boolean, retry: boolean): FtpsScene => {
    const scene = new FtpsScene()
    const connection = scene.passive()
    scene.ask('STOR a', '150 go')
    const early = { content: CONTENT.subarray(0, 9000), accepted }
    const data = scene.secure(connection, { early, retry }).handshake()
    data.send('client', accepted ? CONTENT.subarray(9000) : CONTENT).close('client')
    return scene.reply('226 done').quit()
  }

  it.each([false, true])('that is refused is sent again, so that the size is known; with a retry: %s', (retry) => {
    expect(transfersOf(upload(false, retry).session())).toMatchObject([{ bytes: CONTENT.length, decrypted: true }])
  })

  it('that is accepted is passed over, so that the size is not claimed', () => {
    const [transfer] = transfersOf(upload(true, false).session())
    expect(transfer!.bytes).toBeGreaterThan(CONTENT.length)
    expect(transfer).not.toHaveProperty('decrypted')
  })
})

describe('what the capture lacks of a data connection', () => {
  /** A download of which the packets from the server to the client at these positions are missing. */
  function without(options: PeersOptions, lacks: (index: number, count: number) => boolean): SessionReport {
    const scene = new FtpsScene(options)
    const data = scene.passive()
    scene.ask('RETR a', '150 here')
    const secured = scene.secure(data, options).handshake()
    if (secured.peers.isTls13) secured.raw('server', secured.peers.newTicket())
    secured.send('server', CONTENT.subarray(0, 1000)).send('server', CONTENT.subarray(1000, 2000)).close('server')
    scene.reply('226 done').quit()
    const { packets } = scene.scene
    const sent = packets.filter(({ tcp, payload }) => tcp!.sourcePort > 41_000 && payload.length > 0)
    const gone = new Set(sent.filter((_, index) => lacks(index, sent.length)))
    expect(gone.size).toBeGreaterThan(0)
    const left = packets.filter((packet) => !gone.has(packet))
    return analysisOf(toPcap(left, { start: scene.scene.start }), { keyLog: scene.keyLog }).sessions[0]!
  }
  const fromEnd = (back: number) => (index: number, count: number) => index === count - back

  it.each<Sealing>(['tls13-aes128-gcm', 'tls12-aes256-gcm', 'tls12-chacha20'])(
    'is counted where records before and after show how much it is: %s',
    (suite) => {
      expect(transfersOf(without({ suite }, fromEnd(2)))).toMatchObject([{ bytes: 2000, decrypted: true }])
    },
  )

  it.each<Sealing>(['tls13-aes128-gcm', 'tls12-aes256-gcm'])('is no content if it is the close_notify: %s', (suite) => {
    expect(transfersOf(without({ suite }, fromEnd(1)))).toMatchObject([{ bytes: 2000, decrypted: true }])
  })

  it.each<Sealing>(['tls13-aes128-gcm', 'tls12-aes256-gcm', 'tls12-cbc-sha'])(
    'at the end leaves the size unknown: %s',
    (suite) => {
      const [transfer] = transfersOf(without({ suite }, (index, count) => index >= count - 2))
      expect(transfer!.bytes).toBeGreaterThan(2000)
      expect(transfer).not.toHaveProperty('decrypted')
    },
  )

  it('may be tickets, so that the size is not claimed', () => {
    const [transfer] = transfersOf(without({}, fromEnd(4)))
    expect(transfer!.bytes).toBeGreaterThan(2000)
    expect(transfer).not.toHaveProperty('decrypted')
  })

  it('is no content if it is the Finished of TLS 1.2', () => {
    expect(transfersOf(without({ suite: 'tls12-aes256-gcm' }, fromEnd(4)))).toMatchObject([
      { bytes: 2000, decrypted: true },
    ])
  })
})

describe('a control connection from its middle', () => {
  /** The capture begins after login, `before` NOOPs and `updates` of both keys. */
  function late(suite: Sealing, before: number, updates = 0): SessionReport {
    const scene = new FtpsScene({ suite })
    for (let count = 0; count < before; count++) scene.ask('NOOP', '200 ok')
    for (let count = 0; count < updates; count++)
      for (const from of ['client', 'server'] as const) scene.control.raw(from, scene.control.peers.keyUpdate(from))
    const from = scene.scene.packets.length
    scene.ask('TYPE I', '200 binary').transfer('RETR a', CONTENT)
    scene.quit()
    const packets = scene.scene.packets.slice(from)
    return analysisOf(toPcap(packets, { start: scene.scene.start }), { keyLog: scene.keyLog }).sessions[0]!
  }

  it.each<[string, Sealing, number, number]>([
    ['a few records', 'tls13-aes256-gcm', 3, 0],
    ['a thousand', 'tls13-chacha20', 1000, 0],
    ['new keys, three times', 'tls13-aes128-gcm', 2, 3],
  ])('is read after %s', (_, suite, before, updates) => {
    const session = late(suite, before, updates)
    expect(linesOf(session)).toEqual(expect.arrayContaining(['TYPE I', '200 binary', 'RETR a', 'QUIT', '221 bye']))
    expect(transfersOf(session)).toMatchObject([{ bytes: CONTENT.length, decrypted: true }])
  })
})

it('a loss inside the handshake of TLS 1.2 is told as missing hellos, not as a missing secret', () => {
  const scene = sceneOf({ suite: 'tls12-aes256-gcm' })
  const { packets } = scene.scene
  const hello = packets.findIndex(({ payload, tcp }) => tcp!.sourcePort === 21 && payload[0] === 22)
  const left = packets.filter((_, index) => index !== hello)
  const { capture } = analysisOf(toPcap(left, { start: scene.scene.start }), { keyLog: scene.keyLog })
  expect(capture.anomalies.find(({ kind }) => kind === 'tls-not-decrypted')!.message).toContain(
    'hellos were not captured',
  )
})
