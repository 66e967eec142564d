import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { bruteForce } from '../../src/diagnose/rules/security/brute-force.js'
import { dataConnectionHijack } from '../../src/diagnose/rules/security/data-connection-hijack.js'
import { dataPeerMismatch } from '../../src/diagnose/rules/passive/data-peer-mismatch.js'
import { dataSetupMissing } from '../../src/diagnose/rules/transfers/data-setup-missing.js'
import { portBounce } from '../../src/diagnose/rules/security/port-bounce.js'
import {
  ask,
  command,
  dial,
  epsv,
  list,
  listing,
  pasv,
  port,
  quit,
  reply,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, inLan } from '../support/places.js'
import { leave, observed, played } from './played.js'
import { SessionBuilder } from './session-builder.js'

describe('data-connection-hijack', () => {
  const contested = (play: (session: FtpSession, hijacker: ReturnType<FtpSession['scene']['host']>) => void) =>
    observed(dataConnectionHijack, atServer(''), (session) => {
      pasv(session, 50_005)
      play(session, session.scene.host('203.0.113.131', { hopLimit: 64, distance: 0.1 }))
      quit(session)
    })

  it('sees a host that was quicker than the client, with or without getting a byte', () => {
    const [empty] = contested((session, hijacker) => {
      session.scene.connect(hijacker, 54_240, session.server, 50_005)
      session.scene.syn(session.client, session.nextPort++, session.server, 50_005, { answer: 'rst' })
    })
    expect(empty).toMatchObject({ confidence: 'high' })
    expect(empty?.message).toContain('before the client did. Its TTL 64')
    const [read] = contested((session, hijacker) => {
      const data = session.scene.connect(hijacker, 54_240, session.server, 50_005)
      ask(session, 'RETR a', '150 Ok.')
      data.server(2048).close('server')
      reply(session, '226 Done.')
    })
    expect(read).toMatchObject({ confidence: 'medium' })
    expect(read?.message).toContain(', which never came itself; 2048 bytes passed on it')
  })

  it('says nothing of a host that came after the client, or from the same place as the client', () => {
    const late = contested((session, hijacker) => {
      list(session, dial(session, 50_005))
      session.scene.connect(hijacker, 54_240, session.server, 50_005)
    })
    const uplink = contested((session) => {
      const other = session.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      session.scene.connect(other, 54_240, session.server, 50_005)
    })
    expect([late, uplink]).toEqual([[], []])
  })
})

describe('data-peer-mismatch', () => {
  const foreign = (answer: string | null) =>
    observed(dataPeerMismatch, atServer(''), (session) => {
      pasv(session, 50_005)
      const other = session.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      const data = session.scene.connect(other, 54_240, session.server, 50_005)
      command(session, 'LIST')
      data.close('server')
      if (answer) reply(session, answer)
      leave(session)
    })

  it('is sure where the server says so, and less sure where it only closes', () => {
    const [said] = foreign('425 Security: Bad IP connecting.')
    expect(said).toMatchObject({
      severity: 'error',
      confidence: 'high',
      fact: { kind: 'refused', client: '198.51.100.7', source: '198.51.100.8', reply: { code: 425 } },
    })
    expect(said?.evidence[0].note).toBe('425 Security: Bad IP connecting.')
    const [closed] = foreign(null)
    expect(closed).toMatchObject({
      confidence: 'medium',
      fact: { kind: 'closed', source: '198.51.100.8', reply: null },
    })
    expect(closed?.evidence.at(-1)?.note).toContain('data connection from 198.51.100.8:54240')
  })

  it('quotes another refusal without taking it for the reason', () => {
    expect(foreign('425 No data connection.')[0]).toMatchObject({ confidence: 'medium', fact: { kind: 'closed' } })
  })

  it('finds the refusal before the transfer command, and the other host beside the client', () => {
    const [early] = observed(dataPeerMismatch, atServer(''), (session) => {
      pasv(session, 50_005)
      const other = session.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      session.scene.connect(other, 54_240, session.server, 50_005).close('server')
      reply(session, '425 Rejected data connection from foreign address 198.51.100.8:54240.')
      leave(session)
    })
    expect(early?.fact).toMatchObject({ kind: 'refused', reply: { code: 425 } })
    const [beside] = observed(dataPeerMismatch, atServer(''), (session) => {
      pasv(session, 50_005)
      const other = session.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      session.scene.syn(other, 54_240, session.server, 50_005, { answer: 'rst' })
      dial(session, 50_005)
      ask(session, 'LIST', '425 Security: Bad IP connecting.')
      leave(session)
    })
    expect(beside?.fact).toMatchObject({ kind: 'refused', source: '198.51.100.8' })
  })

  it('does not take another reply without command, or one at another time, for that refusal', () => {
    const found = observed(dataPeerMismatch, atServer(''), (session) => {
      reply(session, '425 Security: Bad IP connecting.')
      pasv(session, 50_005)
      epsv(session, 50_006)
      dial(session, 50_006)
      reply(session, '211 Still here.')
      leave(session)
    })
    expect(found).toEqual([])
  })

  it('does not name an address that was not captured', () => {
    const [found] = observed(dataPeerMismatch, atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005)
      ask(session, 'LIST', '425 Security: Bad IP connecting.')
      leave(session)
    })
    expect(found).toMatchObject({ confidence: 'high', fact: { kind: 'refused', source: null } })
    expect(found?.evidence).toHaveLength(2)
    expect(found?.message).toContain('it came from another address, and')
  })

  it('does not mind another address where the listing came all the same', () => {
    const found = observed(dataPeerMismatch, atServer(''), (session) => {
      pasv(session, 50_005)
      const other = session.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      list(session, session.scene.connect(other, 54_240, session.server, 50_005))
      quit(session)
    })
    expect(found).toEqual([])
  })
})

