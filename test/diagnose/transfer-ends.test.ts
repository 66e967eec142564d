import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { transferAborted } from '../../src/diagnose/rules/transfers/transfer-aborted.js'
import { transferIncomplete } from '../../src/diagnose/rules/transfers/transfer-incomplete.js'
import { transferRefused } from '../../src/diagnose/rules/transfers/transfer-refused.js'
import { transferReset } from '../../src/diagnose/rules/transfers/transfer-reset.js'
import { transferUnconfirmed } from '../../src/diagnose/rules/transfers/transfer-unconfirmed.js'
import { ask, command, dial, pasv, quit, reply, retrieve, type FtpSession } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { download, observed, played } from './played.js'

describe('transfer-unconfirmed', () => {
  const unconfirmed = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, line?: string) =>
    observed(transferUnconfirmed, atClient(''), download(play, line))

  it('blames the server that closes without a reply', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.control.close('server')
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high' })
    expect(found?.message).toContain('the server closed the control connection')
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
    expect(after(9000)?.confidence).toBe('high')
    expect(after(9000)?.message).toMatch(/the capture ends 9\.\d s later\.$/)
  })

  it('knows that the server is alive where it acknowledges the end of the client', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.scene.wait(5000)
      session.control.close('client')
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('the client closed the control connection')
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
      expect(found?.message).toBe(`The client aborted ${quoted} after 4000 bytes with ABOR.`)
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
    expect(found?.message).toContain('before the server had sent everything')
    expect(found?.evidence[0].note).toBe('the client closes the data connection')
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

  it('speaks of no bytes where no data connection was captured', () => {
    const [found] = observed(transferAborted, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR big')
      ask(session, 'ABOR', '426 Transfer aborted.')
      reply(session, '226 ABOR successful.')
      quit(session)
    })
    expect(found?.message).toBe('The client aborted "RETR big" with ABOR.')
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
    expect(found).toMatchObject({ side: 'path', confidence: 'high' })
    expect(found?.message).toContain('a box on the way forged it')
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
    expect(found).toMatchObject({ side: 'server', confidence: 'medium' })
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
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('which had closed it while the other side was still sending')
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
    expect(found).toMatchObject({ side: 'server', confidence: 'high' })
    expect(found?.message).toContain('451 Local error')
    expect(found?.remedy?.[0]).toContain('from byte 504000 on with REST')
  })

  it('is unsure where bytes of the file are missing in the capture itself', () => {
    const session = played(
      atClient(''),
      download((data, control) => {
        data.server(4000)
        data.close('server')
        reply(control, '226 Transfer complete.')
        quit(control)
      }),
    )
    expect(observe(transferIncomplete, session)[0]).toMatchObject({ confidence: 'high' })
    session.channels[0]!.transfer!.missingBytes = 1448
    expect(observe(transferIncomplete, session)[0]).toMatchObject({ confidence: 'low' })
  })

  it('says nothing of sizes that TYPE A, MODE B or PROT P change, where no reply came', () => {
    const short = () =>
      played(
        atClient(''),
        download((data, control) => {
          data.server(4000)
          data.close('server')
          control.control.close('client')
        }),
      )
    expect(observe(transferIncomplete, short())).toHaveLength(1)
    for (const facts of [{ representation: 'ascii' }, { mode: 'block' }, { protectedData: true }]) {
      const session = short()
      Object.assign(session.channels[0]!.transfer!.command, facts)
      expect(observe(transferIncomplete, session)).toEqual([])
    }
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
    expect(found?.severity).toBe('info')
  })

  it('leaves a 530 to the rule on logins', () => {
    expect(refused('530 Please login with USER and PASS.')).toEqual([])
  })
})
