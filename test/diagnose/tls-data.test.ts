import { describe, expect, it } from 'vitest'
import { protectionMismatch } from '../../src/diagnose/rules/ftps/protection-mismatch.js'
import { tlsCloseMissing } from '../../src/diagnose/rules/ftps/tls-close-missing.js'
import { tlsHidesAnnouncement } from '../../src/diagnose/rules/ftps/tls-hides-announcement.js'
import { tlsSessionReuseRequired } from '../../src/diagnose/rules/ftps/tls-session-reuse-required.js'
import {
  ask,
  command,
  dial,
  dialBack,
  dialBackInVain,
  dialInVain,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, inLan } from '../support/places.js'
import type { AttemptOptions } from '../support/attempt.js'
import { alert, applicationData, clientFinished, clientHello, joined, serverFlight } from '../support/tls-records.js'
import {
  clientFinish12,
  clientHello12,
  closeNotify12,
  line12,
  serverFinish12,
  serverFlight12,
} from '../support/tls12-records.js'
import { observed, says } from './played.js'
import { dial12, greet, LOGIN, PASV, secure12, secure13, talk12, talk13 } from './secured.js'

describe('tls-session-reuse-required', () => {
  const refused = (play: (session: FtpSession) => void) =>
    says(tlsSessionReuseRequired, atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN, PASV)
      play(session)
      session.control.close('client')
    })

  it('sees by lengths alone that the server closes a new session and says more than a 226', () => {
    const [found] = refused((session) => {
      dial12(session, 50_005).close('server')
      talk12(session, [6, 51])
    })
    expect(found).toMatchObject({
      fact: { kind: 'closed-at-once', target: '203.0.113.20:50005', offered: false, replyBytes: 51 },
      confidence: 'medium',
      rivals: ['tls-handshake-failed', 'protection-mismatch'],
    })
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      'ClientHello without a session to resume',
      'the server closes before any data',
      'reply of 51 bytes under TLS',
    ])
  })

  it('sees a server that ends the connection by RST, and a client whose session was not taken', () => {
    const [found] = refused((session) => {
      dial12(session, 50_005, clientHello12({ resumes: true })).reset('server')
      talk12(session, [6, 51])
    })
    expect(found?.fact).toMatchObject({ kind: 'closed-at-once', offered: true })
    expect(found?.evidence[0].note).toBe('ClientHello whose session was not resumed')
  })

  it('says nothing of a connection that the server leaves open, or after which it says no more than 226', () => {
    const open = refused((session) => {
      dial12(session, 50_005)
    })
    const short = refused((session) => {
      dial12(session, 50_005).close('server')
      talk12(session, [6, 24])
    })
    const unanswered = refused((session) => {
      dial12(session, 50_005).close('server')
    })
    expect([open, short, unanswered]).toEqual([[], [], []])
  })

  it('says nothing of a new session that carried data, in TLS 1.2 or 1.3', () => {
    const carried = (dialled: (session: FtpSession) => ReturnType<typeof dial>) =>
      refused((session) => {
        dialled(session).close('server')
        talk12(session, [6, 51])
      })
    const dial13 = (session: FtpSession) =>
      dial(session, 50_005).client(clientHello()).server(serverFlight()).client(clientFinished())
    const TICKETS = joined(applicationData(250), applicationData(250))
    expect(carried((session) => dial12(session, 50_005).server(line12(900)))).toEqual([])
    expect(carried((session) => dial12(session, 50_005).client(line12(5000)))).toEqual([])
    expect(carried((session) => dial13(session).server(TICKETS).client(applicationData(900)))).toEqual([])
    expect(carried((session) => dial13(session).server(TICKETS).server(applicationData(9000)))).toEqual([])
    expect(carried((session) => dial13(session).server(applicationData(900)))).toEqual([])
    // The same without data: the tickets are the server's last word.
    expect(carried((session) => dial13(session).server(TICKETS))).toHaveLength(1)
  })

  it('quotes the server where CCC lets its words be read', () => {
    const [found] = says(tlsSessionReuseRequired, atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN)
      pasv(session, 50_005)
      command(session, 'LIST')
      dial12(session, 50_005)
      reply(session, '522 SSL connection failed: session reuse required')
      quit(session)
    })
    expect(found).toMatchObject({
      fact: { kind: 'refused-in-words', reply: { code: 522, text: 'SSL connection failed: session reuse required' } },
      confidence: 'high',
      rivals: [],
    })
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      'ClientHello without a session to resume',
      '522 SSL connection failed: session reuse required',
    ])
  })

  it('takes the FTP client for the TLS client where the server opened the data connection', () => {
    const found = says(tlsSessionReuseRequired, atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN)
      pasv(session, 50_005)
      port(session, 52_300)
      command(session, 'LIST')
      const data = dialBack(session, 52_300).server(clientHello12()).client(serverFlight12())
      data.server(clientFinish12()).client(serverFinish12())
      reply(session, '522 SSL connection failed: session reuse required')
      quit(session)
    })
    expect(found).toMatchObject([{ fact: { kind: 'refused-in-words', target: '192.168.1.10:52300' } }])
  })
})

