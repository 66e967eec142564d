import type { Rule } from '../../src/diagnose/rule.js'
import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { extendedPassiveBlocked } from '../../src/diagnose/rules/passive/extended-passive-blocked.js'
import { passiveNotAttempted } from '../../src/diagnose/rules/passive/passive-not-attempted.js'
import { passivePortOutlier } from '../../src/diagnose/rules/passive/passive-port-outlier.js'
import { passivePortRefused } from '../../src/diagnose/rules/passive/passive-port-refused.js'
import { passivePortUnanswered } from '../../src/diagnose/rules/passive/passive-port-unanswered.js'
import { passivePortUnreachable } from '../../src/diagnose/rules/passive/passive-port-unreachable.js'
import { passivePrivateAddress } from '../../src/diagnose/rules/passive/passive-private-address.js'
import { passiveRejected } from '../../src/diagnose/rules/passive/passive-rejected.js'
import {
  ask,
  command,
  dialInVain,
  epsv,
  listing,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { leave, observed, played } from './played.js'

const inside = '10.0.0.21'

describe('passive-port-unanswered', () => {
  it('gives a lone SYN at the end of the capture time for an answer', () => {
    const play = (session: FtpSession) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { attempts: 1 })
    }
    expect(observed(passivePortUnanswered, atClient(''), play)).toEqual([])
  })

  it('is less sure of one SYN after which the client leaves', () => {
    const [found] = observed(passivePortUnanswered, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { attempts: 1 })
      leave(session)
    })
    expect(found).toMatchObject({ side: 'server-network', confidence: 'medium', severity: 'error' })
  })

  it('blames the server host when the SYNs reached it, and the path when its SYN,ACK is lost', () => {
    const unanswered = observed(passivePortUnanswered, atServer(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      leave(session)
    })
    expect(unanswered[0]?.side).toBe('server')
    expect(unanswered[0]?.message).toContain("reached the server's side")
    const halfOpen = observed(passivePortUnanswered, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'syn-ack' })
      leave(session)
    })
    expect(halfOpen[0]?.side).toBe('path')
    expect(halfOpen[0]?.message).toContain('the SYN,ACK was sent 3 times and not acknowledged')
  })

  it('warns only of a port after which another brought the same file, and shows what the server said', () => {
    const [found] = observed(passivePortUnanswered, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR report.bin')
      dialInVain(session, 50_005)
      reply(session, '425 Failed to establish connection.', { think: 2000 })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
    expect(found?.evidence.at(-1)?.note).toBe('425 Failed to establish connection.')
  })
})

describe('passive-port-refused and passive-port-unreachable', () => {
  it('show the 425 that the server sends afterwards', () => {
    for (const [rule, answer] of [
      [passivePortRefused, 'rst'],
      [passivePortUnreachable, { icmp: { from: '198.51.100.1', type: 3, code: 13 } }],
    ] as const) {
      const [found] = observed(rule as Rule, atClient(''), (session) => {
        pasv(session, 50_005)
        command(session, 'LIST')
        dialInVain(session, 50_005, { answer })
        reply(session, '425 Failed to establish connection.', { think: 2000 })
        leave(session)
      })
      expect(found?.severity).toBe('error')
      expect(found?.evidence.at(-1)?.note).toContain('425 Failed')
    }
  })

  it.each([
    ['a filter rule', { type: 3, code: 10 }, 'server-network', 'a filter rule rejects it', 'admit the passive range'],
    ['a missing route', { type: 3, code: 1 }, 'path', 'there is no route to it', 'repair the route'],
    ['a loop', { type: 11, code: 0 }, 'path', 'packets run in a loop', 'repair the route'],
  ] as const)('tell %s by the ICMP code', (_, error, side, words, remedy) => {
    const [found] = observed(passivePortUnreachable, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: { icmp: { from: '198.51.100.1', ...error } } })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ side, severity: 'warning' })
    expect(found?.message).toContain(words)
    expect(found?.remedy?.[0]).toContain(remedy)
  })
})

