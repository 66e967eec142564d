import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/report/contract.js'
import { toPcap } from '../support/pcap-writer.js'
import { clonePacket, Flag } from '../support/scene-packet.js'
import { analysisOf, FtpsScene, transfersOf } from '../support/ftps-scene.js'
import { bytesOf, TlsPeers } from '../support/tls-peers.js'

const idsOf = ({ findings }: SessionReport) => findings.map(({ id }) => id)
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...bytesOf('picture', 5000)])

describe('a data connection that resumes a session up to TLS 1.2', () => {
  it.each(['id', 'ticket'] as const)('needs no line in the key log: by %s', (by) => {
    const scene = new FtpsScene({ suite: 'tls12-aes256-gcm' })
    const resumes = scene.control.peers
    const first = scene.transfer('RETR a', bytesOf('a', 20_000), { resumes, by, logged: false })
    // Of one that resumes a session that was resumed.
    scene.transfer('RETR b', bytesOf('b', 300), { resumes: first.peers, by, logged: false })
    scene.quit()
    const session = scene.session()
    expect(transfersOf(session).map((transfer) => transfer?.bytes)).toEqual([20_000, 300])
    for (const after of [0, 40, 1e9]) expect(analysisOf(scene.toPcapng(after)).sessions).toEqual([session])
  })

  it('is told to have no secret where the session was never seen', () => {
    const scene = new FtpsScene({ suite: 'tls12-aes256-gcm' })
    const resumes = new TlsPeers({ suite: 'tls12-aes256-gcm', seed: 7 })
    scene.transfer('RETR a', bytesOf('a', 20_000), { resumes, logged: false, stated: 20_000 })
    const { sessions, capture } = scene.analysis()
    const [transfer] = transfersOf(sessions[0]!)
    expect(transfer).toMatchObject({ outcome: 'completed', expectedBytes: 20_000 })
    expect(transfer!.decrypted).toBeUndefined()
    expect(transfer!.bytes).toBeGreaterThan(20_000)
    expect(capture.anomalies).toMatchObject([
      {
        kind: 'tls-not-decrypted',
        message: 'ftp, data connection: TLS is not decrypted: no secret for it is known',
      },
    ])
  })
})

describe('the length of the content', () => {
  it.each([
    ['records of 16384 bytes', { padding: 100 }],
    ['records of 8192 bytes', { recordSize: 8192, padding: 1 }],
  ])('is known with padding only if all of it is decrypted: %s', (_, options) => {
    const scene = new FtpsScene()
    scene.transfer('RETR a', bytesOf('a', 123_456), { ...options, stated: 123_456 })
    expect(transfersOf(scene.session())).toMatchObject([{ bytes: 123_456, decrypted: true, outcome: 'completed' }])
    // Of records that wait for their secret, only the first are kept.
    const [late] = transfersOf(analysisOf(scene.toPcapng(1e9)).sessions[0]!)
    expect(late!.bytes).toBeGreaterThan(123_456)
    expect(late).not.toHaveProperty('decrypted')
  })

  it.each([
    ['short records', { recordSize: 700 }],
    ['long ones', { recordSize: 16_384 }],
  ])('is known with %s', (_, options) => {
    const scene = new FtpsScene()
    scene.transfer('RETR a', bytesOf('a', 123_456), { ...options, stated: 123_456 })
    for (const session of [scene.session(), analysisOf(scene.toPcapng(1e9)).sessions[0]!])
      expect(transfersOf(session)).toMatchObject([{ bytes: 123_456, decrypted: true, outcome: 'completed' }])
  })

  it('is known with tickets and new keys among the data', () => {
    const scene = new FtpsScene()
    const connection = scene.passive()
    scene.ask('RETR a', '150 here')
    const data = scene.secure(connection).handshake()
    const content = bytesOf('a', 200_000)
    data.raw('server', data.peers.newTicket()).send('server', content.subarray(0, 90_000))
    data.raw('server', data.peers.keyUpdate('server')).send('server', content.subarray(90_000))
    data.raw('server', data.peers.newTicket(300)).close('server')
    scene.reply('226 done').quit()
    for (const session of [scene.session(), analysisOf(scene.toPcapng(1e9)).sessions[0]!])
      expect(transfersOf(session)).toMatchObject([{ bytes: 200_000, decrypted: true, outcome: 'completed' }])
  })

  it('is compared with the size that the server stated', () => {
    const scene = new FtpsScene()
    scene.ask('TYPE I', '200 ok').transfer('RETR a', bytesOf('a', 50_000), { stated: 60_000 })
    scene.quit()
    const session = scene.session()
    expect(transfersOf(session)).toMatchObject([{ bytes: 50_000, outcome: 'incomplete' }])
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'transfer-incomplete' })
    expect(session.findings[0]!.facts).toMatchObject({ bytes: 50_000, expected: { bytes: 60_000 }, resumeAt: 50_000 })
  })

  it('is that of all records, though the connection ends inside one', () => {
    const scene = new FtpsScene()
    scene.ask('TYPE I', '200 ok')
    const connection = scene.passive()
    scene.ask('RETR a', '150 opening (50000 bytes).')
    const data = scene.secure(connection).handshake()
    const records = data.peers.data('server', bytesOf('a', 50_000))
    data.raw('server', records.subarray(0, 40_000)).end('server')
    scene.reply('426 aborted').quit()
    const session = scene.session()
    expect(transfersOf(session)).toMatchObject([{ bytes: 2 * 16_384, outcome: 'failed' }])
  })
})