describe('tls-hides-announcement', () => {
  const hidden = (play: (session: FtpSession) => void, place = atClient('')) =>
    says(tlsHidesAnnouncement, place, (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      play(session)
    })

  it.each([
    ['is refused', 'rst', 'refused', 'RST from'],
    ['meets an ICMP error', { icmp: { from: '198.51.100.1', type: 3, code: 13 } }, 'unreachable', 'ICMP'],
    ['is not answered', 'none', 'silent', 'SYN retransmitted'],
    ['has an answer that never arrives', 'syn-ack', 'half-open', 'SYN retransmitted'],
  ] as const)('sees that a data connection %s', (_, answer, kind, note) => {
    const [found] = hidden((session) => {
      dialInVain(session, 50_005, { answer })
      session.control.close('client')
    })
    const repeated = kind === 'silent' || kind === 'half-open'
    expect(found).toMatchObject({
      fact: {
        kind,
        mode: 'passive',
        target: '203.0.113.20:50005',
        tries: repeated ? 3 : 1,
        spanNs: repeated ? 3e9 : 0,
      },
      side: 'server-network',
      confidence: 'high',
      rivals: ['passive-port-unanswered', 'passive-private-address'],
    })
    const evidence = found?.evidence.map((each) => each.note).join('; ')
    expect(evidence).toContain(note)
    expect(evidence).toContain('227, inferred from its length (50 bytes); control connection under TLS from here')
  })

  it('says in its message how the attempt failed', () => {
    const message = (answer: AttemptOptions['answer'] & {}) =>
      hidden((session) => {
        dialInVain(session, 50_005, { answer })
      })[0]?.message
    expect(message('rst')).toContain('203.0.113.20:50005 was refused.')
    expect(message({ icmp: { from: '198.51.100.1', type: 3, code: 13 } })).toContain('was answered with an ICMP error.')
    expect(message('none')).toContain('was attempted 3 times in 3.0 s; no answer was captured.')
  })

  it('is less sure, and warns only, where another data connection came about afterwards', () => {
    const [found] = hidden((session) => {
      dialInVain(session, 50_005)
      talk13(session, PASV)
      const data = dial(session, 50_006)
      data.client(clientHello())
      data.server(serverFlight()).close('server')
      session.control.close('client')
    })
    expect(found).toMatchObject({ severity: 'warning', confidence: 'medium' })
  })

  it('blames the server itself where the SYNs were captured beside it', () => {
    const [found] = hidden((session) => {
      dialInVain(session, 50_005)
      session.control.close('client')
    }, atServer(''))
    expect(found?.side).toBe('server')
  })

  it('knows the active mode by the port that the server dials from', () => {
    const dialled = (fromPort: number) =>
      hidden((session) => {
        dialBackInVain(session, 52_300, { fromPort })
        session.control.close('client')
      })
    const [found] = dialled(20)
    expect(found).toMatchObject({
      fact: { kind: 'silent', mode: 'active', target: '192.168.1.10:52300' },
      side: 'client-network',
      rivals: ['active-port-unanswered', 'active-private-address'],
    })
    expect(found?.message).toContain("The server's data connection to 192.168.1.10:52300")
    expect(found?.remedy.join()).toContain('under TLS no NAT or firewall in front of it can open the port')
    expect(dialled(113).filter(({ channel }) => channel)).toEqual([])
  })

  it('is unsure where nothing but the control connection was captured, and points at the client beside it', () => {
    const [found] = hidden((session) => {
      session.scene.wait(20_000)
      session.control.close('client')
    })
    expect(found).toMatchObject({
      fact: { kind: 'no-attempt', replyBytes: 50 },
      side: 'client',
      confidence: 'low',
      rivals: ['capture-filter-suspected', 'passive-not-attempted'],
    })
    expect(found!.fact).toHaveProperty('waitedNs', expect.closeTo(20e9, -9))
    expect(found?.message).toContain('as long as a 227 or 229')
  })

  it('is surer where other traffic was captured, and counts to the end of the capture where nobody closed', () => {
    const [found] = hidden((session) => {
      const other = session.scene.host('192.0.2.99')
      session.scene.wait(20_000)
      session.scene.udp(other, 5353, session.server, 53, 'tick')
    }, atServer(''))
    expect(found).toMatchObject({ fact: { kind: 'no-attempt' }, side: 'server-network', confidence: 'medium' })
    expect(found!.fact).toHaveProperty('waitedNs', expect.closeTo(20e9, -9))
  })

  it('leaves alone what was announced before TLS began, and what goes to a port of a service', () => {
    const announced = says(tlsHidesAnnouncement, atClient(''), (session) => {
      greet(session)
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      pasv(session, 50_006)
      secure13(session)
      talk13(session, ...LOGIN)
    })
    const service = hidden((session) => {
      dialInVain(session, 443)
      session.control.close('client')
    })
    expect([announced, service]).toEqual([[], []])
  })

  it('needs no record as long as an announcement where a data connection failed, as with another mechanism', () => {
    const [short] = says(tlsHidesAnnouncement, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      dialInVain(session, 50_005)
    })
    const [kerberos] = says(tlsHidesAnnouncement, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH GSSAPI', '334 Using AUTH type GSSAPI; ADAT must follow.')
      ask(session, 'ADAT YII', '235 ADAT=YII')
      dialInVain(session, 50_005)
    })
    for (const found of [short, kerberos]) {
      expect(found?.fact).toMatchObject({ kind: 'silent', target: '203.0.113.20:50005' })
      expect(found?.evidence.map(({ note }) => note).slice(1)).toEqual([
        'SYN retransmitted after 1.0 s',
        'SYN retransmitted after 3.0 s',
        'control connection under TLS from here',
      ])
    }
  })

  it('says nothing where the handshake of the control connection failed, or no record is as long as a 227', () => {
    const failed = says(tlsHidesAnnouncement, atClient(''), (session) => {
      greet(session)
      ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
      session.control.client(clientHello())
      session.control.server(alert(40))
      dialInVain(session, 50_005)
    })
    const short = says(tlsHidesAnnouncement, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      session.scene.wait(20_000)
      session.control.close('client')
    })
    expect([failed, short]).toEqual([[], []])
  })

  it('says nothing of a server that dials the default port of the client, since it accepted no other', () => {
    const dialled = (clientPort: number) =>
      hidden((session) => {
        dialBackInVain(session, clientPort, { answer: 'rst' })
      })
    // The control connection comes from port 52228.
    expect(dialled(52_228)).toEqual([])
    expect(dialled(52_227)).toEqual([])
    expect(dialled(52_230)).toMatchObject([{ fact: { mode: 'active' } }])
  })

  it('says nothing of a client that goes on working, or that leaves soon', () => {
    const working = hidden((session) => {
      session.scene.wait(20_000)
      talk13(session, [11, 40], [11, 40])
      session.scene.wait(20_000)
      session.control.close('client')
    })
    const gone = hidden((session) => session.control.close('client'))
    expect([working, gone]).toEqual([[], []])
  })

  it('does not take a connection that nothing under TLS is near to for one of data', () => {
    const found = hidden((session) => {
      session.scene.wait(60_000)
      dialInVain(session, 50_005)
      session.control.close('client')
    })
    expect(found.filter(({ channel }) => channel)).toEqual([])
  })
})

