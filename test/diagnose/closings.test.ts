import { describe, expect, it } from 'vitest'
import { commandUnanswered } from '../../src/diagnose/rules/control/command-unanswered.js'
import { tlsHandshakeFailed } from '../../src/diagnose/rules/control/tls-handshake-failed.js'
import { tlsCloseMissing } from '../../src/diagnose/rules/ftps/tls-close-missing.js'
import { pathOutage } from '../../src/diagnose/rules/transfers/path-outage.js'
import { dataConnectionUnused } from '../../src/diagnose/rules/transfers/data-connection-unused.js'
import { transferReset } from '../../src/diagnose/rules/transfers/transfer-reset.js'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { judge } from '../../src/diagnose/judge.js'
import { verdictSentence } from '../../src/diagnose/words/verdict.js'
import { ask, command, dial, dialBack, type FtpSession, quit, reply } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { alert, applicationData, clientFinished, clientHello, joined, serverFlight } from '../support/tls-records.js'
import { clientFinish12, clientHello12, closeNotify12, line12, serverFlight12 } from '../support/tls12-records.js'
import { download, observed, says, spoken } from './played.js'
import { greet, LOGIN, PASV, secure12, secure13, talk12, talk13 } from './secured.js'

const TICKETS = joined(applicationData(250), applicationData(250))
/** close_notify of TLS 1.3. */
const CLOSE13 = applicationData(19)
const ALPN_HTTP = [0, 16, 0, 11, 0, 9, 8, ...new TextEncoder().encode('http/1.1')]

/** A session under TLS 1.3 up to the reply that names a port. */
const hidden13 = (play: (session: FtpSession) => void) => (session: FtpSession) => {
  greet(session)
  secure13(session)
  talk13(session, ...LOGIN, PASV)
  play(session)
}

const hidden12 = (play: (session: FtpSession) => void) => (session: FtpSession) => {
  greet(session)
  secure12(session)
  talk12(session, ...LOGIN, PASV)
  play(session)
}

const dial13 = (session: FtpSession, port = 50_005) =>
  dial(session, port).client(clientHello()).server(serverFlight()).client(clientFinished())

const dialResumed12 = (session: FtpSession) => {
  const data = dial(session, 50_005).client(clientHello12({ resumes: true }))
  return data.server(serverFlight12({ resumed: true })).client(clientFinish12({ resumed: true }))
}

describe('the count of data connections whose commands TLS hides', () => {
  const count = (play: (session: FtpSession) => void) =>
    new SessionFacts(spoken(atClient(''), hidden13(play))).transfers.hidden

  it('knows an upload by the records of the client, and a download by those of the server', () => {
    const found = count((session) => {
      dial13(session).server(TICKETS).client(applicationData(900)).client(CLOSE13).close('client')
      talk13(session, [6, 24])
      dial13(session, 50_006).server(TICKETS).server(applicationData(16_000)).server(CLOSE13).close('server')
      talk13(session, [6, 24])
    })
    expect(found).toMatchObject({ opened: 2, carriedData: 2, bytesFromClient: 900 })
    expect(found!.bytesFromServer).toBeGreaterThan(15_000)
  })

  it('counts no tickets, and no connection without a byte', () => {
    const found = count((session) => {
      dial13(session).server(TICKETS).client(CLOSE13).close('client')
      dial(session, 50_006).close('client')
    })
    expect(found).toEqual({ opened: 2, carriedData: 0, bytesFromClient: 0, bytesFromServer: 0 })
  })

  it('counts clear text under PROT C, also where the server connects', () => {
    const found = count((session) => {
      dialBack(session, 52_300).send(session.server, 4000).close(session.server)
    })
    expect(found).toEqual({ opened: 1, carriedData: 1, bytesFromClient: 0, bytesFromServer: 4000 })
  })

  it('is in the sentence of the verdict, instead of "no transfers"', () => {
    const session = spoken(
      atClient(''),
      hidden13((control) => {
        dial13(control).server(TICKETS).client(applicationData(900)).client(CLOSE13).close('client')
        talk13(control, [6, 24])
        control.control.close('client')
      }),
    )
    const sentence = verdictSentence(judge(session))
    expect(sentence).toContain('data connections carried data: 1 of 1 (900 bytes from the client)')
    expect(sentence).not.toContain('no transfers')
  })
})

