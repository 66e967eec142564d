import { describe, expect, it } from 'vitest'
import { asciiModeDamage } from '../../src/diagnose/rules/transfers/ascii-mode-damage.js'
import { storageFull } from '../../src/diagnose/rules/transfers/storage-full.js'
import { transferStalled } from '../../src/diagnose/rules/transfers/transfer-stalled.js'
import { ask, dial, pasv, quit, reply, retrieve, store, type FtpSession } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { verdictOn } from './observe.js'
import { download, observed, played, says } from './played.js'

describe('transfer-stalled', () => {
  const stalled = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void) =>
    observed(transferStalled, atClient(''), download(play))

  it('sees that the receiver no longer reads', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.acknowledge('client', { window: 0 })
      session.scene.wait(300_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
    })
    expect(found).toMatchObject({
      side: 'client',
      fact: {
        kind: 'window-shut',
        receiver: '192.168.1.10',
        end: { by: 'reply', reply: { code: 426 } },
        timer: { own: true, timers: [{ server: 'vsftpd', setting: 'data_connection_timeout', seconds: 300 }] },
      },
    })
    expect(found?.message).toContain("(matches vsftpd's data_connection_timeout, 300 s)")
  })

  it('knows that the window is still shut where no packet of the connection followed', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.acknowledge('client', { window: 0 })
      session.scene.wait(60_000)
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'client', fact: { kind: 'window-shut' } })
  })

  it('sees that what was sent last never arrived', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.unacknowledged('server', 1448, { attempts: 4 })
      session.scene.wait(30_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
    })
    expect(found).toMatchObject({ side: 'path', fact: { kind: 'unacknowledged', sender: '203.0.113.20', sends: 4 } })
  })

  it('sees a receiver that gives up and gets no answer to its FIN either', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.unacknowledged('client', '', { fin: true, attempts: 3 })
      reply(session, '426 Failure writing network stream.')
    })
    expect(found).toMatchObject({ side: 'path', fact: { kind: 'fin-unanswered' } })
    expect(found?.evidence.map(({ note }) => note)).toContain('FIN from 192.168.1.10, not acknowledged')
  })

  it('does not say where it stopped when the other connection is silent, too', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client', { delivered: false })
    })
    expect(found).toMatchObject({
      side: 'unknown',
      fact: { kind: 'fin-unanswered', end: { by: 'data-connection', address: '192.168.1.10', how: 'fin' } },
    })
  })

  it('tells a connection that was reset from one that was closed', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.reset('server')
      session.control.close('client')
    })
    expect(found?.fact.end).toEqual({ by: 'data-connection', address: '203.0.113.20', how: 'rst' })
    expect(found?.message).toContain('203.0.113.20 reset the data connection')
  })

  it('is not ended by the FIN of a sender whose bytes before it never came', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.server(1448, { delivered: false, captured: false }).server(208)
      data.fin('server')
      session.scene.wait(60_000)
      session.control.close('server')
    })
    expect(found?.fact.end).toEqual({ by: 'control-connection', role: 'server' })
  })

  it('sees a sender that is alive and has nothing to say', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client')
      session.scene.wait(100)
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'sender-alive' } })
  })

  it('speaks of a connection on which no byte came, and of small segments as a rival', () => {
    const [found] = stalled((data, session) => {
      session.scene.wait(60_000)
      reply(session, '425 No data.')
      data.reset('server')
    })
    expect(found?.evidence[0].note).toBe('the data connection is open, but no data is sent')
    expect(found?.rivals).toEqual(['path-mtu-blackhole'])
  })

  it('says nothing of a connection of which nothing shows when it was open', () => {
    const found = observed(transferStalled, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005, { captured: false })
      ask(session, 'RETR big', '150 Opening.')
      data.acknowledge('client')
      session.scene.wait(60_000)
      reply(session, '426 No data.')
      session.control.close('client')
    })
    expect(found).toEqual([])
  })

  it('is unsure where the capture ended the silence, and names the size that was expected', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      session.control.keepAlive('client')
    })
    expect(found).toMatchObject({
      confidence: 'low',
      fact: { kind: 'sender-silent', bytes: 30_000, expectedBytes: 900_000, end: { by: 'capture' } },
    })
    expect(found?.message).toMatch(/stalled after 30 kB of 900 kB: .*silence the capture ended/)
  })

  it('warns only where the file came at a later attempt', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      reply(session, '426 Data connection timed out.')
      data.reset('server')
      retrieve(session, { path: 'big', port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'warning', confidence: 'high' })
  })

  it('names the client that closed the control connection over an upload', () => {
    const [found] = observed(transferStalled, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(30_000)
      session.scene.wait(60_000)
      session.control.close('client')
    })
    expect(found?.fact).toMatchObject({
      sender: '192.168.1.10',
      expectedBytes: null,
      end: { by: 'control-connection', role: 'client' },
    })
  })
})

