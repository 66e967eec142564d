import { describe, expect, it } from 'vitest'
import { bruteForce } from '../../src/diagnose/rules/security/brute-force.js'
import { vsftpdBackdoor } from '../../src/diagnose/rules/security/vsftpd-backdoor.js'
import { cleartextCredentials } from '../../src/diagnose/rules/security/cleartext-credentials.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, command, login, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, openControl, type Place } from '../support/places.js'
import { observe } from './observe.js'
import { observed, says } from './played.js'
import { greet, LOGIN, secure13, talk13 } from './secured.js'

describe('cleartext-credentials', () => {
  const spoken = (play: (session: FtpSession) => void) =>
    says(cleartextCredentials, atClient(''), (session) => {
      greet(session)
      play(session)
      quit(session)
    })
  const logIn = (session: FtpSession, user: string, password: string, answer = '230 Login successful.') => {
    ask(session, `USER ${user}`, '331 Please specify the password.')
    ask(session, `PASS ${password}`, answer)
  }

  it('names the user and never the password', () => {
    const found = observed(cleartextCredentials, atClient(''), quit)
    expect(found).toMatchObject([
      {
        fact: {
          kind: 'password',
          client: '192.168.1.10',
          server: { address: '203.0.113.20', port: 21 },
          user: 'alice',
          accepted: true,
          tlsOffered: false,
        },
        severity: 'warning',
        confidence: 'high',
      },
    ])
    expect(found[0]?.evidence.map(({ note }) => note)).toEqual(['PASS ***', 'USER alice', '230 Login successful.'])
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })

  it('knows whether the server took the password, also where it asks for an account besides', () => {
    const accepted = (answer: string) =>
      spoken((session) => {
        logIn(session, 'alice', 'wonderland', answer)
      })[0]?.fact.accepted
    expect(['230 Ok.', '332 Need account.', '530 Login incorrect.'].map(accepted)).toEqual([true, true, false])
    const [unanswered] = says(cleartextCredentials, atClient(''), (session) => {
      greet(session)
      ask(session, 'USER alice', '331 Password')
      command(session, 'PASS wonderland')
    })
    expect(unanswered).toMatchObject({ fact: { accepted: false } })
    expect(unanswered?.evidence).toHaveLength(2)
  })

  it('says where the server offers TLS', () => {
    const [found] = spoken((session) => {
      ask(session, 'FEAT', '211-Features:\r\n AUTH TLS\r\n UTF8\r\n211 End')
      logIn(session, 'alice', 'wonderland')
    })
    expect(found?.fact.tlsOffered).toBe(true)
    expect(found?.message).toMatch(/The server offers TLS\.$/)
  })

  it('names the login that was accepted, and one with a name before an anonymous one', () => {
    const user = (...logins: [user: string, answer: string][]) =>
      spoken((session) => {
        for (const [name, answer] of logins) logIn(session, name, 'wonderland', answer)
      })[0]?.fact
    expect(user(['alice', '530 No.'], ['bob', '230 Ok.'])).toMatchObject({ user: 'bob', accepted: true })
    expect(user(['alice', '530 No.'], ['bob', '530 No.'])).toMatchObject({ user: 'alice', accepted: false })
    expect(user(['alice', '230 Ok.'], ['anonymous', '230 Ok.'])).toMatchObject({ kind: 'password', user: 'alice' })
    expect(user(['ftp', '230 Ok.'], ['alice', '530 No.'])).toMatchObject({ kind: 'password', user: 'alice' })
  })

  it('is information only for an anonymous user, whose password is no secret', () => {
    const [found] = says(cleartextCredentials, atClient(''), (session) => {
      login(session, { user: 'anonymous', password: 'me@example.net' })
      quit(session)
    })
    expect(found).toMatchObject({ fact: { kind: 'anonymous', user: 'anonymous' }, severity: 'info' })
    expect(found?.remedy).toHaveLength(1)
  })

  it('gives no name where the client gave none', () => {
    const [found] = spoken((session) => {
      ask(session, 'USER', '331 Please specify the password.')
      ask(session, 'PASS wonderland', '530 Login incorrect.')
    })
    expect(found?.fact).toMatchObject({ kind: 'password', user: '' })
  })

  it('says nothing of words that were captured under TLS', () => {
    const found = says(cleartextCredentials, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.control.close('client')
    })
    expect(found).toEqual([])
  })
})