describe('the outcome of a session whose commands TLS hides', () => {
  const outcome = (play: (session: FtpSession) => void) =>
    judge(
      spoken(
        atClient(''),
        hidden13((session) => {
          play(session)
          talk13(session, [6, 24])
          session.control.close('client')
        }),
      ),
    ).verdict.outcome

  it('is ok where the sender of the data ended them, and not known where the other side did', () => {
    const sent = (session: FtpSession) => dial13(session).server(TICKETS).client(applicationData(9000))
    expect(outcome((session) => sent(session).client(CLOSE13).close('client'))).toBe('ok')
    expect(outcome((session) => sent(session).close('server'))).toBe('undetermined')
    // The sender had said that no more would come.
    expect(outcome((session) => sent(session).client(CLOSE13).close('server'))).toBe('ok')
  })
})

describe('transfer-reset, by what came before the RST', () => {
  it('takes a RST after close_notify, with everything acknowledged, for a habit', () => {
    const twelve = says(
      transferReset,
      atClient(''),
      hidden12((session) => {
        dialResumed12(session).client(line12(3000)).client(closeNotify12()).acknowledge('server').reset('server')
        talk12(session, [6, 24])
      }),
    )
    const thirteen = says(
      transferReset,
      atClient(''),
      hidden13((session) => {
        const data = dial13(session).server(TICKETS).client(applicationData(900)).client(CLOSE13)
        data.acknowledge('server').reset('server')
        talk13(session, [6, 24])
      }),
    )
    for (const [found] of [twelve, thirteen]) {
      expect(found).toMatchObject({ severity: 'info', harmless: true, fact: { kind: 'after-close-notify' } })
      expect(found?.message).toContain('no data was lost')
      expect(found?.remedy.join(' ')).not.toContain('crash')
    }
  })

  it('warns of a client that resets its upload while tickets of TLS 1.3 are unread, after a FIN or without', () => {
    for (const closes of [true, false]) {
      const [found] = says(
        transferReset,
        atClient(''),
        hidden13((session) => {
          const data = dial13(session).client(applicationData(700)).client(CLOSE13)
          if (closes) data.fin('client')
          data.server(TICKETS, { ack: false }).reset('client')
          talk13(session, [6, 44])
        }),
      )
      expect(found).toMatchObject({
        severity: 'warning',
        side: 'client',
        confidence: 'low',
        fact: { kind: 'unread-records', bytes: 700 },
      })
      expect(found?.message).toContain('may be incomplete or empty')
    }
  })

  it('says nothing of a RST after both sides had closed', () => {
    const found = says(
      transferReset,
      atClient(''),
      hidden13((session) => {
        dial13(session).server(TICKETS).client(applicationData(900)).client(CLOSE13).close('client').reset('client')
        talk13(session, [6, 24])
      }),
    )
    expect(found).toEqual([])
  })

  it('tells a client that takes 226 for the end of the data, by RST or by FIN, and how much had come', () => {
    const early = (leave: 'rst' | 'fin') =>
      observed(
        transferReset,
        atClient(''),
        download((data, session) => {
          data.server(60_000)
          reply(session, '226 Done')
          if (leave === 'fin') data.fin('client')
          else data.reset('client')
          data.server(1448, { ack: false })
          data.reset('client')
          quit(session)
        }),
      )
    for (const leave of ['rst', 'fin'] as const) {
      const [found] = early(leave)
      expect(found).toMatchObject({
        severity: 'error',
        side: 'client',
        fact: { kind: 'after-completion', expected: { bytes: 900_000, from: '150' } },
      })
      expect(found?.message).toMatch(/after "226 Done", when 61448 bytes of 900000 \(150\) had been sent/)
    }
  })

  it('names a timer where the RST comes after a long silence', () => {
    const [found] = says(
      transferReset,
      atClient(''),
      hidden13((session) => {
        const data = dial13(session).server(TICKETS).server(applicationData(9000))
        session.scene.wait(120_000)
        data.reset('server')
        talk13(session, [6, 44])
      }),
    )
    expect(found?.message).toMatch(/12\d s of silence, as when a timer expires/)
    expect(found?.remedy.join(' ')).not.toContain('crash')
  })
})