describe('the beginning of the content', () => {
  it('shows that a file was damaged in ASCII mode', () => {
    const scene = new FtpsScene()
    scene.ask('TYPE A', '200 ok').ask('SIZE logo', `213 ${PNG.length - 20}`)
    scene.transfer('RETR logo', PNG)
    scene.quit()
    const finding = scene.session().findings.find(({ id }) => id === 'ascii-mode-damage')
    expect(finding).toMatchObject({ confidence: 'high', facts: { content: 'PNG image', change: 20 } })
  })

  it('has the sizes in a listing', () => {
    const scene = new FtpsScene()
    scene.transfer('LIST', '-rw-r--r--    1 0        0           90000 Jan 30 08:02 big\r\n')
    scene.ask('TYPE I', '200 ok').transfer('RETR big', bytesOf('big', 40_000))
    scene.quit()
    expect(scene.session().verdict).toMatchObject({ outcome: 'failed', cause: 'transfer-incomplete' })
  })
})

describe('the end of the content', () => {
  const upload = (end: 'close' | 'end', reply: string): SessionReport => {
    const scene = new FtpsScene()
    scene.ask('TYPE I', '200 ok')
    const connection = scene.passive()
    scene.ask('STOR up', '150 go')
    const data = scene.secure(connection).handshake()
    data.send('client', bytesOf('up', 30_000))[end]('client')
    scene.reply(reply).quit()
    return scene.session()
  }

  it('without close_notify is the reason for which a strict server refuses an upload', () => {
    const session = upload('end', '426 Failure reading network stream.')
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'tls-close-missing' })
    expect(session.findings[0]).toMatchObject({ id: 'tls-close-missing', confidence: 'high' })
  })

  it('with close_notify is not', () => {
    expect(idsOf(upload('close', '426 Failure reading network stream.'))).not.toContain('tls-close-missing')
  })

  it('without close_notify is nothing to a lenient server', () => {
    const session = upload('end', '226 Transfer complete.')
    expect(session.verdict.outcome).toBe('ok')
    expect(session.findings).toEqual([])
    expect(transfersOf(session)).toMatchObject([{ bytes: 30_000, decrypted: true, outcome: 'completed' }])
  })
})

