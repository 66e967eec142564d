import { describe, expect, it } from 'vitest'
import { dataConnectionHijack } from '../../src/diagnose/rules/security/data-connection-hijack.js'
import { dataPeerMismatch } from '../../src/diagnose/rules/passive/data-peer-mismatch.js'
import { passiveNotAttempted } from '../../src/diagnose/rules/passive/passive-not-attempted.js'
import { captureFilterSuspected } from '../../src/diagnose/rules/capture/capture-filter-suspected.js'
import type { Rule } from '../../src/diagnose/rule.js'
import { dataSetupMissing } from '../../src/diagnose/rules/transfers/data-setup-missing.js'
import { portBounce } from '../../src/diagnose/rules/security/port-bounce.js'
import { judge } from '../../src/diagnose/judge.js'
import { sessionsOf } from '../correlate/follow.js'
import {
  ask,
  command,
  dial,
  epsv,
  eprt,
  exchange,
  ftpSession,
  list,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, inLan, openControl } from '../support/places.js'
import { observe } from './observe.js'
import { leave, observed } from './played.js'

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
    expect(empty).toMatchObject({
      fact: {
        kind: 'before-client',
        hijacker: '203.0.113.131',
        client: '198.51.100.7',
        server: '203.0.113.20',
        target: '203.0.113.20:50005',
        bytes: 0,
        ttl: 64,
        clientTtl: 50,
      },
      confidence: 'high',
      rivals: ['data-peer-mismatch'],
    })
    expect(empty?.evidence.at(-1)?.note).toBe("the client's own attempt")
    const [read] = contested((session, hijacker) => {
      const data = session.scene.connect(hijacker, 54_240, session.server, 50_005)
      ask(session, 'RETR a', '150 Ok.')
      data.server(2048).close('server')
      reply(session, '226 Done.')
    })
    expect(read).toMatchObject({ fact: { kind: 'instead-of-client', bytes: 2048 }, confidence: 'medium' })
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

