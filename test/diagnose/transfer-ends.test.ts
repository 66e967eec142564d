import { describe, expect, it } from 'vitest'
import { transferAborted } from '../../src/diagnose/rules/transfers/transfer-aborted.js'
import { transferIncomplete } from '../../src/diagnose/rules/transfers/transfer-incomplete.js'
import { transferRefused } from '../../src/diagnose/rules/transfers/transfer-refused.js'
import { transferReset } from '../../src/diagnose/rules/transfers/transfer-reset.js'
import { transferUnconfirmed } from '../../src/diagnose/rules/transfers/transfer-unconfirmed.js'
import {
  ask,
  command,
  dial,
  dialBack,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, type Place } from '../support/places.js'
import { Flag } from '../support/scene-packet.js'
import { vsftpd } from '../support/server-dialects.js'
import { download, observed, says } from './played.js'

describe('transfer-unconfirmed', () => {
  const unconfirmed = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, line?: string) =>
    observed(transferUnconfirmed, atClient(''), download(play, line))

  it('blames the server that closes without a reply', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.control.close('server')
    })
    expect(found).toMatchObject({
      side: 'server',
      confidence: 'high',
      fact: { kind: 'closed-by-server', bytes: 900_000, server: '203.0.113.20', command: { argument: 'big' } },
    })
  })

  it('is surer the longer the silence lasts', () => {
    const after = (wait: number) =>
      unconfirmed((data, session) => {
        data.server(900_000).close('server')
        session.scene.wait(wait)
        session.control.keepAlive('client')
      })[0]
    expect(after(1000)).toBeUndefined()
    expect(after(4000)?.confidence).toBe('medium')
    expect(after(9000)).toMatchObject({ confidence: 'high', fact: { kind: 'capture-ended' } })
    expect(after(9000)?.message).toMatch(/the capture ended 9\.\d s later\.$/)
  })

  it('knows that the server is alive where it acknowledges the end of the client', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.scene.wait(5000)
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'closed-by-client' } })
  })

  it('says nothing of fewer bytes than expected, of a reply that was lost, or of a connection without a word', () => {
    const short = unconfirmed((data, session) => {
      data.server(4000).close('server')
      session.control.close('server')
    })
    const lost = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.control.lost('server', '226 Transfer complete.\r\n')
      reply(session, '421 Timeout.', { think: 9000 })
      session.control.close('server')
    })
    const empty = observed(transferUnconfirmed, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      command(session, 'RETR big')
      data.close('server')
      session.control.close('server')
    })
    expect([short, lost, empty]).toEqual([[], [], []])
  })
})

describe('transfer-aborted', () => {
  it('quotes the command as it was sent, with or without an argument', () => {
    for (const [line, quoted] of [
      ['RETR big', '"RETR big"'],
      ['LIST', '"LIST"'],
    ] as const) {
      const [found] = observed(
        transferAborted,
        atClient(''),
        download((data, session) => {
          data.server(4000)
          command(session, 'ABOR')
          data.reset('server')
          reply(session, '426 Failure writing network stream.')
          reply(session, '226 ABOR successful.')
          quit(session)
        }, line),
      )
      expect(found?.message).toBe(
        `The client aborted ${quoted} after 4000 bytes with ABOR; ` +
          'the server replied "426 Failure writing network stream.".',
      )
      expect(found).toMatchObject({ severity: 'info', harmless: true })
    }
  })

  it('tells who closed early, and in which direction the file went', () => {
    const [found] = observed(
      transferAborted,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('client')
        reply(session, '426 Failure writing network stream.')
        quit(session)
      }),
    )
    expect(found?.fact).toMatchObject({ kind: 'close', direction: 'download', bytes: 4000 })
    expect(found?.message).toContain('before the server had sent all data')
    expect(found?.evidence[0].note).toBe('the client closes the data connection')
    const [upload] = observed(transferAborted, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(4000).reset('client')
      reply(session, '426 Failure reading network stream.')
      quit(session)
    })
    expect(upload?.message).toContain('after 4000 bytes, before it had sent all data')
  })

  it('says nothing of a RST that another machine sent in the name of the client', () => {
    const found = observed(
      transferAborted,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('client', { hopLimit: 250 })
        reply(session, '426 Failure writing network stream.')
        quit(session)
      }),
    )
    expect(found).toEqual([])
  })

  it('needs no reply to an ABOR that was sent', () => {
    const [found] = observed(
      transferAborted,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        command(session, 'ABOR')
        data.reset('client')
        session.control.close('client')
      }),
    )
    expect(found?.evidence.map(({ note }) => note)).toEqual(['ABOR', 'RETR big'])
  })

  it('speaks of no bytes where no data connection was captured', () => {
    const [found] = observed(transferAborted, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR big')
      ask(session, 'ABOR', '426 Transfer aborted.')
      reply(session, '226 ABOR successful.')
      quit(session)
    })
    expect(found?.fact).toMatchObject({ kind: 'abor', bytes: null })
    expect(found?.message).toBe('The client aborted "RETR big" with ABOR; the server replied "426 Transfer aborted.".')
  })
})

