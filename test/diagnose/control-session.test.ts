import { describe, expect, it } from 'vitest'
import { commandUnanswered } from '../../src/diagnose/rules/control/command-unanswered.js'
import { idleTimeout } from '../../src/diagnose/rules/control/idle-timeout.js'
import { loginRejected } from '../../src/diagnose/rules/control/login-rejected.js'
import { serviceUnavailable } from '../../src/diagnose/rules/control/service-unavailable.js'
import { tlsRequired } from '../../src/diagnose/rules/control/tls-required.js'
import type { Fact, Rule } from '../../src/diagnose/rule.js'
import { seconds } from '../../src/diagnose/words/quantities.js'
import {
  ask,
  command,
  dial,
  dialBack,
  dialBackInVain,
  dialInVain,
  type FtpSession,
  listing,
  pasv,
  port,
  quit,
  reply,
} from '../support/ftp-scene.js'
import { atClient, atServer, between, openControl, type Place } from '../support/places.js'
import { captureGoesOn, observed, played, says, saysOfLast } from './played.js'
import { verdictOn } from './observe.js'

describe('command-unanswered', () => {
  const after = (play: (session: FtpSession) => void, place: Place = atClient('')) =>
    observed(commandUnanswered, place, play)
  /** The client waits for a minute, and closes. */
  const giveUp = ({ control, scene }: FtpSession) => {
    scene.wait(60_000)
    control.close('client')
  }

  it('blames the server for a command that is acknowledged and not answered', () => {
    const [found] = after((session) => {
      command(session, 'CWD /mnt')
      giveUp(session)
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high', rivals: [] })
    expect(found?.fact).toMatchObject({
      kind: 'acknowledged',
      command: { command: 'CWD', argument: '/mnt' },
      endedBy: 'client',
    })
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      'CWD /mnt (acknowledged, no reply)',
      '230 Login successful. (last reply)',
      'the client closes the connection after 60.0 s',
    ])
  })

  it('is less sure where the capture ends, and gives the server half a minute', () => {
    const waiting = (milliseconds: number) =>
      after((session) => {
        command(session, 'CWD /mnt')
        captureGoesOn(session, milliseconds)
      })
    expect(waiting(20_000)).toEqual([])
    const [found] = waiting(59_000)
    expect(found).toMatchObject({ side: 'server', confidence: 'medium', fact: { endedBy: 'capture' } })
    expect(found?.message).toContain('it was still silent when the capture ended 59.0 s later')
    expect(found?.evidence.at(-1)?.note).toBe('last packet of the connection')
  })

  it('leaves a client that breaks off early to its own reasons', () => {
    const found = after((session) => {
      command(session, 'CWD /mnt')
      session.control.close('client', { think: 4000 })
    })
    expect(found).toEqual([])
  })

  it('sees a server that closes instead of replying, and leaves its RST to another rule', () => {
    const [closed] = after((session) => {
      command(session, 'CWD /mnt')
      session.control.close('server', { think: 180 })
    })
    expect(closed?.fact).toMatchObject({ kind: 'acknowledged', endedBy: 'server' })
    expect(closed?.message).toContain('it closed the connection after 0.20 s')
    const reset = after((session) => {
      command(session, 'CWD /mnt')
      session.control.reset('server', { think: 180 })
    })
    expect(reset).toEqual([])
  })

  it('needs retransmissions to say that a command does not arrive, and is surer with more of them', () => {
    const lost = (attempts: number, place = atClient('')) =>
      after(({ control }) => {
        control.unacknowledged('client', 'SITE CHMOD 755 x\r\n', { attempts })
      }, place)[0]
    expect(lost(2)).toBeUndefined()
    expect(lost(3)).toMatchObject({ side: 'path', confidence: 'medium', rivals: ['control-idle-dropped'] })
    expect(lost(4)).toMatchObject({ confidence: 'high', fact: { kind: 'undelivered', retransmissions: 3 } })
    expect(
      lost(4)
        ?.evidence.map(({ note }) => note)
        .at(-1),
    ).toBe('230 Login successful. (last reply)')
    const there = lost(4, atServer(''))
    expect(there).toMatchObject({ side: 'server', fact: { atServer: true } })
    expect(there?.message).toContain('although it was captured at the server')
  })

  it('never shows a password', () => {
    const found = says(commandUnanswered, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      command(session, 'PASS wonderland')
      giveUp(session)
    })
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })

  it('says nothing after a preliminary reply, QUIT or a farewell', () => {
    const running = after((session) => {
      pasv(session, 50_005)
      dial(session, 50_005)
      ask(session, 'RETR x', '150 Opening.')
      giveUp(session)
    })
    const gone = after((session) => {
      command(session, 'QUIT')
      giveUp(session)
    })
    const closing = after((session) => {
      reply(session, '421 Timeout.')
      command(session, 'CWD /mnt')
      giveUp(session)
    })
    for (const found of [running, gone, closing]) expect(found).toEqual([])
  })

  it('says nothing where the capture itself lacks words of the server', () => {
    const found = after((session) => {
      command(session, 'CWD /mnt')
      session.control.lost('server', '250 Directory changed.\r\n')
      giveUp(session)
    })
    expect(found).toEqual([])
  })

  it('says what else it may be where the command wanted data', () => {
    const [passive] = after((session) => {
      pasv(session, 50_005)
      dial(session, 50_005)
      command(session, 'RETR x')
      giveUp(session)
    })
    expect(passive).toMatchObject({ confidence: 'medium', rivals: ['data-peer-mismatch'] })
    const [active] = after((session) => {
      port(session, 52_300)
      dialBack(session, 52_300)
      command(session, 'LIST')
      giveUp(session)
    })
    expect(active).toMatchObject({ confidence: 'medium', rivals: ['active-not-attempted'] })
  })

  it('lets the last word be the reply to a command before it', () => {
    const pipelined = after((session) => {
      session.control.client('CWD a\r\nCWD b\r\n')
      reply(session, '250 Directory changed.')
      giveUp(session)
    })
    expect(pipelined).toEqual([])
    const [later] = after((session) => {
      listing(session)
      // The reply to NOOP comes while the transfer runs, and before that to the transfer.
      pasv(session, 50_006)
      const data = dial(session, 50_006)
      ask(session, 'RETR a', '150 Opening.')
      ask(session, 'NOOP', '200 Ok.')
      data.server(2000).close('server')
      reply(session, '226 Transfer complete.')
      command(session, 'CWD a')
      giveUp(session)
    })
    expect(later).toMatchObject({ confidence: 'high', rivals: [] })
  })

  it('lets a server wait for its data connection', () => {
    const found = after((session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      command(session, 'LIST')
      giveUp(session)
    })
    expect(found).toEqual([])
  })

  it('lets a server connect before it answers PORT', () => {
    const found = after((session) => {
      command(session, 'PORT 192,168,1,10,204,76')
      dialBackInVain(session, 52_300)
      giveUp(session)
    })
    expect(found).toEqual([])
  })

  it('lets a server wait where a third host took the data connection', () => {
    const place = between('')
    const thief = place.scene.host('198.51.100.99', { hopLimit: 50, distance: 20 })
    const found = after((session) => {
      pasv(session, 50_005)
      session.scene.connect(thief, 40_000, session.server, 50_005)
      command(session, 'LIST')
      giveUp(session)
    }, place)
    expect(found).toEqual([])
  })

  it('shows no last reply where there was none', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    command(session, 'CWD /mnt')
    session.control.acknowledge('server')
    giveUp(session)
    const [found] = saysOfLast(commandUnanswered, place)
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      'CWD /mnt (acknowledged, no reply)',
      expect.stringContaining('the client closes'),
    ])
  })

  it('asks of another capture what became of that command, not of the QUIT after it', () => {
    const verdict = (place: Place) =>
      verdictOn(
        played(place, (session) => {
          command(session, 'CWD /mnt')
          captureGoesOn(session, 40_000)
          command(session, 'QUIT')
        }),
      )
    expect(verdict(atClient(''))).toMatchObject({ cause: 'command-unanswered', confidence: 'medium' })
    expect(verdict(atClient('')).settledBy).toMatch(/does CWD \(here #\d+\) arrive there, and does the server reply\?$/)
    expect(verdict(atServer('')).settledBy).toMatch(/does the reply to CWD \(here #\d+\) arrive there\?$/)
  })
})

describe('idle-timeout', () => {
  const after = (play: (session: FtpSession) => void) => observed(idleTimeout, atClient(''), play)
  const expires = (milliseconds: number, line: string) =>
    after((session) => {
      reply(session, line, { think: milliseconds })
      session.control.close('server')
    })

  it.each([
    ['421 Idle timeout (600 seconds): closing control connection', 905, 600],
    ['421 No activity for 15 minutes: timeout, closing.', 905, 900],
    ['421 Timeout.', 300.4, 300],
    ['421 Closing.', 600.5, 600],
  ])('knows the timer of "%s" after %d s', (line, silence, timer) => {
    const [found] = expires(silence * 1000, line)
    expect(found).toMatchObject({ side: 'server', confidence: 'high', fact: { timer, next: null } })
    expect(found?.message).toContain(`(its timer: ${timer} s)`)
  })

  it('is less sure of a silence that no usual timer has', () => {
    const [found] = expires(450_000, '421 Closing.')
    expect(found).toMatchObject({ confidence: 'medium', fact: { timer: null } })
    expect(seconds(found!.fact.silenceNs)).toBe('450 s')
    expect(found?.message).not.toContain('its timer')
  })

  it('leaves a sudden 421 to service-unavailable, and no other', () => {
    const session = (milliseconds: number) => (rule: Rule) =>
      observed(rule, atClient(''), (played) => {
        reply(played, '421 Closing.', { think: milliseconds })
        played.control.close('server')
      }).length
    for (const [milliseconds, counts] of [
      [600_500, [1, 0]],
      [2000, [0, 1]],
    ] as const)
      expect(([idleTimeout, serviceUnavailable] as Rule[]).map(session(milliseconds))).toEqual(counts)
  })

  it('names the command that came too late', () => {
    const [found] = after((session) => {
      reply(session, '421 Timeout.', { think: 300_000 })
      command(session, 'CWD a')
      session.control.reset('server')
    })
    expect(found?.fact.next).toMatchObject({ command: 'CWD', argument: 'a' })
    expect(found?.message).toContain("The client's next command, CWD, came too late.")
    expect(found?.evidence.at(-1)?.note).toBe('CWD, after the server had closed the session')
  })

  it('sees a server that looks at its clock only when the next command comes', () => {
    const late = (think: number) =>
      after((session) => {
        session.scene.wait(400_000)
        command(session, 'PWD')
        reply(session, '421 Timeout.', { think })
        session.control.close('server')
      })
    expect(seconds(late(80)[0]!.fact.silenceNs)).toBe('400 s')
    expect(late(4000)).toEqual([])
  })

  it('counts the silence from the last packet of data', () => {
    const [found] = after((session) => {
      const { scene } = session
      listing(session)
      pasv(session, 50_006)
      dialInVain(session, 50_006, { attempts: 1 })
      scene.wait(300_000)
      reply(session, '421 Timeout.')
    })
    expect(seconds(found!.fact.silenceNs)).toBe('300 s')
    const running = after((session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR x', '150 Opening.')
      data.server(2000)
      session.scene.wait(299_000)
      data.server(2000)
      reply(session, '421 Aborting.', { think: 1000 })
    })
    expect(running).toEqual([])
  })

  it('looks at a handful of 421 only', () => {
    const found = after((session) => {
      for (let count = 0; count < 9; count++) reply(session, '421 Closing.', { think: 1000 })
      reply(session, '421 Timeout.', { think: 600_000 })
    })
    expect(found).toEqual([])
  })

  it('counts from the first packet where the handshake was not captured', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    session.control.keepAlive('client')
    session.scene.wait(300_000)
    reply(session, '421 Timeout.')
    const [found] = saysOfLast(idleTimeout, place)
    expect(found?.evidence[1]).toEqual({ frame: 1, note: 'last activity' })
  })

  it('takes the first packet of the client for a sign of life where that came after the greeting', () => {
    const place = atClient('')
    const session = openControl(place)
    reply(session, session.dialect.greeting)
    session.scene.wait(300_000)
    reply(session, '421 Timeout.')
    // The acknowledgment that ends the handshake was lost for the capture: the next one is that of the greeting.
    place.scene.drop((_packet, index) => index === 2)
    const [found] = saysOfLast(idleTimeout, place)
    expect(found?.evidence[1]).toEqual({ frame: 4, note: 'last activity' })
  })
})

describe('login-rejected and tls-required', () => {
  const asked = (line: string, rest?: (session: FtpSession) => void) => (session: FtpSession) => {
    reply(session, session.dialect.greeting)
    ask(session, 'USER alice', '331 Password')
    ask(session, 'PASS x', line, { think: 2700 })
    if (rest) rest(session)
    else quit(session)
  }
  const judged = <F extends Fact>(rule: Rule<F>, line: string, rest?: (session: FtpSession) => void) =>
    says(rule, atClient(''), asked(line, rest))

  it.each([
    '530 Non-anonymous sessions must use encryption.',
    '550 SSL/TLS required on the control channel',
    '421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.',
    '534 Policy requires SSL.',
    '503 Use AUTH first.',
    '530 Only secured connections are admitted.',
  ])('reads "%s" as a demand for TLS', (line) => {
    const [found] = judged(tlsRequired, line)
    expect(found).toMatchObject({ side: 'client', confidence: 'high' })
    expect(found?.fact).toMatchObject({ command: { command: 'PASS' }, askedForTls: false, offered: false })
  })

  it.each([
    '530 Login incorrect.',
    '530 User cannot log in, home directory inaccessible.',
    '530 Login authentication failed',
  ])('reads "%s" as a matter of the account', (line) => {
    expect(judged(tlsRequired, line)).toEqual([])
    expect(judged(loginRejected, line)).toHaveLength(1)
  })

  it('calls a wrong password that the right one follows information at most', () => {
    const [found] = judged(loginRejected, '530 Login incorrect.', (session) => {
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS y', '530 Login incorrect.')
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS z', '230 Login successful.')
    })
    expect(found).toMatchObject({ severity: 'info', confidence: 'high', fact: { kind: 'accepted-later', refusals: 2 } })
    expect(found?.title).toBe('login accepted at a later attempt')
    expect(found?.evidence).toHaveLength(3)
  })

  it('is less sure where the capture ends, since the user may have another try', () => {
    const [found] = judged(loginRejected, '530 Login incorrect.', () => undefined)
    expect(found).toMatchObject({ severity: 'error', side: 'client', confidence: 'medium' })
    expect(found?.fact).toMatchObject({ kind: 'rejected', user: 'alice', refusals: 1, fault: null })
    expect(judged(loginRejected, '530 Login incorrect.')[0]?.confidence).toBe('high')
  })

  it('says nothing of a 530 to commands before the login, nor of a 421', () => {
    const early = says(loginRejected, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'FEAT', '530 Please login with USER and PASS.')
    })
    expect(early).toEqual([])
    expect(judged(loginRejected, '421 Login timeout.')).toEqual([])
  })

  it('speaks of a user without a name where no USER was captured', () => {
    const [found] = says(loginRejected, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'PASS x', '530 Login incorrect.')
    })
    expect(found?.fact.user).toBeNull()
    expect(found?.message).toContain('login of a user from')
  })

  it.each([
    [
      '500 OOPS: vsftpd: refusing to run with writable root inside chroot()',
      'writable-root',
      'allow_writeable_chroot=YES',
    ],
    ['530 User cannot log in, home directory inaccessible.', 'home', 'home'],
  ])('blames the server for an account that fails after the password: "%s"', (line, fault, remedy) => {
    const [found] = judged(loginRejected, line)
    expect(found).toMatchObject({ side: 'server', fact: { fault } })
    expect(found?.remedy).toEqual([expect.stringContaining(remedy)])
  })
})

describe('a server that fails at the login', () => {
  it.each([
    '500 OOPS: priv_sock_get_result',
    '500 OOPS: child died',
    '500 OOPS:',
    '451 Requested action aborted: local error in processing.',
    '530 Login failed: internal server error.',
    '550 Unhandled exception while logging in.',
  ])('is not available, and has not judged the password: "%s"', (line) => {
    const script = (session: FtpSession) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', session.dialect.needPassword('alice'))
      ask(session, 'PASS x', line)
      session.control.close('server')
    }
    const [found] = says(serviceUnavailable, atClient(''), script)
    expect(found).toMatchObject({ title: 'server fails at the login', fact: { kind: 'at-login' } })
    expect(found?.remedy.join()).not.toContain('password')
    expect(says(loginRejected, atClient(''), script)).toEqual([])
  })
})
