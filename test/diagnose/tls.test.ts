import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { tlsHandshakeFailed } from '../../src/diagnose/rules/control/tls-handshake-failed.js'
import { tlsHidesAnnouncement } from '../../src/diagnose/rules/ftps/tls-hides-announcement.js'
import { tlsInterference } from '../../src/diagnose/rules/control/tls-interference.js'
import { tlsModeMismatch } from '../../src/diagnose/rules/control/tls-mode-mismatch.js'
import { tlsRequired } from '../../src/diagnose/rules/control/tls-required.js'
import { tlsSessionReuseRequired } from '../../src/diagnose/rules/ftps/tls-session-reuse-required.js'
import { ask, command, dial, list, listing, login, pasv, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { alert, clientFinished, clientHello, joined, record, serverFlight } from '../support/tls-records.js'
import { clientHello12, line12, serverFlight12 } from '../support/tls12-records.js'
import { observed, says } from './played.js'
import { greet, LOGIN, secure12, secure13, talk13 } from './secured.js'

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
    expect(unknown).toMatchObject({ side: 'client', confidence: 'high', rivals: [] })
    expect(unknown?.fact).toMatchObject({ kind: 'alert', sender: 'client', alert: 48 })
    expect(unknown?.message).toContain('192.168.1.10 sent the TLS alert "unknown CA (48)"')
    expect(unknown?.evidence.map(({ note }) => note)).toEqual([
      'fatal alert unknown CA (48)',
      'ClientHello',
      'ServerHello',
      'AUTH TLS',
    ])
    const [encrypted] = handshake(({ control }) => {
      control.server(serverFlight())
      control.client(joined(record(20, Uint8Array.of(1)), alert(48))).close('client')
    })
    expect(encrypted?.fact).toMatchObject({ kind: 'alert', sender: 'client', alert: 48 })
    const [internal] = handshake(({ control }) => {
      control.server(alert(80)).close('server')
    })
    expect(internal).toMatchObject({ side: 'server', fact: { sender: 'server', alert: 80 } })
    expect(internal?.message).toContain('203.0.113.20:21 sent the TLS alert "internal error (80)"')
  })

  it('tells a handshake that ends without an alert: by FIN or RST, before or after the ServerHello', () => {
    const [closed] = handshake(({ control }) => {
      control.close('server')
    })
    expect(closed).toMatchObject({ side: 'server', confidence: 'medium', rivals: [] })
    expect(closed?.fact).toMatchObject({ kind: 'broken-off', sender: 'server', how: 'fin', serverHello: false })
    expect(closed?.message).toContain('closed the connection before any ServerHello')
    const [reset] = handshake(({ control }) => {
      control.server(serverFlight())
      control.reset('client')
    })
    expect(reset).toMatchObject({ side: 'client', rivals: ['control-reset'], fact: { how: 'rst', serverHello: true } })
    expect(reset?.message).toContain('reset the connection after the ServerHello')
  })

  it.each([
    ['closed', 'TLS 1.3', secure13],
    ['reset', 'TLS 1.3', secure13],
    ['closed', 'TLS 1.2', secure12],
  ] as const)(
    'takes a client that %s right after its Finished of %s for one that distrusts',
    (how, _version, secure) => {
      const [found] = says(tlsHandshakeFailed, atClient(''), (session) => {
        greet(session)
        secure(session)
        if (how === 'closed') session.control.close('client')
        else session.control.reset('client')
      })
      expect(found).toMatchObject({ side: 'client', confidence: 'medium', fact: { kind: 'client-left' } })
      expect(found?.message).toContain(`${how} the connection as soon as the TLS handshake`)
      expect(found?.evidence.map(({ note }) => note)).toEqual([
        `192.168.1.10 ${how} the connection`,
        'ClientHello',
        'ServerHello',
      ])
    },
  )

  it.each([
    [1, 1],
    [800, 0],
  ])('counts a client that leaves %s ms after its first command, before an answer can have come', (wait, findings) => {
    const found = says(tlsHandshakeFailed, atClient(''), (session) => {
      greet(session)
      secure12(session)
      session.scene.meanwhile(() => {
        session.control.client(line12(12))
        session.scene.wait(wait)
        session.control.close('client')
      })
    })
    expect(found.map(({ fact }) => fact.kind)).toEqual(Array.from({ length: findings }, () => 'client-left'))
  })

  it('knows no AUTH where TLS begins with the first byte', () => {
    const implicit = (play: (session: FtpSession) => void) =>
      says(
        tlsHandshakeFailed,
        atClient(''),
        (session) => {
          session.control.client(clientHello())
          play(session)
        },
        { serverPort: 990 },
      )
    const [found] = implicit(({ control }) => {
      control.server(alert(40)).close('server')
    })
    expect(found?.fact).toMatchObject({ kind: 'alert', sender: 'server', alert: 40 })
    expect(found?.evidence.map(({ note }) => note)).toEqual(['fatal alert handshake failure (40)', 'ClientHello'])
    // The handshake still runs where the capture ends.
    expect(implicit(() => undefined)).toEqual([])
  })

  it('says nothing of a session captured from its middle', () => {
    const found = says(
      tlsHandshakeFailed,
      atClient(''),
      (session) => {
        ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
        session.control.client(clientHello()).server(alert(40)).close('server')
      },
      { captured: false },
    )
    expect(found).toEqual([])
  })

  it('says nothing of a client that sent a command under TLS before it left, or that the server closed on', () => {
    const closed = says(tlsHandshakeFailed, atClient(''), (session) => {
      greet(session)
      secure13(session)
      session.control.close('server')
    })
    expect(closed).toEqual([])
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
      expect(found).toMatchObject({ side, confidence: 'high', channel: { id: 1 } })
      expect(found?.fact).toMatchObject({ kind: 'data-alert', sender, target: { port: 50_005 } })
      expect(found?.evidence.at(-1)?.note).toBe('RETR a')
    }
  })

  it('names an alert on a data connection before any transfer', () => {
    const [found] = observed(tlsHandshakeFailed, atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005).client(clientHello12()).server(alert(40)).close('server')
      quit(session)
    })
    expect(found?.fact).toMatchObject({ kind: 'data-alert', sender: 'server', alert: 40 })
    expect(found?.evidence).toHaveLength(2)
  })

  it('tells client and server by their roles where both are one host', () => {
    const place = atClient('', { client: '127.0.0.1', server: '127.0.0.1', serverLook: { hopLimit: 64 } })
    const [found] = observed(tlsHandshakeFailed, place, (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      command(session, 'RETR a')
      data.client(clientHello12())
      data.server(alert(80)).close('server')
      reply(session, '522 SSL connection failed')
      quit(session)
    })
    expect(found).toMatchObject({ side: 'server', fact: { sender: 'server', from: '127.0.0.1' } })
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
    expect(before).toMatchObject({ side: 'path', confidence: 'medium', rivals: ['control-reset'] })
    expect(before?.fact).toMatchObject({ kind: 'in-handshake', resetFrom: '203.0.113.20', ttl: 254, usualTtl: 57 })
    expect(before?.evidence.map(({ note }) => note)).toEqual([
      'RST with source address 203.0.113.20 (TTL 254; TTL of its other packets 57)',
      'TLS is agreed on',
      'AUTH TLS',
    ])
    const [handshake] = broken(({ control }) => {
      control.client(clientHello())
      control.reset('client', { hopLimit: 254 })
    })
    expect(handshake?.fact).toMatchObject({ kind: 'in-handshake', resetFrom: '192.168.1.10', usualTtl: 64 })
    const [later] = says(tlsInterference, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.control.reset('server', { hopLimit: 254 })
    })
    expect(later?.fact.kind).toBe('in-session')
    expect(later?.message).toContain('reset after the handshake')
  })

  it('names the RST that was forged where both ends are reset at the same moment', () => {
    const [found] = broken(({ control }) => {
      control.client(clientHello())
      // The box keeps the TTL of the server's packets in one direction, and not in the other.
      control.reset('server', { think: 0 })
      control.reset('client', { hopLimit: 254, think: 0 })
    })
    expect(found?.fact).toMatchObject({ resetFrom: '192.168.1.10', ttl: 254, usualTtl: 64 })
  })

  it('knows no AUTH where TLS begins with the first byte', () => {
    const [found] = says(
      tlsInterference,
      atClient(''),
      ({ control }) => {
        control.client(clientHello())
        control.reset('server', { hopLimit: 254 })
      },
      { serverPort: 990 },
    )
    expect(found?.evidence.map(({ note }) => note).slice(1)).toEqual(['TLS begins'])
  })

  it('says nothing of a RST after a FIN, nor where AUTH was refused', () => {
    const closed = broken(({ control }) => {
      control.client(clientHello())
      control.fin('client')
      control.reset('server', { hopLimit: 254 })
    })
    const refused = says(tlsInterference, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH TLS', '502 Command not implemented.')
      session.control.reset('server', { hopLimit: 254 })
    })
    expect([closed, refused]).toEqual([[], []])
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
  it('sees clear text as the answer to a ClientHello', () => {
    const [found] = says(tlsModeMismatch, atClient(''), (session) => {
      session.control.client(clientHello())
      greet(session)
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'client', confidence: 'high', rivals: [] })
    expect(found?.fact).toMatchObject({ kind: 'implicit-client', reply: { code: 220, text: '(vsFTPd 3.0.3)' } })
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      'TLS ClientHello without AUTH TLS',
      '220 (vsFTPd 3.0.3)',
      'the client closes',
    ])
  })

  it('sees at the server a hello that crossed the greeting', () => {
    const [found] = says(tlsModeMismatch, atServer(''), (session) => {
      session.scene.meanwhile(() => {
        greet(session)
      })
      session.control.client(clientHello(), { think: 5 })
    })
    expect(found?.fact).toMatchObject({ kind: 'implicit-client', reply: { code: 220 } })
  })

  it('says nothing of a session captured from its middle', () => {
    const found = says(
      tlsModeMismatch,
      atClient(''),
      (session) => {
        session.control.client(clientHello())
        greet(session)
      },
      { captured: false },
    )
    expect(found).toEqual([])
  })

  it('says nothing of TLS that AUTH asked for', () => {
    const found = says(tlsModeMismatch, atClient(''), (session) => {
      greet(session)
      secure13(session)
    })
    expect(found).toEqual([])
  })

  it('says nothing of an error in clear text from a server that had answered the ClientHello', () => {
    const found = says(
      tlsModeMismatch,
      atClient(''),
      (session) => {
        session.control.client(clientHello())
        session.control.server(serverFlight())
        session.control.client(clientFinished())
        talk13(session, [12, 34])
        reply(session, '500 OOPS: vsftpd: refusing to run with writable root inside chroot()')
        session.control.close('server')
      },
      { serverPort: 990 },
    )
    expect(found).toEqual([])
  })

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
    expect(found?.fact).toMatchObject({ kind: 'implicit-client', reply: null })
    expect(found?.message).toContain('did not reply')
    expect(silent(990)).toEqual([])
  })

  it('waits ten seconds for either side to speak on port 990, and one where somebody closes', () => {
    const waiting = (play: (session: FtpSession) => void, serverPort = 990) =>
      says(tlsModeMismatch, atClient(''), play, { serverPort })
    const idle = (milliseconds: number) =>
      waiting(({ control, scene }) => {
        scene.wait(milliseconds)
        control.keepAlive('client')
      })
    expect(idle(5000)).toEqual([])
    expect(idle(12_000)[0]?.evidence.at(-1)?.note).toBe('last packet; no payload so far')
    const close = (milliseconds: number, serverPort = 990) =>
      waiting(({ control, scene }) => {
        scene.wait(milliseconds)
        control.close('server')
      }, serverPort)
    const [closed] = close(12_000)
    expect(closed).toMatchObject({ confidence: 'medium', rivals: ['greeting-missing'], fact: { kind: 'both-wait' } })
    expect(closed?.evidence.at(-1)?.note).toBe('the server closes without a byte of payload')
    expect(close(500)).toEqual([])
    expect(close(12_000, 21)).toEqual([])
  })

  it('is sure by the alert with which the server answers the FIN', () => {
    const [found] = says(
      tlsModeMismatch,
      atClient(''),
      ({ control, scene }) => {
        scene.wait(12_000)
        control.fin('client')
        control.server(alert(40), { fin: true })
      },
      { serverPort: 990 },
    )
    expect(found?.confidence).toBe('high')
    expect(found?.evidence.at(-1)?.note).toBe('TLS alert from the server')
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
    expect(found?.fact).toMatchObject({ askedForTls: true, offered: true })
    expect(found?.message).toContain('requested TLS but did not get it')
    expect(found?.remedy.at(-1)).toBe('the server offers AUTH in its FEAT reply')
    expect(found?.evidence.map(({ note }) => note)).toEqual(
      expect.arrayContaining(['AUTH TLS', '431 Unable to accept security mechanism.']),
    )
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })

  it('shows the last AUTH where there were several', () => {
    const [found] = says(tlsRequired, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH SSL', '504 Unknown security mechanism.')
      ask(session, 'AUTH TLS', '431 Unable to accept security mechanism.')
      ask(session, 'USER alice', '530 Non-anonymous sessions must use encryption.')
    })
    expect(found?.evidence.map(({ note }) => note).slice(2)).toEqual([
      'AUTH TLS',
      '431 Unable to accept security mechanism.',
    ])
  })

  it('says nothing of a client that then gets in, or begins TLS', () => {
    const REFUSED = '530 Non-anonymous sessions must use encryption.'
    for (const after of [
      (session: FtpSession) => {
        ask(session, 'USER anonymous', '331 Password')
        ask(session, 'PASS a@b', '230 Login successful.')
      },
      secure13,
    ]) {
      const found = says(tlsRequired, atClient(''), (session) => {
        greet(session)
        ask(session, 'USER alice', REFUSED)
        after(session)
      })
      expect(found).toEqual([])
    }
  })
})

describe('Rules on TLS', () => {
  it('say nothing of a session in clear text that works', () => {
    const rules: readonly Rule[] = [
      tlsHandshakeFailed,
      tlsSessionReuseRequired,
      tlsHidesAnnouncement,
      tlsInterference,
      tlsModeMismatch,
      tlsRequired,
    ]
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