describe('transfer-reset', () => {
  it('tells a RST that a box forged by its TTL', () => {
    const [found] = observed(
      transferReset,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('server', { hopLimit: 250 })
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({
      side: 'path',
      confidence: 'medium',
      fact: {
        kind: 'reset',
        address: '203.0.113.20',
        port: 50_005,
        ttl: 250,
        usualTtl: 57,
        foreign: true,
        bytes: 4000,
      },
    })
    expect(found?.remedy[0]).toContain('between 192.168.1.10 and 203.0.113.20')
  })

  it('is less sure of a RST with the TTL of the host and no word about it', () => {
    const [found] = observed(
      transferReset,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('server')
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({ side: 'server', confidence: 'medium', fact: { role: 'server', foreign: false } })
    expect(found?.message).toMatch(/Its TTL of 57 matches that host's other packets \(the FTP server\)\.$/)
  })

  it('knows client and server by who opened the connection, not by their addresses', () => {
    const reset = download((data, session) => {
      data.server(4000)
      data.reset('server')
      session.control.close('client')
    })
    const loopback = atClient('', {
      client: '203.0.113.20',
      clientLook: { hopLimit: 64 },
      serverLook: { hopLimit: 64 },
    })
    expect(observed(transferReset, loopback, reset)[0]).toMatchObject({ side: 'server', fact: { role: 'server' } })
    const [client] = observed(transferReset, atClient(''), (session) => {
      pasv(session, 50_005)
      const second = session.scene.host('192.168.1.11', { hopLimit: 64, distance: 0.02 })
      const data = session.scene.connect(second, 52_300, session.server, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(4000).reset('client')
      session.control.close('client')
    })
    expect(client).toMatchObject({ side: 'client', fact: { address: '192.168.1.11', role: 'client' } })
    expect(client?.remedy[0]).toContain('on 192.168.1.11 (the FTP client')
  })

  it('speaks of a connection whose command the capture lacks, too', () => {
    const [found] = observed(transferReset, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      command(session, 'RETR big', { captured: false })
      data.server(4000).reset('server')
      session.control.close('client')
    })
    expect(found?.evidence).toHaveLength(1)
  })

  it('compares the TTL with the control connection if the host sent nothing else, and not at all if it cannot', () => {
    const alone = (hopLimit: number, place: Place) =>
      observed(transferReset, place, (session) => {
        port(session, 52_300)
        command(session, 'STOR big')
        const data = dialBack(session, 52_300, { captured: false })
        reply(session, '150 Ok to send data.')
        data.send(session.client, 4000, { ack: false })
        data.reset(session.server, { hopLimit })
        session.control.close('client')
      })[0]
    expect(alone(250, atServer(''))).toMatchObject({ side: 'path', fact: { usualTtl: 64, foreign: true } })
    expect(alone(64, atServer(''))).toMatchObject({ side: 'server', fact: { usualTtl: 64, foreign: false } })
    const place = atServer('')
    place.scene.drop(({ source, tcp }) => source === place.server.address && (tcp!.flags & Flag.Rst) === 0)
    const found = alone(250, place)
    expect(found).toMatchObject({ side: 'server', fact: { usualTtl: null, foreign: false } })
    expect(found?.message).toMatch(/with source address 203\.0\.113\.20:20\.$/)
    expect(found?.evidence[0].note).toBe('RST with source address 203.0.113.20 (TTL 250)')
  })

  it('sees a server that closes while the client still sends', () => {
    const [found] = observed(transferReset, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(4000)
      data.fin('server')
      data.client(4000)
      data.reset('server')
      reply(session, '426 Failure reading network stream.')
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'closed-then-reset' } })
    expect(found?.message).toContain('whose host had already closed it while the other side was still sending')
  })

  it('says nothing of a RST behind a complete file, or behind ABOR', () => {
    const complete = download((data, session) => {
      data.server(900_000)
      data.fin('server')
      data.reset('client')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    const aborted = download((data, session) => {
      data.server(4000)
      command(session, 'ABOR')
      data.reset('client')
      reply(session, '426 Aborted.')
      quit(session)
    })
    for (const play of [complete, aborted]) expect(observed(transferReset, atClient(''), play)).toEqual([])
  })
})

describe('transfer-incomplete', () => {
  it('counts from where REST began, and says what the server said', () => {
    const [found] = observed(transferIncomplete, atClient(''), (session) => {
      ask(session, 'SIZE big', '213 900000')
      ask(session, 'REST 500000', '350 Restart position accepted.')
      download((data, control) => {
        data.server(4000)
        data.close('server')
        reply(control, '451 Local error in processing.')
        control.control.close('client')
      })(session)
    })
    expect(found).toMatchObject({
      side: 'server',
      confidence: 'high',
      fact: {
        kind: 'broken-off',
        bytes: 4000,
        expected: { bytes: 400_000, from: '150', restartAt: 500_000 },
        reply: { code: 451 },
        resumeAt: 504_000,
      },
    })
    expect(found?.message).toContain('(counted from byte 500000). The server ended it: "451 Local error')
    expect(found?.remedy).toEqual([
      'retry the transfer, resuming at byte 504000 with REST if the server allows it, and compare sizes (SIZE)',
      'on the server (vsftpd 3.0.3): its log gives the reason',
    ])
  })

  it('speaks of a connection that nobody has closed yet, and of a server that it does not know', () => {
    const [found] = observed(
      transferIncomplete,
      atClient(''),
      (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'RETR big', '150 Here it comes.')
        data.server(4000)
        reply(session, '426 Enough.')
      },
      { dialect: { ...vsftpd, greeting: '220 Hello.' } },
    )
    expect(found?.evidence[0].note).toBe('last packet of the data connection')
    expect(found?.remedy).toHaveLength(2)
  })

  it('says who told the size', () => {
    const [found] = observed(transferIncomplete, atClient(''), (session) => {
      ask(session, 'TYPE I', '200 Ok.')
      ask(session, 'SIZE big', '213 900000')
      download((data, control) => {
        data.server(4000).close('server')
        reply(control, '226 Transfer complete.')
        quit(control)
      }, 'RETR big')(session)
    })
    expect(found?.fact).toMatchObject({ kind: 'short', reply: null })
    expect(found?.remedy).toHaveLength(1)
  })

  it('is unsure where bytes of the file are missing in the capture itself, unless a FIN tells their number', () => {
    const short = (captured: boolean, close = true) =>
      observed(
        transferIncomplete,
        atClient(''),
        download((data, session) => {
          data.server(2896).server(1448, { captured }).server(1448)
          if (close) data.close('server')
          else data.reset('client')
          reply(session, '226 Transfer complete.')
          quit(session)
        }),
      )[0]
    expect(short(true)?.confidence).toBe('high')
    expect(short(false)?.confidence).toBe('high')
    expect(short(true, false)?.confidence).toBe('high')
    expect(short(false, false)?.confidence).toBe('low')
  })

  it('says nothing of sizes that TYPE A, MODE B or PROT P change, where no reply came', () => {
    const short = (...commands: readonly [string, string][]) =>
      observed(transferIncomplete, atClient(''), (session) => {
        for (const [line, answer] of commands) ask(session, line, answer)
        ask(session, 'SIZE big', '213 900000')
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'RETR big', '150 Here it comes.')
        data.server(4000)
        data.close('server')
        session.control.close('client')
      })
    const image = ['TYPE I', '200 Type set to I.'] as const
    expect(short([...image])[0]?.fact).toMatchObject({ kind: 'short', expected: { from: 'SIZE' } })
    expect(short(['TYPE A', '200 Type set to A.'])).toEqual([])
    expect(short([...image], ['MODE B', '200 Mode set to B.'])).toEqual([])
    expect(short([...image], ['PBSZ 0', '200 Ok.'], ['PROT P', '200 Ok.'])).toEqual([])
  })
})

describe('transfer-refused', () => {
  const refused = (answer: string, then: (session: FtpSession) => void = quit) =>
    observed(transferRefused, atClient(''), (session) => {
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', answer)
      then(session)
    })

  it('informs only where the same file came later', () => {
    const [found] = refused('550 Failed to open file.', (session) => {
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'info', harmless: true, fact: { kind: 'transfer', user: 'alice' } })
  })

  it('speaks of the question that made the transfer pointless, and of no user where none logged in', () => {
    const play = (session: FtpSession) => {
      pasv(session, 50_005)
      dial(session, 50_005).close('client')
      ask(session, 'SIZE report.bin', '550 Could not get file size.')
      quit(session)
    }
    const [found] = observed(transferRefused, atClient(''), play)
    expect(found?.fact).toMatchObject({ kind: 'question', command: { command: 'SIZE' }, reply: { code: 550 } })
    const [anyone] = says(transferRefused, atClient(''), (session) => {
      reply(session, '220 Ready.')
      play(session)
    })
    expect(anyone?.fact.user).toBeNull()
    expect(anyone?.remedy[0]).toContain("as the logged-in user sees them, and that user's permissions on the server;")
  })

  it('leaves a 530 to the rule on logins', () => {
    expect(refused('530 Please login with USER and PASS.')).toEqual([])
  })
})