describe('a data connection under TLS', () => {
  it.each(['tls', 'TLS-C', 'tls-p', 'Ssl'])('follows AUTH %s', (auth) => {
    const scene = new FtpsScene({ auth, protection: /^(tls-p|ssl)$/i.test(auth) ? null : 'P' })
    scene.transfer('RETR a', bytesOf('a', 3000))
    scene.quit()
    expect(transfersOf(scene.session())).toMatchObject([{ bytes: 3000, decrypted: true }])
  })

  it('follows implicit TLS', () => {
    const scene = new FtpsScene({ auth: null, protection: null })
    scene.transfer('RETR a', bytesOf('a', 3000))
    scene.quit()
    expect(transfersOf(scene.session())).toMatchObject([{ bytes: 3000, decrypted: true }])
  })

  it('may be active: the FTP client is the TLS client all the same', () => {
    const scene = new FtpsScene()
    const connection = scene.active()
    scene.ask('RETR a', '150 here')
    scene.secure(connection).handshake().send('server', bytesOf('a', 70_000)).close('server')
    scene.reply('226 done').quit()
    expect(transfersOf(scene.session())).toMatchObject([{ bytes: 70_000, decrypted: true, outcome: 'completed' }])
  })

  it('is told from one in clear text, where PROT changes', () => {
    const scene = new FtpsScene()
    const clear = (size: number): void => {
      const connection = scene.passive()
      scene.ask('RETR clear', '150 here')
      connection.server(bytesOf('clear', size)).close('server')
      scene.reply('226 done')
    }
    scene.transfer('RETR a', bytesOf('a', 5000))
    scene.ask('PROT C', '200 ok')
    clear(6000)
    scene.ask('PROT P', '200 ok').transfer('RETR b', bytesOf('b', 7000))
    scene.quit()
    const transfers = transfersOf(scene.session())
    expect(transfers.map((each) => [each?.bytes, each?.decrypted])).toEqual([
      [5000, true],
      [6000, undefined],
      [7000, true],
    ])
  })

  it('is decrypted after CCC, whose announcements are in clear text, and after AUTH again', () => {
    const scene = new FtpsScene()
    scene.ask('CCC', '200 clear from here')
    const { conversation } = scene.control
    const plain = (from: 'client' | 'server', line: string) => conversation.send(from, `${line}\r\n`)
    scene.control.raw('client', scene.control.peers.closeNotify('client'))
    scene.control.raw('server', scene.control.peers.closeNotify('server'))
    plain('client', 'PASV')
    plain('server', '227 Entering Passive Mode (203,0,113,20,200,1).')
    const connection = scene.scene.connect(scene.client, 41_000, scene.server, 51_201)
    plain('client', 'RETR a')
    plain('server', '150 here')
    scene.secure(connection).handshake().send('server', bytesOf('a', 9000)).close('server')
    plain('server', '226 done')
    plain('client', 'AUTH TLS')
    plain('server', '234 go on')
    scene.control = scene.secure(conversation).handshake()
    scene.transfer('RETR b', bytesOf('b', 8000))
    scene.quit()
    const session = scene.session()
    expect(session.verdict.outcome).toBe('ok')
    expect(transfersOf(session)).toMatchObject([
      { bytes: 9000, decrypted: true },
      { bytes: 8000, decrypted: true },
    ])
  })

  it('may come before its announcement in the capture', () => {
    const scene = new FtpsScene()
    scene.transfer('RETR a', bytesOf('a', 3000))
    scene.quit()
    const { packets, start } = scene.scene
    const port = packets.find(({ tcp }) => tcp?.flags === Flag.Syn && tcp.destinationPort !== 21)!.tcp!.destinationPort
    const syn = packets.findIndex(({ tcp }) => tcp?.destinationPort === port)
    const announcement = packets.findLastIndex(({ payload }, at) => at < syn && payload.length > 0)
    expect(announcement).toBeGreaterThan(0)
    const order = [...packets]
    order.splice(announcement, 0, ...order.splice(syn, 1))
    const changed = order.map((packet, at) => clonePacket(packet, { time: packets[at]!.time }))
    for (const keyLog of [scene.keyLog, undefined]) {
      const [session] = analysisOf(toPcap(changed, { start }), keyLog === undefined ? {} : { keyLog }).sessions
      const [expected] = analysisOf(scene.scene.toPcap(), keyLog === undefined ? {} : { keyLog }).sessions
      expect(session!.dataChannels.map(({ match }) => match)).toEqual(expected!.dataChannels.map(({ match }) => match))
      expect(transfersOf(session!)).toEqual(transfersOf(expected!))
      if (keyLog !== undefined) expect(transfersOf(session!)).toMatchObject([{ bytes: 3000, outcome: 'completed' }])
    }
  })

  it('has its alerts told, in clear text and under TLS', () => {
    for (const description of [42, 48]) {
      const scene = new FtpsScene()
      const connection = scene.passive()
      scene.ask('RETR a', '150 here')
      const data = scene.secure(connection)
      const [hello, flight] = data.peers.handshake()
      data.raw('client', hello!.bytes).raw('server', flight!.bytes)
      data.raw('client', data.peers.alert('client', description)).end('client')
      scene.reply('425 Cannot open data connection.').quit()
      const session = scene.session()
      expect(session.verdict.outcome).toBe('failed')
      expect(transfersOf(session)).toMatchObject([{ outcome: 'failed' }])
    }
  })
})

describe('replies', () => {
  it.each([
    ['522 Data connection must be encrypted.', 'protection-mismatch'],
    ['550 Failed to open file.', 'transfer-refused'],
  ])('that refuse a transfer are its cause under TLS: %s', (reply, cause) => {
    const scene = new FtpsScene({ protection: reply.startsWith('522') ? 'C' : 'P' })
    scene.passive()
    scene.ask('RETR a', reply).quit()
    expect(scene.session().verdict).toMatchObject({ outcome: 'failed', cause })
  })

  it('425 tells of a data connection that was not opened', () => {
    const scene = new FtpsScene()
    scene.passive()
    scene.ask('RETR a', '425 Unable to build data connection').quit()
    expect(scene.session().verdict.outcome).toBe('failed')
  })

  it.each(['500 OOPS: vsf_sysutil_recv_peek: no data', '500 OOPS: child died'])(
    'in clear text among the records are read: %s',
    (line) => {
      const scene = new FtpsScene()
      scene.transfer('RETR a', bytesOf('a', 3000))
      scene.command('LIST')
      scene.control.raw('server', `${line}\r\n`).end('server')
      const session = scene.session()
      const last = session.exchanges.at(-1)!
      expect(last).toMatchObject({ command: 'LIST', replies: [{ code: 500, text: line.slice(4) }] })
      expect(transfersOf(session)[0]).toMatchObject({ bytes: 3000, decrypted: true })
    },
  )

  it('in clear text in place of 421 is read', () => {
    const scene = new FtpsScene()
    scene.transfer('RETR a', bytesOf('a', 3000))
    scene.scene.wait(300_000)
    scene.control.raw('server', '500 OOPS: timeout\r\n').end('server')
    const session = scene.session()
    expect(session.exchanges.at(-1)).toMatchObject({ command: null, replies: [{ code: 500 }] })
  })
})
