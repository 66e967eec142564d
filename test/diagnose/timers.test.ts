import { describe, expect, it } from 'vitest'
import { idleTimeout } from '../../src/diagnose/rules/control/idle-timeout.js'
import { sessionTimeout } from '../../src/diagnose/rules/control/session-timeout.js'
import { seconds } from '../../src/diagnose/words/quantities.js'
import { ask, command, dial, type FtpSession, listing, login, pasv, reply, retrieve } from '../support/ftp-scene.js'
import { atClient, inLan, openControl } from '../support/places.js'
import { iis, proftpd, pureftpd } from '../support/server-dialects.js'
import { verdictOn } from './observe.js'
import { observed, played, says, saysOfLast, spoken } from './played.js'
import { greet, LOGIN, secure13, talk13 } from './secured.js'

const ended = (session: FtpSession, line: string): void => {
  reply(session, line)
  session.control.close('server')
}
/** Keep-alives, half a minute apart. */
const keepAlive = (session: FtpSession, count: number, verbs: readonly string[] = ['NOOP']): void => {
  for (let at = 0; at < count; at++) {
    session.scene.wait(29_900)
    ask(session, verbs[at % verbs.length]!, '200 OK.')
  }
}

describe('A timer that keep-alive commands do not reset', () => {
  it.each([
    ['421 Timeout (no operation for 1800 seconds)', ['NOOP'], 'NOOP'],
    ['421 Zeitüberschreitung (keine Aktion seit 1800 Sekunden).', ['NOOP', 'PWD'], 'NOOP, PWD'],
    ['421 超时 (已 1800 秒无操作)', ['NOOP'], 'NOOP'],
    ['421 Timeout.', ['TYPE I', 'NOOP'], 'TYPE, NOOP'],
  ] as const)('is told by the commands that were answered: "%s"', (line, verbs, shown) => {
    const [found] = observed(
      idleTimeout,
      inLan(''),
      (session) => {
        listing(session)
        keepAlive(session, 60, verbs)
        session.scene.wait(8000)
        ended(session, line)
      },
      { dialect: pureftpd },
    )
    expect(found).toMatchObject({ severity: 'warning', fact: { kind: 'keep-alive', uncounted: 60, timer: 1800 } })
    expect(found?.message).toContain(`60 commands (${shown}) were answered, but they do not reset this timer`)
    expect(found?.remedy.join()).not.toMatch(/send NOOP|--keepalive-time/)
    expect(found?.remedy.join()).toContain('STAT')
  })

  it('is found where the server looks at its clock only when the next NOOP comes', () => {
    const [found] = observed(
      idleTimeout,
      atClient(''),
      (session) => {
        keepAlive(session, 61)
        session.scene.wait(29_900)
        ask(session, 'NOOP', '421 Timeout (no operation for 1800 seconds)')
        session.control.close('server')
      },
      { dialect: pureftpd },
    )
    expect(found?.fact).toMatchObject({ kind: 'keep-alive', uncounted: 61 })
  })

  it('names the setting of the server', () => {
    const [found] = observed(
      idleTimeout,
      atClient(''),
      (session) => {
        keepAlive(session, 60)
        ended(session, '421 Timeout (no operation for 1800 seconds)')
      },
      { dialect: pureftpd },
    )
    expect(found?.remedy[0]).toBe(
      'on the server: increase Pure-FTPd -I (MaxIdleTime), of which this timer is the double',
    )
  })

  it('advises shorter intervals where NOOPs came too seldom', () => {
    const [found] = observed(idleTimeout, atClient(''), (session) => {
      ask(session, 'NOOP', '200 OK.')
      session.scene.wait(300_000)
      ended(session, '421 Timeout.')
    })
    expect(found?.remedy[1]).toContain('send its NOOP more often than every 300 s')
  })
})

