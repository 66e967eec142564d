import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { bruteForce } from '../../src/diagnose/rules/security/brute-force.js'
import { dataConnectionHijack } from '../../src/diagnose/rules/security/data-connection-hijack.js'
import { dataPeerMismatch } from '../../src/diagnose/rules/passive/data-peer-mismatch.js'
import { dataSetupMissing } from '../../src/diagnose/rules/transfers/data-setup-missing.js'
import { portBounce } from '../../src/diagnose/rules/security/port-bounce.js'
import { ask, command, dial, list, listing, pasv, port, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atServer, inLan } from '../support/places.js'
import { leave, observed } from './played.js'
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
    expect(said?.confidence).toBe('high')
    expect(said?.message).toContain('the server said "425 Security: Bad IP connecting."')
    const [closed] = foreign(null)
    expect(closed?.confidence).toBe('medium')
    expect(closed?.message).toContain('it came from 198.51.100.8 and was closed without use.')
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
      expect(found?.remedy?.join()).toContain(table)
    }
  })
})

describe('Rules on third hosts', () => {
  it('say nothing of a client that connects itself', () => {
    const rules: readonly Rule[] = [dataConnectionHijack, dataPeerMismatch, dataSetupMissing, portBounce]
    for (const rule of rules) {
      const found = observed(rule, inLan(''), (session) => {
        listing(session)
        listing(session, { verb: 'PORT' })
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})
