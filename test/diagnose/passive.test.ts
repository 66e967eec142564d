import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { extendedPassiveBlocked } from '../../src/diagnose/rules/passive/extended-passive-blocked.js'
import { extendedPassiveUnsupported } from '../../src/diagnose/rules/passive/extended-passive-unsupported.js'
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
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan } from '../support/places.js'
import { leave, observed, says } from './played.js'
import { greet, LOGIN, secure12, talk12 } from './secured.js'

const inside = '10.0.0.21'
const FAILED = '425 Failed to establish connection.'
const filter = { icmp: { from: '198.51.100.1', type: 3, code: 13 } }

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
    expect(found?.fact).toEqual({
      kind: 'silent',
      target: '203.0.113.20:50005',
      tries: 1,
      spanNs: 0,
      synAcks: 0,
      atListener: false,
      atInitiator: true,
      neighbors: null,
      timestamps: null,
      timer: null,
    })
  })

  it('blames the server host when the SYNs reached it, and the path when its SYN,ACK is lost', () => {
    const [unanswered] = observed(passivePortUnanswered, atServer(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      leave(session)
    })
    expect(unanswered).toMatchObject({ side: 'server', fact: { kind: 'silent', atListener: true } })
    const [halfOpen] = observed(passivePortUnanswered, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'syn-ack' })
      leave(session)
    })
    expect(halfOpen).toMatchObject({ side: 'path', fact: { kind: 'half-open', synAcks: 3 } })
  })

  it('warns only of a port after which another brought the same file, and shows what the server said', () => {
    const [found] = observed(passivePortUnanswered, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR report.bin')
      dialInVain(session, 50_005)
      reply(session, FAILED, { think: 2000 })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
    expect(found?.evidence.at(-1)?.note).toBe(FAILED)
  })
})

describe('passive-port-refused and passive-port-unreachable', () => {
  it('show the 425 that the server sends afterwards', () => {
    for (const [rule, answer] of [
      [passivePortRefused, 'rst'],
      [passivePortUnreachable, filter],
    ] as const) {
      const [found] = observed(rule as Rule, atClient(''), (session) => {
        pasv(session, 50_005)
        command(session, 'LIST')
        dialInVain(session, 50_005, { answer })
        reply(session, FAILED, { think: 2000 })
        leave(session)
      })
      expect(found?.severity).toBe('error')
      expect(found?.evidence.at(-1)?.note).toContain('425 Failed')
    }
  })

  it('tell the server from another machine by the TTL of the RST', () => {
    const refused = (hopLimit: number) =>
      observed(passivePortRefused, atClient(''), (session) => {
        pasv(session, 50_005)
        dialInVain(session, 50_005, { answer: { rst: { hopLimit } } })
        leave(session)
      })[0]
    expect(refused(57)).toMatchObject({ side: 'server', fact: { foreign: false, ttl: 57, usualTtl: 57 } })
    expect(refused(62)).toMatchObject({ side: 'server-network', fact: { foreign: true, ttl: 62, usualTtl: 57 } })
  })

  it.each([
    ['a filter rule', { type: 3, code: 10 }, 'server-network', 'filter', 'allow the passive port range'],
    ['a missing route', { type: 3, code: 1 }, 'path', 'route', 'fix the route'],
    ['a loop', { type: 11, code: 0 }, 'path', 'loop', 'fix the route'],
  ] as const)('tell %s by the ICMP code', (_, error, side, kind, remedy) => {
    const [found] = observed(passivePortUnreachable, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: { icmp: { from: '198.51.100.1', ...error } } })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ side, severity: 'warning', fact: { kind, icmpFrom: '198.51.100.1' } })
    expect(found?.remedy[0]).toContain(remedy)
  })
})

