import { describe, expect, it } from 'vitest'
import { transferFailed } from '../../src/diagnose/rules/transfers/transfer-failed.js'
import type { Conversation } from '../support/conversation.js'
import {
  ask,
  command,
  dial,
  dialBackInVain,
  dialInVain,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { proftpd } from '../support/server-dialects.js'
import { observe, verdictOn } from './observe.js'
import { leave, observed, played } from './played.js'
import { LOGIN, secure13, talk13 } from './secured.js'

/** RETR over a data connection to which this happens before the server's last word. */
const retrieving = (answer: string, play: (data: Conversation, session: FtpSession) => void) =>
  observed(transferFailed, atClient(''), (session) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    command(session, 'RETR report.bin')
    play(data, session)
    reply(session, answer)
    leave(session)
  })[0]

describe('transfer-failed', () => {
  it.each(['STOR', 'APPE'])('knows a server that does not let %s resume, and names its setting', (verb) => {
    const [found] = observed(
      transferFailed,
      atClient(''),
      (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        if (verb === 'STOR') ask(session, 'REST 4000', '350 Restarting at 4000.')
        ask(session, `${verb} backup.tar`, '451 backup.tar: Append/Restart not permitted, try again')
        data.close('server')
        quit(session)
      },
      { dialect: proftpd },
    )
    expect(found).toMatchObject({
      severity: 'error',
      side: 'server',
      confidence: 'high',
      fact: { kind: 'resume', command: { command: verb }, reply: { code: 451 }, connection: 'open', bytes: 0 },
    })
    expect(found?.remedy[0]).toContain('AllowStoreRestart on')
  })

  it('takes the same words for an error of the server where nothing is resumed', () => {
    const found = retrieving('451 Restart of the file store in progress.', (data) => data.close('server'))
    expect(found).toMatchObject({ side: 'server', confidence: 'high', fact: { kind: 'server' } })
    expect(found?.message).toBe(
      'The server could not carry out "RETR report.bin": "451 Restart of the file store in progress.". ' +
        'Its data connection was open and carried no bytes.',
    )
    expect(found?.remedy[0]).toContain('permissions on "report.bin"')
  })

  it('advises a retry after a 4yz only', () => {
    const broken = (answer: string) =>
      retrieving(answer, (data, session) => {
        reply(session, '150 Opening.')
        data.server(4000).close('server')
      })
    expect(broken('451 Read error.')?.remedy).toHaveLength(2)
    const forever = broken('550 Read error.')
    expect(forever).toMatchObject({ side: 'server', fact: { kind: 'server', bytes: 4000 } })
    expect(forever?.remedy).toHaveLength(1)
  })

  it('blames who closed the data connection of a 425 or 426, and the server where nobody did', () => {
    const ends: readonly [string, (data: Conversation) => void][] = [
      ['server', (data) => data.close('server')],
      ['server', () => undefined],
      ['client', (data) => data.close('client')],
      ['client', (data) => data.reset('client')],
      ['path', (data) => data.reset('client', { hopLimit: 250 })],
    ]
    for (const [side, end] of ends) {
      const found = retrieving('425 Backend is away.', end)
      expect(found).toMatchObject({ side, confidence: 'medium', fact: { kind: 'data-connection', connection: 'open' } })
      expect(found?.evidence.map(({ note }) => note).join()).toContain('425 Backend is away.,RETR report.bin')
    }
  })

  it('speaks of a data connection whose handshake was not captured, and of a server that it does not know', () => {
    const [found] = observed(
      transferFailed,
      atClient(''),
      (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005, { captured: false })
        command(session, 'LIST')
        data.close('server')
        reply(session, '451 Out of memory.')
        leave(session)
      },
      { dialect: { ...proftpd, greeting: '220 Hello.' } },
    )
    expect(found?.evidence.map(({ note }) => note)).toContain('data connection open')
    expect(found?.remedy[0]).toMatch(/^on the server: .* permissions on "the file"/)
  })

  it('does not blame who closes after the reply', () => {
    const [found] = observed(transferFailed, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR report.bin', '425 Backend is away.')
      data.close('client')
      leave(session)
    })
    expect(found?.side).toBe('server')
  })

  it('says what became of a data connection that no announcement explains', () => {
    const listing = (play: (session: FtpSession) => void) =>
      observed(transferFailed, atClient(''), (session) => {
        command(session, 'LIST')
        play(session)
        reply(session, '425 No data connection today.')
        leave(session)
      })[0]
    const icmp = { from: '198.51.100.1', type: 3, code: 13 }
    expect(listing(() => undefined)).toMatchObject({ side: 'unknown', fact: { connection: 'not-captured' } })
    expect(listing((session) => dialBackInVain(session, 52_228))?.fact).toMatchObject({ connection: 'unanswered' })
    expect(listing((session) => dialBackInVain(session, 52_228, { answer: 'rst' }))?.fact).toMatchObject({
      connection: 'refused',
    })
    const unreachable = listing((session) => dialBackInVain(session, 52_228, { answer: { icmp } }))
    expect(unreachable?.message).toMatch(/Its data connection was answered by an ICMP error\.$/)
    expect(unreachable?.remedy[1]).toContain('capture all TCP')
  })

  it('knows a transfer by the replies to it where the capture lacks its command', () => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      command(control, 'RETR report.bin', { captured: false })
      reply(control, '150 Opening.')
      data.server(3000).close('server')
      reply(control, '426 Failure writing network stream.')
      quit(control)
    })
    const { outcome, cause, sentence } = verdictOn(session)
    expect([outcome, cause]).toEqual(['failed', 'transfer-failed'])
    expect(sentence).toBe(
      'The server could not carry out a transfer whose command was not captured: ' +
        '"426 Failure writing network stream.". Its data connection was open and carried 3000 bytes.',
    )
  })

  it('warns only where the same file came later', () => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'RETR report.bin', '425 Backend is away.')
      data.close('server')
      retrieve(control, { port: 50_006 })
      quit(control)
    })
    expect(verdictOn(session)).toMatchObject({ outcome: 'degraded', cause: 'transfer-failed' })
  })

  it('asks another capture for the data connection where this one does not have it', () => {
    const failed = (play: (session: FtpSession) => void) =>
      verdictOn(
        played(atClient(''), (session) => {
          play(session)
          leave(session)
        }),
      ).settledBy
    expect(
      failed((session) => {
        ask(session, 'LIST', '425 No data.')
      }),
    ).toContain('is there a data connection for it')
    const open = failed((session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'LIST', '425 No data.')
      data.close('server')
    })
    expect(open).toContain('which side stops first')
  })

  it('leaves to other rules a refusal, an abort, fewer bytes, and a 421 on an open data connection', () => {
    const refused = retrieving('550 No such file.', (data) => data.close('server'))
    const unavailable = retrieving('421 Going down.', (data) => data.close('server'))
    const aborted = retrieving('426 Aborted.', (data, session) => {
      reply(session, '150 Opening.')
      data.server(4000)
      command(session, 'ABOR')
      data.reset('client')
    })
    const short = retrieving('226 Done.', (data, session) => {
      reply(session, '150 Opening (9000 bytes).')
      data.server(4000).close('server')
    })
    expect([refused, unavailable, aborted, short]).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe('A data connection that failed and that nothing announced in clear text', () => {
  const hidden = (port: number, then: (session: FtpSession) => void = leave) =>
    played(atClient(''), (session) => {
      secure13(session)
      talk13(session, ...LOGIN)
      dialInVain(session, port, { answer: 'rst' })
      then(session)
    })

  it('is reported where no other rule speaks of it', () => {
    const session = hidden(443)
    expect(observe(transferFailed, session)[0]).toMatchObject({
      title: 'data connection was never opened',
      side: 'unknown',
      fact: { kind: 'never-opened', target: '203.0.113.20:443', connection: 'refused' },
    })
    expect(verdictOn(session)).toMatchObject({ outcome: 'failed', cause: 'transfer-failed', confidence: 'medium' })
    expect(verdictOn(session).settledBy).toContain('what answers its SYN')
    expect(verdictOn(hidden(50_005)).cause).toBe('tls-hides-announcement')
  })

  it('is left open where the capture ended over it', () => {
    const open = hidden(443, () => undefined)
    expect(observe(transferFailed, open)).toEqual([])
    expect(verdictOn(open).outcome).toBe('undetermined')
  })
})