describe('tls-close-missing', () => {
  it('names who ended the connection without close_notify, for files in either direction', () => {
    for (const [line, sender] of [
      ['RETR a', 'server'],
      ['STOR a', 'client'],
    ] as const) {
      const [found] = observed(tlsCloseMissing, atClient(''), (session) => {
        pasv(session, 50_005)
        command(session, line)
        dial12(session, 50_005).send(sender, line12(900)).close(sender)
        reply(session, '426 Failure reading network stream.')
        quit(session)
      })
      expect(found).toMatchObject({
        fact: {
          kind: 'fin-without-close-notify',
          sender,
          address: sender === 'client' ? '192.168.1.10' : '203.0.113.20',
          command: { command: line.slice(0, 4), argument: 'a' },
          reply: { code: 426 },
        },
        side: sender,
        confidence: 'medium',
      })
    }
  })

  it('says nothing where the server does not mind, or says nothing, or close_notify came', () => {
    const ended = (end: (data: ReturnType<typeof dial12>) => void, answer: string | null) =>
      observed(tlsCloseMissing, atClient(''), (session) => {
        pasv(session, 50_005)
        command(session, 'RETR a')
        end(dial12(session, 50_005).server(line12(900)))
        if (answer !== null) reply(session, answer)
        quit(session)
      })
    const missing = '426 Failure reading network stream.'
    expect(ended((data) => data.close('server'), '226 Transfer complete.')).toEqual([])
    expect(ended((data) => data.close('server'), null)).toEqual([])
    expect(ended((data) => data.server(closeNotify12()).close('server'), missing)).toEqual([])
    expect(ended((data) => data.reset('server'), missing)).toEqual([])
    expect(ended((data) => data.lost('server', 1000).close('server'), missing)).toEqual([])
    expect(ended((data) => data.close('server'), missing)).toHaveLength(1)
  })
})