describe('data-setup-missing', () => {
  const asked = (before: (session: FtpSession) => void, answer: string, then = leave) =>
    observed(dataSetupMissing, atClient(''), (session) => {
      before(session)
      ask(session, 'LIST', answer)
      then(session)
    })
  const nothing = () => undefined

  it('tells a transfer without any announcement from one that needs a new one', () => {
    expect(asked(nothing, '425 Use PORT or PASV first.')[0]?.message).toContain('without any PORT or PASV before it')
    const [second] = asked((session) => {
      listing(session)
    }, '425 Use PORT or PASV first.')
    expect(second?.message).toContain('without a new PORT or PASV for it')
  })

  it('says nothing of another refusal, or where the announcement was turned down', () => {
    expect(asked(nothing, '550 No such folder.')).toEqual([])
    expect(asked(nothing, '425 Out of memory.')).toEqual([])
    const refused = asked((session) => {
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
    }, '425 Use PORT or PASV first.')
    expect(refused).toEqual([])
  })

  it('warns only where the listing came later, and is unsure where bytes of the client are missing', () => {
    const play = (session: FtpSession) => {
      ask(session, 'LIST', '425 Use PORT or PASV first.')
      listing(session)
      quit(session)
    }
    const session = played(atClient(''), play)
    expect(observe(dataSetupMissing, session)[0]).toMatchObject({ severity: 'warning', confidence: 'high' })
    session.control.flows[0].missingBytes = 26
    expect(observe(dataSetupMissing, session)[0]?.confidence).toBe('low')
  })
})

describe('port-bounce', () => {
  const elsewhere = '203.0.113.99'
  const bounce = (options: { address?: string; port?: number; reply?: string }, play: (session: FtpSession) => void) =>
    observed(portBounce, atServer(''), (session) => {
      const { port: number = 25, ...rest } = options
      port(session, number, { address: elsewhere, ...rest })
      play(session)
    })

  it('takes a transfer to an ordinary port of another host for an exchange between two servers', () => {
    const [found] = bounce({ port: 50_001 }, (session) => {
      command(session, 'RETR image.iso')
      const other = session.scene.host(elsewhere, { hopLimit: 60 })
      const data = session.scene.connect(session.server, 20, other, 50_001)
      reply(session, '150 Ok.')
      data.client(2048).close('client')
      reply(session, '226 Done.')
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'warning', confidence: 'medium' })
    expect(found?.message).toContain('an exchange between two servers (FXP) if the user wanted it')
  })

  it('is an error where data went to a service, and where the server only connected there', () => {
    const to = (outcome: string) =>
      bounce({}, (session) => {
        command(session, 'RETR mail.txt')
        const other = session.scene.host(elsewhere, { hopLimit: 60 })
        const data = session.scene.connect(session.server, 20, other, 25)
        reply(session, '150 Ok.')
        data.client(300).close('client')
        reply(session, outcome)
        quit(session)
      })[0]
    expect(to('226 Done.')).toMatchObject({ severity: 'error', confidence: 'high' })
    expect(to('226 Done.')?.message).toMatch(/it did, and data was transferred there\.$/)
    expect(to('426 Broken.')?.message).toContain('it accepted and connected there')
  })

  it('speaks of a service on the client itself, and of an answer that was not captured', () => {
    const [own] = bounce({ address: '198.51.100.7' }, leave)
    expect(own?.message).toContain('198.51.100.7:25, a port of a service on itself; the server accepted')
    const [unanswered] = observed(portBounce, atServer(''), (session) => {
      command(session, 'PORT 203,0,113,99,0,25')
      leave(session)
    })
    expect(unanswered?.message).toContain("the server's answer was not captured")
    expect(unanswered?.evidence).toHaveLength(1)
  })

  it('does no harm where the listing came another way', () => {
    const [found] = bounce({ reply: '500 Illegal PORT command.' }, (session) => {
      listing(session)
      quit(session)
    })
    expect(found?.harmless).toBe(true)
  })
})

describe('brute-force', () => {
  it('names the table of nftables for the family of the client', () => {
    for (const [client, table] of [
      ['198.51.100.7', 'nftables ip saddr'],
      ['2001:db8::7', 'nftables ip6 saddr'],
    ] as const) {
      const builder = new SessionBuilder({ client }).handshake()
      for (let i = 0; i < 10; i++) builder.command(i, 'PASS x').reply(i + 0.5, '530 Login incorrect.')
      const [found] = observe(bruteForce, builder.judged())
      expect(found?.message).toContain('was rejected 10 times within 9.0 s')
      expect(found?.remedy.join()).toContain(table)
    }
  })
})

describe('Rules on third hosts', () => {
  it('say nothing of a client that connects itself', () => {
    for (const rule of [dataConnectionHijack, dataPeerMismatch, dataSetupMissing, portBounce]) {
      const found = observed(rule as Rule, inLan(''), (session) => {
        listing(session)
        listing(session, { verb: 'PORT' })
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})
