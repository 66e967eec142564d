import { describe, expect, it } from 'vitest'
import { tlsCommandInjection } from '../../src/diagnose/rules/security/tls-command-injection.js'
import { tlsDowngrade } from '../../src/diagnose/rules/security/tls-downgrade.js'
import { ask, command, dial, dialBack, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { says } from './played.js'
import { greet, LOGIN, PASV, secure13, talk13 } from './secured.js'

describe('tls-command-injection', () => {
  it('tells commands in the segment of AUTH from those that only came before the handshake', () => {
    const [same] = says(tlsCommandInjection, atServer(''), (session) => {
      greet(session)
      session.control.client('AUTH TLS\r\nUSER mallory\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(same).toMatchObject({
      fact: { kind: 'commands', count: 1, first: { command: 'USER', argument: 'mallory' }, sameSegment: true },
      side: 'client',
      confidence: 'high',
    })
    expect(same?.message).toContain('a command was sent in clear text, in the same segment: "USER mallory"')
    const [apart] = says(tlsCommandInjection, atServer(''), (session) => {
      greet(session)
      command(session, 'AUTH TLS')
      session.control.client('USER mallory\r\nPASS x\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(apart).toMatchObject({
      fact: { kind: 'commands', count: 2, first: { command: 'USER' }, sameSegment: false },
      confidence: 'medium',
    })
    expect(apart?.message).toContain('2 commands were sent in clear text: "USER mallory"')
    expect(apart?.evidence.map(({ note }) => note)).toEqual([
      'USER mallory (in clear text, before the handshake)',
      'AUTH TLS',
      '234 Proceed with negotiation.',
      'PASS ***',
    ])
  })

  it('sees a reply in the segment of the 234, and minds none that came before it or later', () => {
    const started = (lines: string, after = '') =>
      says(tlsCommandInjection, atClient(''), (session) => {
        greet(session)
        command(session, 'AUTH TLS')
        reply(session, lines)
        if (after) reply(session, after)
        session.control.reset('server')
      })
    const [found] = started('234 Proceed with negotiation.\r\n230 Logged in.')
    expect(found).toMatchObject({
      fact: { kind: 'reply', reply: { code: 230, text: 'Logged in.' } },
      side: 'server',
      confidence: 'medium',
    })
    expect(found?.evidence).toHaveLength(3)
    expect(found?.remedy[0]).toContain('in the client')
    expect(started('120 Wait.\r\n234 Proceed with negotiation.')).toEqual([])
    expect(started('234 Proceed with negotiation.', '230 Logged in.')).toEqual([])
  })

  it('speaks of the software of the server only where it is known', () => {
    const [found] = says(tlsCommandInjection, atServer(''), (session) => {
      reply(session, '220 Welcome.')
      session.control.client('AUTH TLS\r\nUSER mallory\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(found?.remedy[0]).toContain('on the server: use a version')
  })
})

describe('tls-downgrade', () => {
  const logIn = (session: FtpSession, user = 'alice') => {
    ask(session, `USER ${user}`, '331 Please specify the password.')
    ask(session, 'PASS wonderland', '230 Login successful.')
    quit(session)
  }

  it('warns of a client that asked for TLS, was refused, and sent its password all the same', () => {
    const refused = (user: string) =>
      says(tlsDowngrade, atClient(''), (session) => {
        greet(session)
        ask(session, 'AUTH TLS', '500 Unknown command.')
        logIn(session, user)
      })
    const found = refused('alice')
    expect(found).toMatchObject([
      { fact: { kind: 'auth-refused', reply: { code: 500, text: 'Unknown command.' } }, severity: 'warning' },
    ])
    expect(found[0]?.evidence.map(({ note }) => note)).toEqual([
      'PASS *** (in clear text)',
      'AUTH TLS',
      '500 Unknown command.',
    ])
    expect(refused('anonymous')).toEqual([])
  })

  it('informs of TLS that was offered before the login and not used', () => {
    const offered = (play: (session: FtpSession) => void) =>
      says(tlsDowngrade, atClient(''), (session) => {
        greet(session)
        play(session)
      })
    const feat = (session: FtpSession, label = 'AUTH TLS') => {
      ask(session, 'FEAT', `211-Features:\r\n ${label}\r\n UTF8\r\n211 End`)
    }
    const found = offered((session) => {
      feat(session)
      logIn(session)
    })
    expect(found).toMatchObject([{ fact: { kind: 'offer-ignored', feature: 'AUTH' }, severity: 'info' }])
    expect(found[0]?.evidence.map(({ note }) => note)).toEqual(['PASS *** (in clear text)', 'FEAT offers AUTH'])
    const notOffered = offered((session) => {
      feat(session, 'MDTM')
      logIn(session)
    })
    const asked = offered((session) => {
      feat(session)
      command(session, 'AUTH TLS')
      logIn(session)
    })
    const later = offered((session) => {
      ask(session, 'USER alice', '331 Please specify the password.')
      ask(session, 'PASS wonderland', '230 Login successful.')
      feat(session)
    })
    const nobody = offered(feat)
    expect([notOffered, asked, later, nobody]).toEqual([[], [], [], []])
  })

  it('warns of PROT C, with the words where CCC lets them be read', () => {
    const found = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT C', '200 PROT now Clear.')
      quit(session)
    })
    expect(found).toMatchObject([
      { fact: { kind: 'prot-clear' }, severity: 'warning' },
      { fact: { kind: 'control-clear' }, severity: 'info' },
    ])
    expect(found[0]?.evidence.map(({ note }) => note)).toEqual(['PROT C', '200 PROT now Clear.'])
  })

  it('does not mind a PROT C that the server refused', () => {
    const found = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT C', '534 Policy requires protected data.')
      quit(session)
    })
    expect(found.map(({ fact }) => fact.kind)).toEqual(['control-clear'])
  })

  it('knows the return to clear text by a reply, where the command came in pieces', () => {
    const [found] = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.control.client('NOOP')
      reply(session, '421 Timeout.')
    })
    expect(found).toMatchObject({ fact: { kind: 'control-clear' }, evidence: [{ note: 'clear text again' }] })
  })

  it('sees a file in clear text beside a control connection under TLS', () => {
    const [found] = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      dial(session, 50_005).server('plain words\r\n'.repeat(20)).close('server')
      session.control.close('client')
    })
    expect(found).toMatchObject({ fact: { kind: 'data-clear' }, confidence: 'medium', channel: { id: 1 } })
    expect(found?.evidence.map(({ note }) => note)).toContain('control connection under TLS from here')
  })
  it('does not take data from before TLS, or to a port of a service, for data in clear text beside it', () => {
    const before = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      command(session, 'LIST')
      dialBack(session, 52_228).client('plain words\r\n').close('client')
      reply(session, '226 Done.')
      secure13(session)
      talk13(session, ...LOGIN)
    })
    const service = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      dial(session, 80).server('plain words\r\n').close('server')
    })
    expect([before, service]).toEqual([[], []])
  })
})
