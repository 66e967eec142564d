import { describe, expect, it } from 'vitest'
import { greetingDelayed } from '../../src/diagnose/rules/control/greeting-delayed.js'
import { greetingMissing } from '../../src/diagnose/rules/control/greeting-missing.js'
import { notFtp } from '../../src/diagnose/rules/control/not-ftp.js'
import { serviceUnavailable } from '../../src/diagnose/rules/control/service-unavailable.js'
import { seconds } from '../../src/diagnose/words/quantities.js'
import { ask, dialInVain, type FtpSession, pasv, reply } from '../support/ftp-scene.js'
import { atClient, atServer, type Place } from '../support/places.js'
import { alert, clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { captureGoesOn, observed, says, saysOfLast } from './played.js'
import { talk13 } from './secured.js'

describe('greeting-delayed', () => {
  const greeted = (play: (session: FtpSession) => void, place: Place = atClient('')) =>
    says(greetingDelayed, place, play)

  it('measures the delay from the end of the handshake, and minds three seconds', () => {
    const [found] = greeted((session) => {
      reply(session, '220 Ready', { think: 10_000 })
    })
    expect(found).toMatchObject({ severity: 'warning', side: 'server', confidence: 'medium' })
    expect(found?.fact).toMatchObject({ kind: 'unexplained', gaveUp: false })
    expect(seconds(found!.fact.delayNs)).toBe('10.0 s')
    const prompt = greeted((session) => {
      reply(session, '220 Ready', { think: 2500 })
    })
    expect(prompt).toEqual([])
  })

  it('is an error where the client had given up by then', () => {
    const [found] = greeted(({ control, scene }) => {
      scene.wait(20_000)
      control.fin('client')
      control.server('220 Ready\r\n', { think: 5000 })
    })
    expect(found).toMatchObject({ severity: 'error', side: 'server', fact: { gaveUp: true } })
    expect(found?.message).toContain('when the client had already given up')
    expect(found?.evidence.at(-1)?.note).toBe('the client closes')
  })

  it('knows that the server had announced it with 120', () => {
    const [found] = greeted((session) => {
      reply(session, '120 Ready in 1 minute')
      reply(session, '220 Ready', { think: 60_000 })
    })
    expect(found).toMatchObject({ confidence: 'high', fact: { kind: 'announced' } })
    expect(found?.message).toContain('announced the delay with 120')
    expect(found?.evidence.map(({ note }) => note)).toContain('120 Ready in 1 minute')
  })

  it('blames the unanswered ident query where there is one', () => {
    const [found] = greeted((session) => {
      const { scene, client, server } = session
      scene.syn(server, 41_872, client, 113, { attempts: 3 })
      reply(session, '220 ProFTPD Server', { think: 7000 })
    })
    expect(found).toMatchObject({ side: 'client-network', confidence: 'high' })
    expect(found?.fact).toMatchObject({ kind: 'ident', identTries: 3 })
    expect(found?.evidence.map(({ frame }) => frame)).toEqual([7, 3, 4, 5, 6])
  })

  it('does not blame an ident query that was answered or refused at once, but shows it', () => {
    const [refused] = greeted((session) => {
      const { scene, client, server } = session
      scene.syn(server, 41_872, client, 113, { answer: 'rst' })
      reply(session, '220 Ready', { think: 10_000 })
    })
    expect(refused).toMatchObject({ side: 'server', fact: { kind: 'unexplained', identTries: 0 } })
    expect(refused?.evidence.map(({ frame }) => frame)).toEqual([6, 3, 4, 5])
    const [answered] = greeted((session) => {
      const { scene, client, server } = session
      scene.connect(server, 41_872, client, 113)
      reply(session, '220 Ready', { think: 10_000 })
    })
    expect(answered).toMatchObject({ side: 'server', fact: { kind: 'unexplained' } })
    expect(answered?.evidence.map(({ frame }) => frame)).toEqual([7, 3, 4])
  })
})

describe('greeting-missing', () => {
  const silent = (play: (session: FtpSession) => void, serverPort = 21) =>
    says(greetingMissing, atClient(''), play, { serverPort })

  it('counts the patience of the client', () => {
    const [found] = silent(({ control, scene }) => {
      scene.wait(60_000)
      control.close('client')
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high', rivals: ['tls-mode-mismatch'] })
    expect(found?.fact).toMatchObject({ kind: 'unsaid', endedBy: 'client', how: 'fin', expectsTls: false })
    expect(found?.message).toContain('the client gave up after 60.0 s')
  })

  it('takes what the server says after the client gave up for a complaint, not for a greeting', () => {
    const [found] = silent(({ control, scene }) => {
      scene.wait(10_000)
      control.fin('client')
      control.server('500 OOPS: unexpected eof\r\n', { fin: true })
    })
    expect(found?.fact).toMatchObject({ kind: 'unsaid', endedBy: 'client' })
  })

  it('is no fault of the server that it fails to read from a client that has left', () => {
    const found = observed(serviceUnavailable, atClient(''), ({ control }) => {
      control.fin('client')
      control.server('500 OOPS: vsf_sysutil_recv_peek\r\n', { fin: true })
    })
    expect(found).toEqual([])
  })

  it('is not taken for a greeting that fails if the server says so in clear text, outside of TLS', () => {
    const failing = (end: 'client' | 'server') =>
      says(
        serviceUnavailable,
        atClient(''),
        (session) => {
          session.control.client(clientHello())
          session.control.server(serverFlight())
          session.control.client(clientFinished())
          talk13(session, [12, 34])
          if (end === 'client') session.control.fin('client')
          session.control.server('500 OOPS: vsf_sysutil_recv_peek\r\n', { fin: true })
        },
        { serverPort: 990 },
      )
    expect(failing('client')).toEqual([])
    const [found] = failing('server')
    expect(found?.fact).toMatchObject({ kind: 'outside-tls', command: null })
    expect(found?.message).toContain('said so in clear text, outside of TLS, which hides the command that it answers')
  })

  it('is less sure where the capture ends, and gives the server half a minute', () => {
    const waiting = (milliseconds: number) =>
      silent((session) => {
        captureGoesOn(session, milliseconds)
      })
    expect(waiting(1000)).toEqual([])
    expect(waiting(20_000)).toEqual([])
    const [found] = waiting(40_000)
    expect(found).toMatchObject({ confidence: 'medium', fact: { endedBy: 'capture', how: null } })
    expect(found?.message).toContain('it was still silent when the capture ended 40.0 s later')
    expect(found?.evidence.at(-1)?.note).toBe('last packet of the connection')
  })

  it('names a server that closes or resets at once', () => {
    const [closed] = silent(({ control }) => {
      control.close('server', { think: 150 })
    })
    expect(closed).toMatchObject({ rivals: ['connection-limit'], fact: { endedBy: 'server', how: 'fin' } })
    expect(closed?.message).toContain('it closed the connection after 0.17 s')
    const [reset] = silent(({ control }) => {
      control.reset('server', { think: 150 })
    })
    expect(reset?.fact).toMatchObject({ endedBy: 'server', how: 'rst' })
    expect(reset?.message).toContain('it reset the connection')
    expect(reset?.remedy[0]).toContain('it refused this client')
  })

  it('says nothing of a connection that was not established, or that was captured from its middle', () => {
    const place = atClient('')
    const { scene, client, server } = place
    // The client was gone when the greeting came.
    scene.syn(client, 52_300, server, 21, { attempts: 1, answer: 'syn-ack' }).reset('client').server('220 Ready\r\n')
    expect(saysOfLast(greetingMissing, place)).toEqual([])
    const middle = says(greetingMissing, atClient(''), ({ control }) => control.keepAlive('client').close('client'), {
      captured: false,
    })
    expect(middle).toEqual([])
  })

  it('leaves a ClientHello without greeting to TLS, and knows by an alert that the server waited for one', () => {
    const hello = silent(({ control, scene }) => {
      control.client(clientHello())
      scene.wait(60_000)
      control.close('client')
    }, 990)
    expect(hello).toEqual([])
    const [found] = silent(({ control, scene }) => {
      scene.wait(20_000)
      control.fin('client')
      control.server(alert(40), { fin: true })
    }, 990)
    expect(found?.fact).toMatchObject({ endedBy: 'client', expectsTls: true })
    expect(found?.message).toContain('it expects TLS from the first byte (implicit)')
    expect(found?.evidence.at(-1)?.note).toBe('TLS alert from the server')
  })

  it('sees at the server that its greeting is retransmitted and never acknowledged', () => {
    const lost = (attempts: number) =>
      says(greetingMissing, atServer(''), ({ control }) => {
        control.unacknowledged('server', '220 Ready\r\n', { attempts })
      })
    const [found] = lost(4)
    expect(found).toMatchObject({ side: 'path', confidence: 'high', fact: { kind: 'unheard', tries: 4 } })
    expect(found?.title).toBe('greeting does not arrive')
    expect(found?.evidence).toHaveLength(4)
    expect(lost(2)).toEqual([])
  })
})

describe('not-ftp', () => {
  it('quotes the reply by which another protocol shows, where there is one', () => {
    const [mail] = says(notFtp, atClient(''), (session) => {
      reply(session, '220 mail.example.net ESMTP Postfix')
      session.control.close('client')
    })
    expect(mail?.fact).toMatchObject({ protocol: 'SMTP', reply: { code: 220 } })
    expect(mail?.evidence).toEqual([{ frame: 4, note: '220 mail.example.net ESMTP Postfix' }])
    const [ssh] = says(notFtp, atClient(''), (session) => {
      reply(session, 'SSH-2.0-OpenSSH_9.6')
      session.control.close('client')
    })
    expect(ssh?.fact).toMatchObject({ protocol: 'SSH', reply: null })
    expect(ssh?.evidence).toEqual([{ frame: 4, note: 'SSH instead of FTP' }])
    expect(ssh?.remedy[0]).toContain('if SFTP is intended')
  })
})

describe('service-unavailable', () => {
  it('tells a 421 instead of the greeting, unasked, and in answer to a command', () => {
    const [first] = says(serviceUnavailable, atClient(''), (session) => {
      reply(session, '421 Service not available.')
      session.control.close('server')
    })
    expect(first?.fact).toMatchObject({ kind: 'instead-of-greeting', command: null })
    expect(first?.remedy[0]).toContain('access rules by address')
    const [sudden] = observed(serviceUnavailable, atClient(''), (session) => {
      reply(session, '421 Server is going down.', { think: 2000 })
      session.control.close('server')
    })
    expect(sudden?.fact).toMatchObject({ kind: 'unasked', command: null, reply: { code: 421 } })
    expect(sudden?.message).toContain(
      'closed the connection from 192.168.1.10 without being asked: "421 Server is going down."',
    )
    const [asked] = observed(serviceUnavailable, atClient(''), (session) => {
      ask(session, 'CWD a', '421 Server is going down.')
      session.control.close('server')
    })
    expect(asked?.fact).toMatchObject({ kind: 'in-answer', command: { command: 'CWD', argument: 'a' } })
    expect(asked?.evidence.map(({ note }) => note)).toEqual(['421 Server is going down.', 'CWD a'])
  })

  it('names the software of the server where it is known', () => {
    for (const [banner, words] of [
      ['220 (vsFTPd 3.0.3)', 'on 203.0.113.20 (vsftpd 3.0.3): '],
      ['220 Welcome.', 'on 203.0.113.20: '],
    ] as const) {
      const [found] = says(serviceUnavailable, atClient(''), (session) => {
        reply(session, banner)
        ask(session, 'CWD a', '421 Server is going down.')
      })
      expect(found?.remedy[0]).toContain(words)
    }
  })

  it('says nothing of a 421 to QUIT, which the client wanted', () => {
    const found = observed(serviceUnavailable, atClient(''), (session) => {
      ask(session, 'QUIT', '421 Closing.')
      session.control.close('server')
    })
    expect(found).toEqual([])
  })

  it('sees a server that asks for patience with 120 and never becomes ready', () => {
    const waiting = (end: (session: FtpSession) => void) =>
      says(serviceUnavailable, atClient(''), (session) => {
        reply(session, '120 Ready in 1 minute')
        end(session)
      })
    const [found] = waiting(({ control }) => {
      control.close('server', { think: 60_000 })
    })
    expect(found?.fact).toMatchObject({ kind: 'never-ready', reply: { code: 120 } })
    expect(found?.evidence.at(-1)?.note).toBe('the connection ended 60.0 s later, without a 220')
    expect(found?.remedy).toEqual(["check the server's log at that time"])
    const open = waiting((session) => {
      captureGoesOn(session, 60_000)
    })
    expect(open).toEqual([])
  })

  it('leaves a 421 over a missing data connection to the rules on that', () => {
    const found = observed(serviceUnavailable, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      ask(session, 'LIST', '421 Service not available.')
      session.control.close('server')
    })
    expect(found).toEqual([])
  })
})