describe('data-connection-unused', () => {
  it('reports a data connection on which the client never began TLS', () => {
    const [found] = says(
      dataConnectionUnused,
      atClient(''),
      hidden13((session) => {
        const data = dial(session, 50_005)
        talk13(session, [12, 60])
        session.scene.wait(300_000)
        data.close('client')
        talk13(session, [6, 44])
      }),
    )
    expect(found).toMatchObject({
      severity: 'error',
      side: 'client',
      confidence: 'high',
      fact: { kind: 'no-client-hello', closedBy: 'client' },
    })
    expect(found?.message).toContain('192.168.1.10 never sent a ClientHello')
  })

  it('blames the server where it never answered the command', () => {
    const [found] = says(
      dataConnectionUnused,
      atClient(''),
      hidden13((session) => {
        const data = dial(session, 50_005)
        session.control.client(applicationData(29))
        session.scene.wait(60_000)
        data.close('client')
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'no-reply-before' } })
  })

  it('tells a connection that was closed at once, and to whose close the server replied', () => {
    const closed = (after: (session: FtpSession) => void) =>
      says(
        dataConnectionUnused,
        atClient(''),
        hidden13((session) => {
          dial13(session).server(TICKETS).server(applicationData(9000)).server(CLOSE13).close('server')
          talk13(session, [6, 24], PASV)
          const data = dial(session, 50_006)
          talk13(session, [12, 40])
          data.close('client')
          after(session)
        }),
      )
    const [found] = closed((session) => session.control.server(applicationData(60)))
    expect(found).toMatchObject({ severity: 'warning', fact: { kind: 'closed-without-client-hello' } })
    // The transfer had been refused: the reply came before the client closed.
    expect(
      closed((session) => {
        talk13(session, [6, 24])
      }),
    ).toEqual([])
  })

  it('says nothing of an empty listing in clear text', () => {
    const found = observed(
      dataConnectionUnused,
      atClient(''),
      download((data, session) => {
        data.close('server')
        reply(session, '226 Transfer complete.')
        quit(session)
      }, 'LIST'),
    )
    expect(found).toEqual([])
  })
})

describe('tls-close-missing under TLS', () => {
  const upload = (end: Uint8Array | null) =>
    says(
      tlsCloseMissing,
      atClient(''),
      hidden12((session) => {
        const data = dialResumed12(session).client(line12(3000))
        if (end) data.client(end)
        data.close('client')
        talk12(session, [6, 60])
      }),
    )

  it('tells an upload that ends by a FIN without an alert record', () => {
    const [found] = upload(null)
    expect(found).toMatchObject({ severity: 'info', harmless: true, confidence: 'high', fact: { kind: 'under-tls' } })
    expect(found?.message).toContain('no close_notify')
    expect(upload(closeNotify12())).toEqual([])
  })

  it('knows the alert of TLS 1.3 by its length', () => {
    const thirteen = (closes: boolean) =>
      says(
        tlsCloseMissing,
        atClient(''),
        hidden13((session) => {
          const data = dial13(session).server(TICKETS).client(applicationData(900))
          if (closes) data.client(CLOSE13)
          data.close('client')
          talk13(session, [6, 24])
        }),
      )
    expect(thirteen(true)).toEqual([])
    expect(thirteen(false)).toMatchObject([{ confidence: 'medium', fact: { kind: 'under-tls', bytes: 900 } }])
  })
})