describe('A timer without a 421', () => {
  const closed = (milliseconds: number, then: (session: FtpSession) => void) =>
    observed(
      idleTimeout,
      atClient(''),
      (session) => {
        listing(session)
        session.scene.wait(milliseconds)
        session.control.fin('server')
        session.scene.wait(30_000)
        then(session)
      },
      { dialect: iis },
    )
  const late = (session: FtpSession): void => {
    command(session, 'CWD a')
    session.control.reset('server')
  }

  it('is told where the silence has its length and the next command comes too late', () => {
    const [found] = closed(120_000, late)
    expect(found).toMatchObject({
      severity: 'warning',
      confidence: 'medium',
      fact: { kind: 'unannounced', timer: 120 },
    })
    expect(found?.message).toContain('after 120 s of silence, without a 421 (its timer: 120 s)')
    expect(found?.message).toContain("The client's next command, CWD, came too late.")
    expect(found?.remedy[0]).toContain('Control Channel Timeout')
  })

  it("is told by vsftpd's failure under TLS after a long silence, and not in clear text or after a short one", () => {
    const failed = (milliseconds: number, tls: boolean, words = 'vsf_sysutil_recv_peek') =>
      says(idleTimeout, atClient(''), (session) => {
        greet(session)
        if (tls) {
          secure13(session)
          talk13(session, ...LOGIN)
        }
        session.scene.wait(milliseconds)
        ended(session, `500 OOPS: ${words}`)
      })
    expect(failed(300_000, true)).toMatchObject([{ fact: { kind: 'idle', reply: { code: 500 }, timer: 300 } }])
    expect(failed(20_000, true)).toEqual([])
    expect(failed(300_000, false)).toEqual([])
    expect(failed(300_000, true, 'cannot change directory:/home/alice')).toEqual([])
  })

  it('is not assumed of another silence, or where the client wanted nothing more', () => {
    expect(closed(95_000, late)).toEqual([])
    expect(closed(20_000, late)).toEqual([])
    expect(closed(120_000, ({ control }) => control.close('client'))).toEqual([])
  })
})

describe('A timer whose start was not captured', () => {
  it('is told without the length of the silence', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    ended(session, '421 Timeout.')
    const [found] = saysOfLast(idleTimeout, place)
    expect(found?.message).toContain('when its timer expired: "421 Timeout."')
  })
})

describe('A timer that only transfers reset', () => {
  it.each([
    ['421 No transfer timeout (300 seconds): closing control connection', 'ProFTPD TimeoutNoTransfer'],
    ['421 Tiempo límite sin transferencias (300 segundos): Cerrando conexión de control', 'ProFTPD TimeoutNoTransfer'],
  ])('is measured from the last transfer: "%s"', (line, setting) => {
    const [found] = observed(
      idleTimeout,
      atClient(''),
      (session) => {
        listing(session)
        keepAlive(session, 10)
        ended(session, line)
      },
      { dialect: proftpd },
    )
    expect(found?.fact).toMatchObject({ kind: 'no-transfer', timer: 300, uncounted: 10 })
    expect(seconds(found!.fact.silenceNs)).toBe('299 s')
    expect(found?.title).toBe('server closed a session without transfers')
    expect(found?.remedy[0]).toBe(`on the server: increase ${setting}`)
    expect(found?.remedy.join()).not.toContain('NOOP')
  })

  it('is known by its length where a translation has the words of the idle timer', () => {
    const [found] = observed(
      idleTimeout,
      atClient(''),
      (session) => {
        listing(session)
        for (let at = 0; at < 10; at++) {
          session.scene.wait(29_900)
          ask(session, 'DELE a', '250 OK.')
        }
        ended(session, "421 Expiration du délai d'inactivité (300 s) : fermeture de la connexion de contrôle")
      },
      { dialect: proftpd },
    )
    expect(found?.fact).toMatchObject({ kind: 'no-transfer', uncounted: 10, timer: 300 })
  })

  it('is measured from the login where there was no transfer', () => {
    const [found] = observed(idleTimeout, atClient(''), (session) => {
      session.scene.wait(120_000)
      ask(session, 'CWD a', '250 OK.')
      session.scene.wait(480_000)
      ended(session, '421 No-transfer-time exceeded. Closing control connection.')
    })
    expect(found?.fact).toMatchObject({ kind: 'no-transfer', uncounted: 1, timer: 600 })
    expect(seconds(found!.fact.silenceNs)).toBe('600 s')
  })
})

