import { describe, expect, it } from 'vitest'
import { asciiModeDamage } from '../../src/diagnose/rules/transfers/ascii-mode-damage.js'
import { storageFull } from '../../src/diagnose/rules/transfers/storage-full.js'
import { transferStalled } from '../../src/diagnose/rules/transfers/transfer-stalled.js'
import { ask, dial, pasv, quit, reply, retrieve, store, type FtpSession } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { download, observed } from './played.js'

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
    expect(found?.side).toBe('client')
    expect(found?.message).toContain('192.168.1.10 shut its receive window and no longer read')
    expect(found?.message).toContain("(as long as vsftpd's data_connection_timeout, 300 s)")
  })

  it('sees that what was sent last never arrived', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.unacknowledged('server', 1448, { attempts: 4 })
      session.scene.wait(30_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
    })
    expect(found?.side).toBe('path')
    expect(found?.message).toContain('sent the next bytes 4 times and no acknowledgment came')
  })

  it('sees a receiver that gives up and gets no answer to its FIN either', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.unacknowledged('client', '', { fin: true, attempts: 3 })
      reply(session, '426 Failure writing network stream.')
    })
    expect(found?.side).toBe('path')
    expect(found?.message).toContain('and did not answer the FIN either')
    expect(found?.evidence.map(({ note }) => note)).toContain('FIN of 192.168.1.10, not acknowledged')
  })

  it('does not say where it stopped when the other connection is silent, too', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client', { delivered: false })
    })
    expect(found?.side).toBe('unknown')
  })

  it('sees a sender that is alive and has nothing to say', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client')
      session.scene.wait(100)
      session.control.close('client')
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('though its system still answers')
  })

  it('speaks of a connection on which no byte came, and of small segments as a rival', () => {
    const [found] = stalled((data, session) => {
      session.scene.wait(60_000)
      reply(session, '425 No data.')
      data.reset('server')
    })
    expect(found?.evidence[0].note).toBe('the data connection is open, and no byte comes')
    expect(found?.rivals).toEqual(['path-mtu-blackhole'])
  })

  it('is unsure where the capture ended the silence, and names the size that was expected', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      session.control.keepAlive('client')
    })
    expect(found?.confidence).toBe('low')
    expect(found?.message).toMatch(/came to a standstill after 30 kB of 900 kB: .*silence the capture ended/)
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
    expect(found?.message).toMatch(/after 30 kB: 192\.168\.1\.10 sent nothing more, .*the client closed the control/)
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
    expect(found?.severity).toBe('warning')
    expect(found?.message).toContain('after 20000 bytes: "452 Insufficient storage space." (account alice)')
  })

  it('is unsure of a write that failed without a word of storage', () => {
    const [found] = upload('STOR report.bin', '451 Failure writing to local file.')
    expect(found).toMatchObject({ confidence: 'low', rivals: ['transfer-refused'] })
  })

  it('knows a full disk without a data channel by the reply to MKD or ALLO', () => {
    const [found] = observed(storageFull, atClient(''), (session) => {
      ask(session, 'ALLO 900000', '552 Quota exceeded.')
      quit(session)
    })
    expect(found?.channel).toBeNull()
    expect(found?.confidence).toBe('high')
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
    expect(added?.confidence).toBe('high')
    expect(added?.message).toContain('4000 bytes passed where the server has 3990: 10 were added')
    const [removed] = ascii('logo.png', png, { size: 4020 })
    expect(removed?.message).toContain('20 were removed')
  })

  it('informs where as many bytes came as the server has, or where the client never chose a type', () => {
    const [same] = ascii('logo.png', png, { size: 4000 })
    expect(same).toMatchObject({ severity: 'info', confidence: 'medium' })
    expect(same?.message).toContain('so it did not convert')
    const [unchosen] = ascii('logo.png', png, { type: false })
    expect(unchosen?.severity).toBe('info')
    expect(unchosen?.evidence.map(({ note }) => note).join()).not.toContain('TYPE')
  })

  it('is unsure by the name alone, and says nothing where the content is text of the right size', () => {
    const [named] = ascii('backup.zip', text)
    expect(named?.confidence).toBe('low')
    expect(named?.message).toContain('the name says that the file is no text')
    expect(ascii('backup.zip', text, { size: text.length })).toEqual([])
  })

  it('believes a server that says it sends binary', () => {
    expect(ascii('logo.png', png, { opening: '150 Opening BINARY mode data connection.' })).toEqual([])
  })
})
