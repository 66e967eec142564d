import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { tlsHandshakeFailed } from '../../src/diagnose/rules/control/tls-handshake-failed.js'
import { tlsHidesAnnouncement } from '../../src/diagnose/rules/ftps/tls-hides-announcement.js'
import { tlsInterference } from '../../src/diagnose/rules/control/tls-interference.js'
import { tlsModeMismatch } from '../../src/diagnose/rules/control/tls-mode-mismatch.js'
import { tlsRequired } from '../../src/diagnose/rules/control/tls-required.js'
import { tlsSessionReuseRequired } from '../../src/diagnose/rules/ftps/tls-session-reuse-required.js'
import { ask, command, dial, list, listing, login, pasv, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { alert, clientHello, record, serverFlight } from '../support/tls-records.js'
import { clientHello12, serverFlight12 } from '../support/tls12-records.js'
import { observed, says } from './played.js'
import { greet, LOGIN, secure13, talk13 } from './secured.js'

describe('tls-handshake-failed', () => {
  const handshake = (play: (session: FtpSession) => void, place = atClient('')) =>
    says(tlsHandshakeFailed, place, (session) => {
      greet(session)
      ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
      session.control.client(clientHello())
      play(session)
    })

  it('names the alert, who sent it, and who has to act', () => {
    const [unknown] = handshake(({ control }) => {
      control.server(serverFlight())
      control.client(alert(48)).close('client')
    })
    expect(unknown).toMatchObject({ side: 'client', confidence: 'high' })
    expect(unknown?.message).toContain('192.168.1.10 sent the alert "unknown CA (48)"')
    const [internal] = handshake(({ control }) => {
      control.server(alert(80)).close('server')
    })
    expect(internal).toMatchObject({ side: 'server' })
    expect(internal?.message).toContain('203.0.113.20:21 sent the alert "internal error (80)"')
  })

  it('tells a handshake that ends without an alert: by FIN or RST, before or behind the ServerHello', () => {
    const [closed] = handshake(({ control }) => {
      control.close('server')
    })
    expect(closed).toMatchObject({ side: 'server', confidence: 'medium', rivals: [] })
    expect(closed?.message).toContain('closed the connection before any ServerHello')
    const [reset] = handshake(({ control }) => {
      control.server(serverFlight())
      control.reset('client')
    })
    expect(reset).toMatchObject({ side: 'client', rivals: ['control-reset'] })
    expect(reset?.message).toContain('reset the connection behind the ServerHello')
  })

  it.each(['closed', 'reset'] as const)(
    'takes a client that %s right behind its Finished for one that distrusts',
    (how) => {
      const [found] = says(tlsHandshakeFailed, atClient(''), (session) => {
        greet(session)
        secure13(session)
        if (how === 'closed') session.control.close('client')
        else session.control.reset('client')
      })
      expect(found).toMatchObject({ side: 'client', confidence: 'medium' })
      expect(found?.message).toContain(`${how} the connection as soon as the TLS handshake`)
      expect(found?.evidence.map(({ note }) => note)).toEqual(['192.168.1.10 leaves', 'ClientHello', 'ServerHello'])
    },
  )

  it('says nothing of a client that sent a command under TLS before it left', () => {
    const found = says(tlsHandshakeFailed, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.control.close('client')
    })
    expect(found).toEqual([])
  })

  it('names the alert on a data connection, whichever side sent it', () => {
    for (const [sender, side] of [
      ['client', 'client'],
      ['server', 'server'],
    ] as const) {
      const [found] = observed(tlsHandshakeFailed, atClient(''), (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        command(session, 'RETR a')
        data.client(clientHello12())
        if (sender === 'client') {
          data.server(serverFlight12())
          data.client(alert(48)).close('client')
        } else data.server(alert(80)).close('server')
        reply(session, '522 SSL connection failed')
        quit(session)
      })
      expect(found).toMatchObject({ side, confidence: 'high' })
      expect(found?.message).toContain('The TLS handshake on the data connection to 203.0.113.20:50005 failed')
      expect(found?.evidence.at(-1)?.note).toBe('RETR a')
    }
  })

  it('does not take a close_notify or a warning on a data connection for a failure', () => {
    for (const body of [Uint8Array.of(2, 0), Uint8Array.of(1, 90)]) {
      const found = observed(tlsHandshakeFailed, atClient(''), (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        command(session, 'RETR a')
        data.client(clientHello12())
        data.server(record(21, body)).close('server')
        reply(session, '426 Failure writing network stream.')
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})

describe('tls-interference', () => {
  const broken = (play: (session: FtpSession) => void) =>
    says(tlsInterference, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
      play(session)
    })

  it('sees a RST of another TTL before the ClientHello, in the handshake and in the session', () => {
    const [before] = broken(({ control }) => {
      control.reset('server', { hopLimit: 254 })
    })
    expect(before?.evidence.map(({ note }) => note)).toContain('TLS is agreed')
    const [handshake] = broken(({ control }) => {
      control.client(clientHello())
      control.reset('client', { hopLimit: 254 })
    })
    expect(handshake?.message).toContain('broken in its handshake by a RST in the name of 192.168.1.10 whose TTL 254')
    const [later] = says(tlsInterference, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.control.reset('server', { hopLimit: 254 })
    })
    expect(later?.message).toContain('broken in the session')
  })

  it('names the RST that was forged where both ends are reset at the same moment', () => {
    const [found] = broken(({ control }) => {
      control.client(clientHello())
      // The box keeps the TTL of the server's packets in one direction, and not in the other.
      control.reset('server', { think: 0 })
      control.reset('client', { hopLimit: 254, think: 0 })
    })
    expect(found?.message).toContain("in the name of 192.168.1.10 whose TTL 254 is not that host's (64)")
  })

  it('says nothing of a RST with the own TTL of its host', () => {
    const found = broken(({ control }) => {
      control.client(clientHello())
      control.reset('server')
    })
    expect(found).toEqual([])
  })
})

describe('tls-mode-mismatch', () => {
  it('is unsure where the server never answers a ClientHello on another port than that of implicit TLS', () => {
    const silent = (port: number) =>
      says(
        tlsModeMismatch,
        atClient(''),
        ({ control, scene }) => {
          control.client(clientHello())
          scene.wait(20_000)
          control.close('client')
        },
        { serverPort: port },
      )
    const [found] = silent(21)
    expect(found).toMatchObject({ confidence: 'low', rivals: ['greeting-missing'] })
    expect(found?.message).toContain('did not answer it')
    expect(silent(990)).toEqual([])
  })

  it('waits ten seconds for either side to speak on port 990, and one where somebody closes', () => {
    const waiting = (play: (session: FtpSession) => void) =>
      says(tlsModeMismatch, atClient(''), play, { serverPort: 990 })
    const idle = (milliseconds: number) =>
      waiting(({ control, scene }) => {
        scene.wait(milliseconds)
        control.keepAlive('client')
      })
    expect(idle(5000)).toEqual([])
    expect(idle(12_000)[0]?.evidence.at(-1)?.note).toBe('last packet; no payload so far')
    const [closed] = waiting(({ control, scene }) => {
      scene.wait(12_000)
      control.close('server')
    })
    expect(closed?.evidence.at(-1)?.note).toBe('the server closes without a byte of payload')
  })
})

describe('tls-required', () => {
  it('knows a client that asked for TLS and did not get it, and what the server offers', () => {
    const [found] = says(tlsRequired, atClient(''), (session) => {
      greet(session)
      ask(session, 'FEAT', '211-Features:\r\n AUTH TLS\r\n PBSZ\r\n211 End')
      ask(session, 'AUTH TLS', '431 Unable to accept security mechanism.')
      ask(session, 'USER alice', '331 Please specify the password.')
      ask(session, 'PASS wonderland', '530 Non-anonymous sessions must use encryption.')
      session.control.close('client')
    })
    expect(found?.message).toContain('asked for TLS and did not get it')
    expect(found?.evidence.map(({ note }) => note)).toEqual(
      expect.arrayContaining(['AUTH TLS', '431 Unable to accept security mechanism.']),
    )
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })
})

describe('Rules on TLS', () => {
  it('say nothing of a session in clear text that works', () => {
    const rules: readonly Rule[] = [tlsHandshakeFailed, tlsSessionReuseRequired, tlsHidesAnnouncement, tlsInterference]
    for (const rule of rules) {
      const found = says(rule, atClient(''), (session) => {
        login(session)
        listing(session)
        pasv(session, 50_006)
        list(session, dial(session, 50_006))
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})