describe('port-bounce', () => {
  const elsewhere = '203.0.113.99'
  const bounce = (
    options: { address?: string; port?: number; reply?: string },
    play: (session: FtpSession) => void = leave,
    place = atServer(''),
  ) =>
    observed(portBounce, place, (session) => {
      const { port: number = 25, ...rest } = options
      port(session, number, { address: elsewhere, ...rest })
      play(session)
    })

  it('is sure of a third host and a port of a service, refused or not', () => {
    for (const [reply, result] of [
      ['200 PORT command successful.', 'accepted'],
      ['500 Illegal PORT command.', 'refused'],
    ] as const) {
      const [found] = bounce({ reply })
      expect(found).toMatchObject({
        fact: {
          kind: 'bounce',
          client: '198.51.100.7',
          server: '203.0.113.20',
          target: '203.0.113.99:25',
          otherAddress: true,
          servicePort: true,
          result,
        },
        severity: 'error',
        confidence: 'high',
        harmless: false,
        rivals: [],
      })
      expect(found?.evidence).toHaveLength(2)
      expect(found?.remedy.join().includes('no change needed on the server')).toBe(result === 'refused')
    }
  })

  it('grants that a third host may be another address of the client', () => {
    const [found] = bounce({ port: 51_234 })
    expect(found).toMatchObject({ fact: { servicePort: false, result: 'accepted' }, confidence: 'medium' })
    expect(found?.rivals).toEqual(['active-address-mismatch'])
    expect(found?.message).toMatch(/which is not the address that it connects from; the server accepted\.$/)
  })

  it.each([
    ['the client itself', '198.51.100.7', '198.51.100.7'],
    ['a private address, which is its own behind NAT', '198.51.100.7', '192.168.1.10'],
    ['the outside address of a client behind NAT', '192.168.1.10', '198.51.100.7'],
    ['no host at all', '198.51.100.7', '127.0.0.1'],
  ])('says nothing when PORT names %s', (_, client, address) => {
    expect(bounce({ port: 51_234, address }, leave, atServer('', { client }))).toEqual([])
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
    expect(found).toMatchObject({
      fact: { kind: 'exchange', result: 'transferred' },
      severity: 'warning',
      confidence: 'medium',
    })
    expect(found?.message).toContain('a transfer between two servers (FXP) if the user intended it')
  })

  it('takes it for an exchange without alarm where the client has a control connection with both servers', () => {
    for (const client of ['192.168.1.10', '198.51.100.7']) {
      const place = atClient('', { client })
      const other = place.scene.host(elsewhere, { hopLimit: 60 })
      exchange(openControl(place), ftpSession(place.scene, place.client, other))
      const [first, second] = sessionsOf(place.scene)
      expect(observe(portBounce, first!)).toMatchObject([
        { severity: 'info', harmless: true, fact: { kind: 'exchange', partner: true } },
      ])
      expect(observe(portBounce, first!)[0]?.message).toContain('a transfer between two servers (FXP).')
      expect(observe(dataConnectionHijack, second!)).toEqual([])
      expect(observe(captureFilterSuspected, second!)).toEqual([])
      expect(observe(dataPeerMismatch, second!)).toMatchObject([
        {
          title: 'transfer between two servers (FXP)',
          severity: 'info',
          harmless: true,
          fact: { kind: 'exchange', source: place.server.address, partner: place.server.address },
        },
      ])
      expect([first!, second!].map((session) => judge(session).verdict.outcome)).toEqual(['ok', 'ok'])
    }
  })

  it('blames no NAT where the second server of an exchange refuses the address', () => {
    const place = atClient('', { client: '198.51.100.7' })
    const other = place.scene.host(elsewhere, { hopLimit: 60 })
    const [one, two] = [openControl(place), ftpSession(place.scene, place.client, other)]
    for (const session of [one, two]) login(session)
    epsv(two, 50_001)
    eprt(one, 50_001, { address: elsewhere })
    command(two, 'STOR image.iso')
    command(one, 'RETR image.iso')
    place.scene.syn(place.server, 20, other, 50_001, { answer: 'rst' })
    reply(one, '425 Failed to establish connection.')
    reply(two, '425 Security: Bad IP connecting.')
    for (const session of [one, two]) quit(session)
    const second = sessionsOf(place.scene).find(({ server }) => server.address === elsewhere)!
    const [found] = observe(dataPeerMismatch, second)
    expect(found).toMatchObject({
      severity: 'error',
      fact: { kind: 'refused', source: place.server.address, partner: place.server.address },
    })
    expect(found?.remedy[0]).toContain('through the client')
    expect(found?.remedy.join()).not.toContain('NAT')
  })

  it('leaves the data connection that did not come to the session of the server that was to connect', () => {
    const place = atClient('', { client: '198.51.100.7' })
    const other = place.scene.host(elsewhere, { hopLimit: 60 })
    const [one, two] = [openControl(place), ftpSession(place.scene, place.client, other)]
    for (const session of [one, two]) login(session)
    pasv(two, 50_001)
    port(one, 50_001, { address: elsewhere })
    command(two, 'STOR image.iso')
    command(one, 'RETR image.iso')
    for (const session of [one, two]) reply(session, '425 Failed to establish connection.', { think: 30_000 })
    for (const session of [one, two]) quit(session)
    const [first, second] = sessionsOf(place.scene)
    expect(observe(passiveNotAttempted, second!)).toEqual([])
    for (const session of [first!, second!]) {
      const { verdict } = judge(session)
      expect(verdict.outcome).toBe('failed')
      expect(verdict.cause).not.toBeNull()
    }
  })

  it('is a bounce for every other address where one PORT names a third host', () => {
    const named = (...addresses: string[]) =>
      observed(portBounce, atServer('', { client: '10.0.0.7' }), (session) => {
        for (const address of addresses) port(session, 51_000, { address })
        leave(session)
      })
    expect(named('10.0.0.99')).toEqual([])
    expect(named('10.0.0.99', '10.0.0.98')).toHaveLength(2)
    expect(named('10.0.0.7', '10.0.0.99')).toEqual([])
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
    const transferred = to('226 Done.')
    expect(transferred).toMatchObject({
      fact: { kind: 'bounce', result: 'transferred' },
      severity: 'error',
      confidence: 'high',
    })
    expect(transferred?.message).toMatch(/the server connected there, and data was transferred\.$/)
    expect(transferred?.evidence.at(-1)?.note).toBe('SYN to 203.0.113.99:25')
    expect(to('426 Broken.')?.fact).toMatchObject({ kind: 'bounce', result: 'connected' })
  })

  it('knows a service on the client itself, and an answer that was not captured', () => {
    const [own] = bounce({ address: '198.51.100.7' })
    expect(own?.fact).toMatchObject({ target: '198.51.100.7:25', otherAddress: false, servicePort: true })
    expect(own?.message).toContain('a privileged port of its own; the server accepted')
    const [unanswered] = observed(portBounce, atServer(''), (session) => {
      command(session, 'PORT 203,0,113,99,0,25')
      leave(session)
    })
    expect(unanswered?.fact.result).toBe('unknown')
    expect(unanswered?.message).toContain("the server's reply was not captured")
    expect(unanswered?.evidence).toHaveLength(1)
  })

  it('does no harm where the listing came another way', () => {
    const [found] = bounce({ reply: '500 Illegal PORT command.' }, (session) => {
      listing(session)
      quit(session)
    })
    expect(found).toMatchObject({ harmless: true, severity: 'warning' })
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