describe('storage-full', () => {
  const upload = (line: string, answer: string, then: (session: FtpSession) => void = quit) =>
    observed(storageFull, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, line, '150 Ok to send data.')
      data.client(20_000)
      reply(session, answer)
      data.close('server')
      then(session)
    })

  it('warns only where the same upload worked later', () => {
    const [found] = upload('STOR report.bin', '452 Insufficient storage space.', (session) => {
      store(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'warning', fact: { kind: 'words', bytes: 20_000, account: 'alice' } })
    expect(found?.message).toContain('after 20000 bytes: "452 Insufficient storage space." (account alice)')
  })

  it('takes the code alone for a sign, without words of storage', () => {
    const [found] = upload('STOR report.bin', '552 Exceeded.')
    expect(found).toMatchObject({ fact: { kind: 'code' }, confidence: 'high', rivals: ['transfer-refused'] })
  })

  it('knows no account where nobody logged in', () => {
    const [found] = says(storageFull, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'MKD new', '552 Quota exceeded.')
      quit(session)
    })
    expect(found?.fact.account).toBeNull()
    expect(found?.message).toBe('The server could not complete "MKD new": "552 Quota exceeded.".')
  })

  it('is unsure of a write that failed without a word of storage', () => {
    const [found] = upload('STOR report.bin', '451 Failure writing to local file.')
    expect(found).toMatchObject({ fact: { kind: 'write-failed' }, confidence: 'low', rivals: ['transfer-refused'] })
  })

  it('knows a full disk without a data channel by the reply to MKD or ALLO', () => {
    const [found] = observed(storageFull, atClient(''), (session) => {
      ask(session, 'ALLO 900000', '552 Quota exceeded.')
      quit(session)
    })
    expect(found).toMatchObject({ channel: null, confidence: 'high', fact: { command: { command: 'ALLO' }, bytes: 0 } })
  })
})

describe('ascii-mode-damage', () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array.from({ length: 3992 }, () => 7))
  const text = 'a line of text\r\n'.repeat(250)
  const ascii = (
    path: string,
    data: Uint8Array | string,
    { size = null as number | null, opening = '150 Opening ASCII mode data connection.', type = true } = {},
  ) =>
    observed(asciiModeDamage, atClient(''), (session) => {
      if (type) ask(session, 'TYPE A', '200 Switching to ASCII mode.')
      if (size !== null) ask(session, `SIZE ${path}`, `213 ${size}`)
      pasv(session, 50_005)
      const connection = dial(session, 50_005)
      ask(session, `RETR ${path}`, opening)
      connection.server(data).close('server')
      reply(session, '226 Transfer complete.')
      quit(session)
    })

  it('counts the bytes that were added or removed', () => {
    const [added] = ascii('logo.png', png, { size: 3990 })
    expect(added).toMatchObject({
      confidence: 'high',
      fact: { kind: 'content', content: 'PNG image', bytes: 4000, change: 10 },
    })
    expect(added?.message).toContain('4000 bytes transferred, but the file has 3990 on the server: 10 were added')
    const [removed] = ascii('logo.png', png, { size: 4020 })
    expect(removed?.fact.change).toBe(-20)
    expect(removed?.message).toContain('20 were removed')
  })

  it('informs where as many bytes came as the server has, or where the client never chose a type', () => {
    const [same] = ascii('logo.png', png, { size: 4000 })
    expect(same).toMatchObject({ severity: 'info', confidence: 'medium', fact: { change: 0 } })
    expect(same?.message).toContain('so it did not convert')
    const [unchosen] = ascii('logo.png', png, { type: false })
    expect(unchosen?.severity).toBe('info')
    expect(unchosen?.evidence.map(({ note }) => note).join()).not.toContain('TYPE')
  })

  it('is unsure by the name alone, and says nothing where the content is text of the right size', () => {
    const [named] = ascii('backup.zip', text)
    expect(named).toMatchObject({ confidence: 'low', fact: { kind: 'name', content: null, change: null } })
    expect(named?.message).toContain('the file name indicates a binary file')
    expect(ascii('backup.zip', text, { size: text.length })).toEqual([])
  })

  it('believes a server that says it sends binary', () => {
    expect(ascii('logo.png', png, { opening: '150 Opening BINARY mode data connection.' })).toEqual([])
  })

  it('knows by the name alone a file whose bytes the capture lacks', () => {
    const [found] = observed(asciiModeDamage, atClient(''), (session) => {
      ask(session, 'TYPE A', '200 Switching to ASCII mode.')
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR logo.png', '150 Opening ASCII mode data connection.')
      data.server(png, { captured: false }).close('server')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(found?.fact.kind).toBe('name')
    expect(found?.evidence.map(({ note }) => note)).not.toContain('first bytes of the file')
  })

  it('leaves it to transfer-incomplete that the server broke it off', () => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'STOR logo.png', '150 Ok to send data.')
      data.client(png).close('server')
      reply(control, '426 Failure reading network stream.')
      quit(control)
    })
    expect(verdictOn(session)).toMatchObject({ outcome: 'failed', cause: 'transfer-incomplete' })
  })
})