describe('passive-not-attempted', () => {
  it('gives a capture that ends behind the announcement the benefit of the doubt', () => {
    expect(
      observed(passiveNotAttempted, atClient(''), (session) => {
        pasv(session, 50_005)
      }),
    ).toEqual([])
  })

  it('says nothing of a port that the client had no more use for', () => {
    const replaced = (session: FtpSession) => {
      pasv(session, 50_005)
      pasv(session, 50_006)
      session.scene.wait(5000)
      dialInVain(session, 50_006)
      leave(session)
    }
    const discouraged = (session: FtpSession) => {
      ask(session, 'SIZE earlier', '550 Could not get file size.')
      pasv(session, 50_005)
      ask(session, 'SIZE missing', '550 Could not get file size.')
      session.scene.wait(5000)
      leave(session)
    }
    for (const play of [replaced, discouraged]) expect(observed(passiveNotAttempted, atClient(''), play)).toEqual([])
  })

  it('says nothing of a listing that came all the same, or was refused before it needed a connection', () => {
    for (const answer of ['226 Done.', '550 No such folder.']) {
      const play = (session: FtpSession) => {
        pasv(session, 50_005)
        ask(session, 'LIST', answer)
        session.scene.wait(5000)
        leave(session)
      }
      expect(observed(passiveNotAttempted, atClient(''), play)).toEqual([])
    }
  })

  it('names the address of the control connection where EPSV names none', () => {
    const [found] = observed(passiveNotAttempted, atClient(''), (session) => {
      epsv(session, 50_005)
      command(session, 'LIST')
      session.scene.wait(60_000)
      leave(session)
    })
    expect(found?.side).toBe('client')
    expect(found?.message).toContain('203.0.113.20:50005')
  })

  it('leaves a private address at the end of the capture to the rule on that', () => {
    const play = (session: FtpSession) => {
      pasv(session, 50_005, inside)
      command(session, 'LIST')
      session.scene.wait(60_000)
      session.control.keepAlive('client')
    }
    expect(observed(passiveNotAttempted, atClient(''), play)).toEqual([])
    expect(observed(passivePrivateAddress, atClient(''), play)).toHaveLength(1)
  })
})

describe('passive-rejected', () => {
  it('says nothing when a transfer worked all the same, or when the login is the matter', () => {
    const worked = observed(passiveRejected, atClient(''), (session) => {
      ask(session, 'PASV', '502 Command not implemented.')
      ask(session, 'LIST', '226 Done.')
      quit(session)
    })
    const notLoggedIn = observed(passiveRejected, atClient(''), (session) => {
      ask(session, 'PASV', '530 Please login with USER and PASS.')
      quit(session)
    })
    expect([worked, notLoggedIn]).toEqual([[], []])
  })

  it('tells a range that is used up from a mode that is switched off', () => {
    const said = (answer: string) =>
      observed(passiveRejected, atClient(''), (session) => {
        ask(session, 'PASV', answer)
        quit(session)
      })[0]
    expect(said('425 Cannot open passive connection.')?.message).toContain('a port range that is used up')
    expect(said('502 PASV disabled.')?.message).not.toContain('used up')
  })
})

describe('extended-passive-blocked', () => {
  it('names PASV where it is PASV that a box loses', () => {
    const [found] = observed(extendedPassiveBlocked, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'rst' })
      listing(session, { verb: 'EPSV', port: 50_006 })
      quit(session)
    })
    expect(found?.confidence).toBe('medium')
    expect(found?.message).toContain('announced by PASV was lost, the one announced by EPSV came about')
    expect(found?.evidence.map(({ note }) => note).join()).toContain('RST from')
    expect(found?.remedy?.join()).toContain('EPSV')
  })

  it('shows the ICMP error that EPSV met', () => {
    const [found] = observed(extendedPassiveBlocked, atClient(''), (session) => {
      epsv(session, 50_005)
      dialInVain(session, 50_005, { answer: { icmp: { from: '198.51.100.1', type: 3, code: 13 } } })
      listing(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.message).toContain('announced by EPSV was lost')
    expect(found?.evidence.map(({ note }) => note).join()).toContain('ICMP')
  })

  it('is unsure beside the server, where the lost connection never arrives', () => {
    const [found] = observed(extendedPassiveBlocked, atServer(''), (session) => {
      epsv(session, 50_005)
      session.scene.wait(30_000)
      listing(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.confidence).toBe('low')
    expect(found?.message).toContain('never arrived here')
  })
})

describe('passive-port-outlier', () => {
  it('says nothing of a failed port within reach of those that worked', () => {
    const session = played(atClient(''), (control) => {
      for (const port of [50_001, 50_002, 50_003, 50_004]) retrieve(control, { port })
      pasv(control, 50_020)
      dialInVain(control, 50_020)
      pasv(control, 61_000)
      dialInVain(control, 61_000)
      quit(control)
    })
    const found = observe(passivePortOutlier, session)
    expect(found.map(({ message }) => /port \d+/.exec(message)?.[0])).toEqual(['port 61000'])
  })
})
