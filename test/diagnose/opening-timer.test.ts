import { describe, expect, it } from 'vitest'
import { activeNotAttempted } from '../../src/diagnose/rules/active/active-not-attempted.js'
import { activePortUnanswered } from '../../src/diagnose/rules/active/active-port-unanswered.js'
import { passiveNotAttempted } from '../../src/diagnose/rules/passive/passive-not-attempted.js'
import { passivePortUnanswered } from '../../src/diagnose/rules/passive/passive-port-unanswered.js'
import { command, dialBackInVain, dialInVain, pasv, port, reply } from '../support/ftp-scene.js'
import { atServer } from '../support/places.js'
import { proftpd, pyftpdlib } from '../support/server-dialects.js'
import { observed } from './played.js'

const FAILED = '425 Failed to establish connection.'

describe('The timer of a server that waits for a data connection', () => {
  it("is vsftpd's accept_timeout after a transfer command in passive mode", () => {
    const [tried] = observed(passivePortUnanswered, atServer(''), (session) => {
      pasv(session, 50_005)
      session.scene.wait(5000)
      command(session, 'LIST')
      session.scene.meanwhile(() => dialInVain(session, 50_005, { attempts: 4 }))
      reply(session, FAILED, { think: 60_000 })
    })
    expect(tried?.message).toContain("The server gave up after 60.0 s (vsftpd's accept_timeout, 60 s).")
    const [absent] = observed(passiveNotAttempted, atServer(''), (session) => {
      pasv(session, 50_005)
      command(session, 'LIST')
      reply(session, FAILED, { think: 60_000 })
    })
    expect(absent?.message).toContain("vsftpd's accept_timeout, 60 s")
  })

  it("is vsftpd's connect_timeout in active mode", () => {
    const [tried] = observed(activePortUnanswered, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      session.scene.meanwhile(() => dialBackInVain(session, 52_300, { attempts: 5 }))
      reply(session, FAILED, { think: 60_000 })
    })
    expect(tried?.message).toContain("vsftpd's connect_timeout, 60 s")
    const [absent] = observed(activeNotAttempted, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      reply(session, FAILED, { think: 60_000 })
    })
    expect(absent?.message).toContain("vsftpd's connect_timeout, 60 s")
  })

  it('is that of pyftpdlib from the announcement to a 421 that answers no command', () => {
    const [tried] = observed(
      passivePortUnanswered,
      atServer(''),
      (session) => {
        pasv(session, 50_005)
        session.scene.meanwhile(() => dialInVain(session, 50_005, { attempts: 4 }))
        reply(session, '421 Passive data channel timed out.', { think: 30_000 })
      },
      { dialect: pyftpdlib },
    )
    expect(tried?.message).toContain("pyftpdlib's PassiveDTP.timeout, 30 s")
  })

  it('is not named where another time has passed, or for a server without such a timer', () => {
    for (const [dialect, think] of [
      [undefined, 31_000],
      [proftpd, 60_000],
    ] as const) {
      const [found] = observed(
        passivePortUnanswered,
        atServer(''),
        (session) => {
          pasv(session, 50_005)
          command(session, 'LIST')
          session.scene.meanwhile(() => dialInVain(session, 50_005, { attempts: 4 }))
          reply(session, FAILED, { think })
        },
        dialect ? { dialect } : {},
      )
      expect(found?.fact.timer).toBeNull()
      expect(found?.message).not.toContain('gave up')
    }
  })
})