describe('brute-force', () => {
  /** Rejected logins on a control connection of its own, a second each. */
  const guess = (place: Place, count: number, clientPort: number, code = '530') => {
    const session = openControl(place, { clientPort })
    reply(session, session.dialect.greeting)
    for (let i = 0; i < count; i++) {
      ask(session, 'USER alice', '331 Please specify the password.')
      ask(session, `PASS guess${i}`, `${code} Login incorrect.`, { think: 1000 })
    }
    session.control.close('server')
  }
  const last = (place: Place) => observe(bruteForce, sessionsOf(place.scene).at(-1)!)

  it('counts the rejections of a session, and names the table of nftables for the family of the client', () => {
    for (const [place, table] of [
      [atServer(''), 'nft insert rule inet filter forward ip saddr 198.51.100.7'],
      [atClientOverIpv6(''), 'nft insert rule inet filter forward ip6 saddr 2001:db8:1::10'],
    ] as const) {
      guess(place, 10, 50_000)
      const [found] = last(place)
      expect(found).toMatchObject({
        fact: {
          kind: 'rejected-logins',
          client: place.client.address,
          server: { address: place.server.address, port: 21 },
          rejections: 10,
        },
        side: 'client',
      })
      expect(found!.fact.withinNs).toBeGreaterThan(9e9)
      expect(found!.fact.withinNs).toBeLessThan(10e9)
      expect(found?.evidence.map(({ note }) => note)).toEqual([
        '530 Login incorrect. (rejection 10)',
        ...Array<string>(5).fill('login rejected'),
      ])
      expect(found?.remedy.join()).toContain(table)
    }
  })

  it('counts those of other sessions of the same hosts, within five minutes', () => {
    const place = atServer('')
    guess(place, 3, 50_000)
    guess(place, 5, 50_001, '430')
    guess(place, 5, 50_002)
    expect(last(place)).toMatchObject([{ fact: { rejections: 13 } }])
    place.scene.wait(295_000)
    guess(place, 3, 50_003)
    expect(last(place)).toEqual([])
  })

  it('does not take ten refusals of something else for guesses', () => {
    const found = observed(bruteForce, atServer(''), (session) => {
      for (let i = 0; i < 10; i++) ask(session, 'CWD nowhere', '530 No.')
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('tells the login that was accepted in the end, in the same session or another one', () => {
    const same = atServer('')
    const session = openControl(same)
    reply(session, session.dialect.greeting)
    for (let i = 0; i < 12; i++) {
      ask(session, 'USER root', '331 Please specify the password.')
      ask(session, `PASS guess${i}`, i < 11 ? '530 Login incorrect.' : '230 Login successful.')
    }
    quit(session)
    const [found] = last(same)
    expect(found).toMatchObject({ fact: { rejections: 11, success: { user: 'root' } } })
    expect(found?.message).toMatch(/rejected 11 logins .*, which then logged in as "root" at #\d+\.$/)

    const other = atServer('')
    for (let i = 0; i < 12; i++) guess(other, 1, 50_000 + i)
    const guessed = openControl(other, { clientPort: 51_000 })
    reply(guessed, guessed.dialect.greeting)
    ask(guessed, 'USER alice', '331 Please specify the password.')
    ask(guessed, 'PASS right', '230 Login successful.')
    quit(guessed)
    expect(last(other)).toMatchObject([{ fact: { rejections: 12, success: { user: 'alice' } } }])
    const later = openControl(other, { clientPort: 51_100 })
    reply(later, later.dialect.greeting)
    quit(later)
    expect(last(other)).toEqual([])
  })

  it('says nothing of a login after a few typing errors', () => {
    const place = atServer('')
    guess(place, 3, 50_000)
    const session = openControl(place, { clientPort: 51_000 })
    reply(session, session.dialect.greeting)
    ask(session, 'USER alice', '331 Please specify the password.')
    ask(session, 'PASS right', '230 Login successful.')
    quit(session)
    expect(last(place)).toEqual([])
  })
})

describe('vsftpd-backdoor', () => {
  const attempt = (greeting: string, shell: (place: Place) => void, user = 'abc:)') => {
    const place = atServer('')
    const session = openControl(place)
    reply(session, greeting)
    ask(session, `USER ${user}`, '331 Please specify the password.')
    session.control.client('PASS x\r\n')
    shell(place)
    session.control.close('client', { think: 2000 })
    return observe(vsftpdBackdoor, sessionsOf(place.scene)[0]!)
  }
  const dial = ({ scene, client, server }: Place) => scene.connect(client, 60_000, server, 6200)

  const nothing = () => undefined

  it('is open if its port accepted a connection, whatever the version that the server names', () => {
    for (const greeting of ['220 (vsFTPd 2.3.4)', '220 (vsFTPd 3.0.3)', '220 Welcome.']) {
      const [found] = attempt(greeting, (place) => dial(place).client('id\n').server('uid=0(root)\n').close('client'))
      expect(found).toMatchObject({ severity: 'error', confidence: 'high', fact: { kind: 'opened', bytesToShell: 3 } })
    }
  })

  it('was tried in vain if its port refused, or no connection to it was captured', () => {
    const refused = ({ scene, client, server }: Place) => scene.syn(client, 60_000, server, 6200, { answer: 'rst' })
    expect(attempt('220 (vsFTPd 2.3.4)', refused)).toMatchObject([{ fact: { kind: 'closed' }, severity: 'error' }])
    expect(attempt('220 Welcome.', nothing)).toMatchObject([{ fact: { kind: 'not-tried' }, severity: 'warning' }])
  })

  it('is opened by the smiley wherever it is in the name', () => {
    for (const user of [':)', 'a:)b', 'abc:)def'])
      expect(attempt('220 (vsFTPd 2.3.4)', (place) => dial(place).close('client'), user)).toMatchObject([
        { fact: { kind: 'opened' } },
      ])
  })

  it('is none of another version, or without the smiley', () => {
    expect(attempt('220 (vsFTPd 3.0.3)', nothing)).toEqual([])
    expect(attempt('220 ProFTPD 1.3.5 Server', nothing)).toEqual([])
    expect(attempt('220 (vsFTPd 2.3.4)', (place) => dial(place).close('client'), 'abc')).toEqual([])
  })
})