describe('session-timeout', () => {
  const capped = '421 Session Timeout (3600 seconds): closing control connection'

  it('names the limit of a busy session, and the transfer that it interrupted', () => {
    const play = (session: FtpSession): void => {
      for (let at = 0; at < 60; at++) {
        session.scene.wait(59_000)
        retrieve(session, { path: `f${at}`, port: 50_100 + at })
      }
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR last', '150 Opening (90000 bytes).')
      data.server(20_000)
      reply(session, capped)
      data.close('server')
      session.control.close('server')
    }
    const [found] = observed(sessionTimeout, atClient(''), play, { dialect: proftpd })
    expect(found).toMatchObject({ severity: 'error', side: 'server', fact: { kind: 'session', timer: 3600 } })
    expect(found?.message).toContain('although "RETR last" was running: the limit applies to the whole session')
    expect(found?.remedy[0]).toContain('increase ProFTPD TimeoutSession')
    const { outcome, cause } = verdictOn(played(atClient(''), play, { dialect: proftpd }))
    expect([outcome, cause]).toEqual(['failed', 'session-timeout'])
  })

  it.each([
    '421 Expiration du délai de session (3600 s) : fermeture du canal de contrôle',
    '421 Время сессии (3600 секунд) истекло: закрываю управляющее соединение',
    '421 セッションタイムアウト (3600 秒): 制御接続をクローズします',
  ])('knows it in other languages: "%s"', (line) => {
    const [found] = observed(sessionTimeout, atClient(''), (session) => {
      session.scene.wait(3_590_000)
      listing(session)
      ended(session, line)
    })
    expect(found).toMatchObject({ severity: 'warning', fact: { kind: 'session', timer: 3600, interrupted: null } })
  })

  it('is known by its length where the words name no timer', () => {
    const [found] = observed(sessionTimeout, atClient(''), (session) => {
      for (let at = 0; at < 60; at++) {
        session.scene.wait(59_800)
        listing(session, { port: 50_100 + at })
      }
      ended(session, '421 Timeout (3600 seconds): closing control connection.')
    })
    expect(found?.fact).toMatchObject({ kind: 'session', timer: 3600 })
  })

  it('leaves "session timed out" after a silence to idle-timeout', () => {
    const play = (session: FtpSession): void => {
      session.scene.wait(600_000)
      ended(session, '421 Session timed out, closing.')
    }
    expect(observed(sessionTimeout, atClient(''), play)).toEqual([])
    expect(observed(idleTimeout, atClient(''), play)).toHaveLength(1)
  })

  it.each([
    '421 Login timeout (300 seconds): closing control connection',
    '421 Login time exceeded. Closing control connection.',
    "421 Expiration du délai d'authentification (300 s) : fermeture du canal de contrôle",
    '421 登录超时（300秒）：关闭控制连接',
  ])('measures a login from the connection: "%s"', (line) => {
    const after = (play: (session: FtpSession) => void) =>
      says(sessionTimeout, atClient(''), (session) => {
        reply(session, session.dialect.greeting)
        play(session)
        ended(session, line)
      })
    const [waiting] = after((session) => {
      session.scene.wait(100_000)
      ask(session, 'USER alice', '331 Password')
      session.scene.wait(200_000)
    })
    expect(waiting).toMatchObject({ severity: 'error', side: 'client', fact: { kind: 'login', loggingIn: true } })
    expect(seconds(waiting!.fact.elapsedNs)).toBe('300 s')
    const [probe] = after((session) => {
      session.scene.wait(300_000)
    })
    expect(probe).toMatchObject({ severity: 'warning', fact: { loggingIn: false } })
  })

  it('measures the idle time of a login that waits for the password', () => {
    const waiting = (session: FtpSession) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Please specify the password.')
      session.scene.wait(300_000)
      ended(session, '421 Timeout.')
    }
    const [found] = says(sessionTimeout, atClient(''), waiting)
    expect(found).toMatchObject({ severity: 'error', side: 'client', fact: { kind: 'login', loggingIn: true } })
    expect(says(idleTimeout, atClient(''), waiting)).toEqual([])
  })

  it('sees a timer of the control connection that does not count data', () => {
    const play = (session: FtpSession): void => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR big', '150 Opening (900000 bytes).')
      for (let at = 0; at < 30; at++) {
        data.server(2000)
        session.scene.wait(10_000)
      }
      data.server(2000)
      reply(session, '421 Timeout.')
      data.close('server')
      session.control.close('server')
    }
    const [found] = observed(sessionTimeout, atClient(''), play)
    expect(found).toMatchObject({ severity: 'error', fact: { kind: 'control', interrupted: { command: 'RETR' } } })
    expect(found?.message).toContain('although data was flowing ("RETR big" was running)')
    expect(found?.remedy.join()).not.toContain('NOOP')
    expect(verdictOn(played(atClient(''), play)).cause).toBe('session-timeout')
  })

  it('leaves a login that the client abandons to another rule', () => {
    const session = spoken(atClient(''), (each) => {
      login(each)
      command(each, 'NOOP')
    })
    expect(verdictOn(session).outcome).not.toBe('failed')
  })
})