describe('The rules on a passive port', () => {
  it('each report one answer to the SYN', () => {
    const rules: Rule[] = [passivePortUnanswered, passivePortRefused, passivePortUnreachable]
    const reporting = (answer: Parameters<typeof dialInVain>[2]) =>
      rules
        .filter((rule) => {
          const found = observed(rule, atClient(''), (session) => {
            pasv(session, 50_005)
            dialInVain(session, 50_005, answer)
            leave(session)
          })
          return found.length > 0
        })
        .map(({ id }) => id)
    expect(reporting({})).toEqual(['passive-port-unanswered'])
    expect(reporting({ answer: 'rst' })).toEqual(['passive-port-refused'])
    expect(reporting({ answer: filter })).toEqual(['passive-port-unreachable'])
  })
})

describe('passive-not-attempted', () => {
  it('gives a capture that ends after the announcement the benefit of the doubt', () => {
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

  it('says nothing of an announcement that came after the client had gone on without it', () => {
    const away = (first: 'announcement' | 'QUIT') =>
      observed(passiveNotAttempted, atClient(''), (session) => {
        command(session, 'PASV')
        if (first === 'QUIT') command(session, 'QUIT')
        reply(session, `227 Entering Passive Mode (203,0,113,20,195,85).`)
        if (first === 'announcement') command(session, 'QUIT')
        reply(session, '221 Goodbye.')
        session.control.close('client')
      })
    expect(away('QUIT')).toEqual([])
    expect(away('announcement')).toMatchObject([{ fact: { kind: 'left', target: '203.0.113.20:50005' } }])
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

  it('says nothing of a file that a later attempt brought', () => {
    const found = observed(passiveNotAttempted, atClient(''), (session) => {
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', FAILED, { think: 30_000 })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toEqual([])
  })

  /** EPSV, LIST, and a minute in which nothing happens. */
  const silence = (session: FtpSession) => {
    epsv(session, 50_005)
    command(session, 'LIST')
    session.scene.wait(60_000)
    leave(session)
  }
  const onOneMachine = (description: string) => inLan(description, { client: '127.0.0.1', server: '127.0.0.1' })
  /** Something else that the capture holds: it was not filtered. */
  const lookup = ({ scene, client, server }: FtpSession) => scene.udp(client, 40_053, server, 53, 'query')

  it('names the address of the control connection where EPSV names none', () => {
    const [found] = observed(passiveNotAttempted, atClient(''), silence)
    expect(found).toMatchObject({
      side: 'client',
      confidence: 'low',
      rivals: ['capture-filter-suspected'],
      fact: {
        kind: 'not-attempted',
        target: '203.0.113.20:50005',
        vantage: 'client',
        filtered: true,
        reply: null,
      },
    })
    expect(found?.evidence.at(-1)?.note).toBe('LIST')
  })

  it.each([
    ['the client', atClient, 'client', 'medium'],
    ['the server', atServer, 'server-network', 'medium'],
    ['neither', between, 'unknown', 'medium'],
    ['an unknown place', onOneMachine, 'unknown', 'low'],
  ] as const)('blames by the place of capture: at %s', (_, place, side, confidence) => {
    const [found] = observed(passiveNotAttempted, place(''), (session) => {
      lookup(session)
      silence(session)
    })
    expect(found).toMatchObject({
      side,
      confidence,
      rivals: ['passive-port-unanswered'],
      fact: { filtered: false },
    })
    expect(found?.remedy.some((line) => line.startsWith('in every firewall'))).toBe(side !== 'client')
  })

  it('shows the refusal that followed', () => {
    const [found] = observed(passiveNotAttempted, atClient(''), (session) => {
      pasv(session, 50_005)
      ask(session, 'LIST', FAILED, { think: 30_000 })
      leave(session)
    })
    expect(found?.fact.reply).toMatchObject({ code: 425 })
    expect(found?.evidence.at(-1)?.note).toBe(FAILED)
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
    for (const line of ['LIST', 'NOOP']) {
      const found = observed(passiveNotAttempted, atClient(''), (session) => {
        pasv(session, 50_005, inside)
        command(session, line)
        session.scene.wait(60_000)
        leave(session)
      })
      expect(found).toHaveLength(1)
    }
  })

  it('says nothing of an address that no client can connect to', () => {
    const found = observed(passiveNotAttempted, atClient(''), (session) => {
      pasv(session, 50_005, '0.0.0.0')
      command(session, 'LIST')
      session.scene.wait(60_000)
      leave(session)
    })
    expect(found).toEqual([])
  })

  it('judges what is in the clear again after CCC, and nothing that TLS hides', () => {
    const secured = (before: (session: FtpSession) => void, after: (session: FtpSession) => void) =>
      says(passiveNotAttempted, atClient(''), (session) => {
        greet(session)
        before(session)
        secure12(session)
        talk12(session, ...LOGIN)
        after(session)
      })
    const [found] = secured(() => undefined, silence)
    expect(found?.fact.target).toBe('203.0.113.20:50005')
    const hidden = secured(
      (session) => {
        epsv(session, 50_005)
      },
      (session) => {
        session.scene.wait(60_000)
        leave(session)
      },
    )
    expect(hidden).toEqual([])
  })
})

describe('passive-rejected', () => {
  const refused = (answer: string, then: (session: FtpSession) => void = quit) =>
    observed(passiveRejected, atClient(''), (session) => {
      ask(session, 'PASV', answer)
      then(session)
    })

  it('says nothing when something else brought a data connection, or when the login is the matter', () => {
    const transferred = (session: FtpSession) => {
      ask(session, 'LIST', '226 Done.')
      quit(session)
    }
    const accepted = (session: FtpSession) => {
      port(session, 52_300)
      quit(session)
    }
    expect(refused('502 Command not implemented.', transferred)).toEqual([])
    expect(refused('502 Command not implemented.', accepted)).toEqual([])
    expect(refused('530 Please login with USER and PASS.')).toEqual([])
    expect(refused('421 Service not available.')).toEqual([])
  })

  it('tells a range that is used up from a mode that is switched off', () => {
    const [passing] = refused('425 Cannot open passive connection.')
    expect(passing?.fact).toMatchObject({ kind: 'temporary', verb: 'PASV', reply: { code: 425 } })
    expect(passing?.remedy[0]).toContain('pasv_max_port=51998')
    const [off] = refused('502 PASV disabled.')
    expect(off?.fact).toMatchObject({ kind: 'permanent', reply: { code: 502, text: 'PASV disabled.' } })
    expect(off?.remedy[0]).toContain('pasv_enable=YES')
  })

  it('shows each command that was refused', () => {
    const [found] = refused('500 Unknown command.', (session) => {
      ask(session, 'EPSV', '500 Unknown command.')
      quit(session)
    })
    expect(found?.fact.verb).toBe('EPSV')
    expect(found?.evidence.map(({ note }) => note)).toEqual(['500 Unknown command.', 'PASV', 'EPSV'])
  })
})

describe('extended-passive-unsupported', () => {
  const asked = (answer: string, then: (session: FtpSession) => void) =>
    observed(extendedPassiveUnsupported, atClient(''), (session) => {
      ask(session, 'EPSV', answer)
      then(session)
      quit(session)
    })

  it('is worth knowing where another mode was accepted afterwards', () => {
    const [found] = asked('500 EPSV not understood.', (session) => {
      pasv(session, 50_005)
    })
    expect(found).toMatchObject({ severity: 'info', fact: { kind: 'unsupported', reply: { code: 500 } } })
  })

  it('is why a session failed whose client never tried PASV, be EPSV refused or answered without a port', () => {
    for (const answer of ['500 EPSV not understood.', '202 OK', '200 OK']) {
      const [found] = asked(answer, () => undefined)
      expect(found).toMatchObject({ severity: 'error', side: 'client', fact: { gaveUp: true } })
      expect(found?.remedy[0]).toContain('PASV instead of EPSV')
    }
    expect(
      asked('500 No.', (session) => {
        ask(session, 'PASV', '500 No.')
      }),
    ).toEqual([])
  })

  it('says nothing of a refusal for another reason', () => {
    const found = asked('425 No free port.', (session) => {
      pasv(session, 50_005)
    })
    expect(found).toEqual([])
  })
})

describe('extended-passive-blocked', () => {
  it('names PASV where it is PASV that a middlebox loses', () => {
    const [found] = observed(extendedPassiveBlocked, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'rst' })
      listing(session, { verb: 'EPSV', port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ confidence: 'medium', fact: { kind: 'failed', lost: 'PASV', works: 'EPSV' } })
    expect(found?.evidence.map(({ note }) => note).join()).toContain('RST from')
    expect(found?.remedy[0]).toContain('EPSV instead of PASV')
  })

  it('shows the ICMP error that EPSV met', () => {
    const [found] = observed(extendedPassiveBlocked, atClient(''), (session) => {
      epsv(session, 50_005)
      dialInVain(session, 50_005, { answer: filter })
      listing(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.fact).toEqual({ kind: 'failed', lost: 'EPSV', works: 'PASV' })
    expect(found?.evidence.map(({ note }) => note).join()).toContain('ICMP')
    expect(found?.remedy[0]).toContain('--disable-epsv')
  })

  it('does not take the RST of a client that gives up for an answer', () => {
    const [found] = observed(extendedPassiveBlocked, atClient(''), (session) => {
      epsv(session, 50_005)
      dialInVain(session, 50_005).reset('client')
      listing(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.evidence.map(({ note }) => note).join()).not.toContain('RST')
  })

  it('is unsure at the server, where the lost connection never arrives', () => {
    const [found] = observed(extendedPassiveBlocked, atServer(''), (session) => {
      epsv(session, 50_005)
      session.scene.wait(30_000)
      listing(session, { port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ confidence: 'low', fact: { kind: 'not-seen', lost: 'EPSV' } })
  })

  it('says nothing where the reply to the other verb explains the loss, or the same verb worked as well', () => {
    const otherReply = observed(extendedPassiveBlocked, atServer(''), (session) => {
      ask(session, 'EPSV', '227 Entering Passive Mode (203,0,113,20,195,85).')
      session.scene.wait(30_000)
      listing(session, { port: 50_006 })
      quit(session)
    })
    const once = observed(extendedPassiveBlocked, atClient(''), (session) => {
      epsv(session, 50_005)
      dialInVain(session, 50_005)
      listing(session, { verb: 'EPSV', port: 50_006 })
      listing(session, { port: 50_007 })
      quit(session)
    })
    expect([otherReply, once]).toEqual([[], []])
  })
})

describe('passive-port-outlier', () => {
  const outliers = (good: readonly number[], lost: readonly number[]) =>
    observed(passivePortOutlier, atClient(''), (session) => {
      for (const number of good) retrieve(session, { port: number })
      for (const number of lost) {
        pasv(session, number)
        dialInVain(session, number, { answer: filter })
      }
      quit(session)
    })

  it('says nothing of a failed port within reach of those that worked', () => {
    const found = outliers([50_001, 50_002, 50_003, 50_004], [50_020, 61_000])
    expect(found.map(({ fact }) => fact)).toEqual([
      {
        kind: 'outlier',
        port: 61_000,
        established: 4,
        low: 50_001,
        high: 50_004,
        advised: { low: 50_000, high: 50_200 },
      },
    ])
    expect(found[0]?.evidence.map(({ note }) => note).join()).toContain('ICMP')
  })

  it('says nothing where few ports worked, or ports from everywhere', () => {
    expect(outliers([50_001, 50_002], [61_000])).toEqual([])
    expect(outliers([30_000, 40_000, 50_000], [61_000])).toEqual([])
  })
})
