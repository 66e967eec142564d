import { describe, expect, it } from 'vitest'
import { protectionMismatch } from '../../src/diagnose/rules/ftps/protection-mismatch.js'
import { tlsCloseMissing } from '../../src/diagnose/rules/ftps/tls-close-missing.js'
import { tlsHidesAnnouncement } from '../../src/diagnose/rules/ftps/tls-hides-announcement.js'
import { tlsSessionReuseRequired } from '../../src/diagnose/rules/ftps/tls-session-reuse-required.js'
import {
  ask,
  command,
  dial,
  dialBackInVain,
  dialInVain,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, inLan } from '../support/places.js'
import { alert, applicationData, clientHello, serverFlight } from '../support/tls-records.js'
import { clientHello12, line12 } from '../support/tls12-records.js'
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
    expect(found?.confidence).toBe('medium')
    expect(found?.message).toContain('began a new TLS session')
    expect(found?.message).toContain('answered with 51 bytes')
    expect(found?.rivals).toEqual(['tls-handshake-failed', 'protection-mismatch'])
  })

  it('sees a server that ends the connection by RST, and a client whose session was not taken', () => {
    const [found] = refused((session) => {
      dial12(session, 50_005, clientHello12({ resumes: true })).reset('server')
      talk12(session, [6, 51])
    })
    expect(found?.message).toContain('offered another TLS session than that of the control connection')
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
    const carried = refused((session) => {
      dial12(session, 50_005).server(line12(900)).close('server')
      talk12(session, [6, 51])
    })
    expect([open, short, carried]).toEqual([[], [], []])
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
    expect(found).toMatchObject({ confidence: 'high', rivals: [] })
    expect(found?.message).toContain('the server refused: "522 SSL connection failed: session reuse required"')
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
    ['is refused', 'rst', 'was refused', 'RST from'],
    [
      'meets an ICMP error',
      { icmp: { from: '198.51.100.1', type: 3, code: 13 } },
      'was answered by an ICMP error',
      'ICMP',
    ],
    ['is not answered', 'none', 'was tried 3 times in 3.0 s and not answered', 'SYN again'],
  ] as const)('sees that a data connection %s', (_, answer, words, note) => {
    const [found] = hidden((session) => {
      dialInVain(session, 50_005, { answer })
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'server-network', confidence: 'high' })
    expect(found?.message).toContain(words)
    expect(found?.evidence.map((each) => each.note).join()).toContain(note)
    expect(found?.evidence.map((each) => each.note).join()).toContain('record as long as a 227 or 229 (50 bytes)')
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
      side: 'client-network',
      rivals: ['active-port-unanswered', 'active-private-address'],
    })
    expect(found?.message).toContain("The server's data connection to 192.168.1.10:52300")
    expect(found?.remedy?.join()).toContain('under TLS no NAT or firewall before it can admit the server')
    expect(dialled(113).filter(({ channel }) => channel)).toEqual([])
  })

  it('is unsure where nothing but the control connection was captured, and points at the client beside it', () => {
    const [found] = hidden((session) => {
      session.scene.wait(20_000)
      session.control.close('client')
    })
    expect(found).toMatchObject({ side: 'client', confidence: 'low' })
    expect(found?.message).toContain('as long as a 227 or 229')
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
      expect(found?.side).toBe(sender)
      expect(found?.message).toContain(`${sender === 'client' ? '192.168.1.10' : '203.0.113.20'} ended the TLS data`)
    }
  })

  it('says nothing where the server does not mind', () => {
    const found = observed(tlsCloseMissing, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR a')
      dial12(session, 50_005).server(line12(900)).close('server')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(found).toEqual([])
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
      expect(found?.message).toContain(`${address[secured]} speaks TLS and ${address[plain]} clear text`)
    }
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
    expect(clear?.message).toContain('The session is in clear text, with neither AUTH TLS nor PROT P.')
    const asked = refused((session) => {
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT P', '200 PROT now Private.')
    }, '536 Level not supported for this mechanism.')
    expect(asked?.message).toContain('The client had asked for PROT P.')
    expect(asked?.remedy?.[1]).toContain('PROT C, which gives up the protection')
    const unasked = refused((session) => {
      secure13(session)
      talk13(session, ...LOGIN)
    }, '522 SSL/TLS required on the data channel')
    expect(unasked?.message).toContain('The client had not asked for PROT P.')
    expect(unasked?.remedy?.[0]).toContain('PROT P')
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