describe('protection-mismatch', () => {
  it('sees one side speak TLS and the other clear text, whoever does which', () => {
    for (const [secured, plain] of [
      ['client', 'server'],
      ['server', 'client'],
    ] as const) {
      const [found] = observed(protectionMismatch, inLan(''), (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, plain === 'server' ? 'RETR a' : 'STOR a', '150 Ok.')
        data.send(secured, secured === 'client' ? clientHello() : alert(40))
        data.send(plain, 'plain words\r\n').close(plain)
        reply(session, '226 Transfer complete.')
        quit(session)
      })
      const address = { client: '10.1.0.2', server: '10.1.0.20' }
      expect(found).toMatchObject({
        fact: { kind: 'mixed', tlsFrom: address[secured], clearFrom: address[plain] },
        side: 'unknown',
      })
      expect(found?.evidence).toHaveLength(3)
    }
  })

  it('sees it under TLS, where no command is known', () => {
    const [found] = says(protectionMismatch, inLan(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      const data = dial(session, 50_005).client(clientHello())
      data.server('plain words\r\n').close('server')
    })
    expect(found?.fact).toMatchObject({ kind: 'mixed', tlsFrom: '10.1.0.2' })
    expect(found?.evidence).toHaveLength(2)
  })

  it('does not take a file that begins like a TLS record for a handshake', () => {
    const found = observed(protectionMismatch, inLan(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR a', '150 Ok.')
      data.server(applicationData(80))
      data.client('plain words\r\n').close('client')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('sees that the server refuses PROT before a transfer that fails, or the announcement of one', () => {
    const refused = (play: (session: FtpSession) => void) =>
      says(protectionMismatch, atClient(''), (session) => {
        greet(session)
        ask(session, 'USER alice', '331 Password')
        ask(session, 'PASS x', '230 Ok.')
        play(session)
        quit(session)
      })
    const level = refused((session) => {
      ask(session, 'PROT C', '534 Unwilling to accept security parameters')
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', '425 Unable to build data connection')
    })
    expect(level).toMatchObject([
      {
        fact: {
          kind: 'refused',
          command: { command: 'PROT', argument: 'C' },
          reply: { code: 534 },
          protectedData: false,
        },
      },
    ])
    const announcement = refused((session) => {
      ask(session, 'PASV', '550 SSL/TLS required on the data channel.')
    })
    expect(announcement).toMatchObject([{ fact: { command: { command: 'PASV' }, reply: { code: 550 } } }])
    const worked = refused((session) => {
      ask(session, 'PROT C', '534 Unwilling to accept security parameters')
      pasv(session, 50_005)
      retrieve(session)
    })
    expect(worked).toEqual([])
    const unknown = refused((session) => {
      ask(session, 'PROT C', '500 Unknown command.')
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', '550 No such file.')
    })
    expect(unknown).toEqual([])
  })

  it('says which protection had been asked for where the server refuses it', () => {
    const refused = (play: (session: FtpSession) => void, answer: string) =>
      says(protectionMismatch, atClient(''), (session) => {
        greet(session)
        play(session)
        pasv(session, 50_005)
        ask(session, 'RETR report.bin', answer)
        quit(session)
      })[0]
    const clear = refused((session) => {
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS x', '230 Ok.')
    }, '522 SSL/TLS required on the data channel')
    expect(clear?.fact).toMatchObject({
      kind: 'refused',
      command: { command: 'RETR', argument: 'report.bin' },
      reply: { code: 522 },
      tls: false,
      protectedData: false,
    })
    expect(clear?.message).toContain('The session is in clear text, without AUTH TLS or PROT P.')
    expect(clear?.remedy[0]).toContain('AUTH TLS')
    const asked = refused((session) => {
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT P', '200 PROT now Private.')
    }, '536 Level not supported for this mechanism.')
    expect(asked?.fact).toMatchObject({ tls: true, protectedData: true })
    expect(asked?.message).toContain('The client had asked for PROT P.')
    expect(asked?.remedy[1]).toContain('PROT C, at the cost of the protection')
    const unasked = refused((session) => {
      secure13(session)
      talk13(session, ...LOGIN)
    }, '522 SSL/TLS required on the data channel')
    expect(unasked?.fact).toMatchObject({ tls: true, protectedData: false })
    expect(unasked?.message).toContain('The client had not asked for PROT P.')
    expect(unasked?.remedy[0]).toContain('PROT P')
  })

  it('leaves what is about resuming a session, or about neither, to others', () => {
    for (const answer of [
      '522 SSL connection failed: session reuse required',
      '425 Reuse of the TLS session required on the data connection.',
      '425 Unable to build data connection: Operation not permitted',
      '550 report.bin: No such file or directory',
      '450 The data connection is encrypted, and the file busy.',
    ]) {
      const found = observed(protectionMismatch, atClient(''), (session) => {
        pasv(session, 50_005)
        ask(session, 'RETR report.bin', answer)
        quit(session)
      })
      expect(found, answer).toEqual([])
    }
  })

  it('warns only where the same file came later', () => {
    const [found] = observed(protectionMismatch, atClient(''), (session) => {
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', '522 SSL/TLS required on the data channel')
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
  })
})