describe('what the client offered in its ClientHello', () => {
  const refused = (hello: Uint8Array, description: number) =>
    says(tlsHandshakeFailed, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
      session.control.client(hello).server(alert(description)).close('server')
    })[0]

  it('is named with the alert of a server that insists on ALPN', () => {
    const found = refused(withExtension(clientHello12(), ALPN_HTTP), 120)
    expect(found?.message).toContain('(ALPN) that the client offered are "http/1.1"')
    expect(found?.message).toContain('"ftp" (RFC 7301)')
    expect(found?.remedy[0]).toContain('ALPN protocol "ftp"')
    expect(refused(clientHello12(), 120)?.message).toContain('offered no application protocol (ALPN)')
  })

  it('is named by its highest version with an alert about versions', () => {
    expect(refused(clientHello12(), 70)?.message).toContain('highest version that the client offered is TLS 1.2')
    expect(refused(clientHello(), 40)?.message).toContain('highest version that the client offered is TLS 1.3')
    expect(refused(clientHello(), 42)?.message).not.toContain('version')
  })
})

describe('path-outage', () => {
  const interrupted = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, line = 'STOR big') =>
    observed(pathOutage, atClient(''), download(play, line))

  it('is sure where data and commands are retransmitted in vain', () => {
    const [found] = interrupted((data, session) => {
      data.client(40_000).unacknowledged('client', 1448, { attempts: 5 })
      session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
    })
    expect(found).toMatchObject({ confidence: 'high', rivals: [], fact: { silent: '203.0.113.20', role: 'server' } })
    expect(found?.message).toContain('Both fell silent at once')
  })

  it('is less sure where a download stops and only commands are retransmitted', () => {
    const [found] = interrupted((data, session) => {
      data.server(40_000)
      session.scene.wait(20_000)
      session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
    }, 'RETR big')
    expect(found).toMatchObject({ confidence: 'medium', rivals: ['control-idle-dropped'] })
  })

  it('says nothing where the data ended in order, or long before the command', () => {
    const ended = interrupted((data, session) => {
      data.client(40_000).close('client')
      session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
    })
    const idle = interrupted((data, session) => {
      data.server(40_000)
      session.scene.wait(300_000)
      session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
    }, 'RETR big')
    expect([ended, idle]).toEqual([[], []])
  })
})

describe('ABOR without a reply', () => {
  it('is told where the transfer got the only reply', () => {
    const [found] = observed(
      commandUnanswered,
      atClient(''),
      download((data, session) => {
        data.server(900_000).close('server')
        command(session, 'ABOR')
        reply(session, '226 Operation successful')
        session.scene.wait(60_000)
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({ severity: 'warning', title: 'ABOR got no reply', fact: { kind: 'abor' } })
    expect(found?.message).toContain('ABOR got no reply of its own, only "226 Operation successful" to the transfer')
  })

  it('is an error where nothing was answered, and nothing where both were', () => {
    const aborted = (...replies: string[]) =>
      observed(
        commandUnanswered,
        atClient(''),
        download((data, session) => {
          data.server(4000)
          command(session, 'ABOR')
          for (const each of replies) reply(session, each)
          session.scene.wait(60_000)
          session.control.close('client')
        }),
      )
    expect(aborted()[0]).toMatchObject({ severity: 'error', fact: { kind: 'abor', reply: null } })
    expect(aborted('426 Aborted.', '226 ABOR successful.')).toEqual([])
  })
})

/** The same ClientHello with one more extension: all three lengths grow. */
function withExtension(hello: Uint8Array, extension: readonly number[]): Uint8Array {
  const longer = Uint8Array.from([...hello, ...extension])
  const grow = (at: number) => {
    const length = ((longer[at]! << 8) | longer[at + 1]!) + extension.length
    longer[at] = length >> 8
    longer[at + 1] = length & 0xff
  }
  grow(3)
  grow(7)
  // Version, random, an empty session id, two suites and one compression method come before the extensions.
  grow(9 + 2 + 32 + 1 + 6 + 2)
  return longer
}
