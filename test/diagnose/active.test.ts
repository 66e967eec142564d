import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/diagnose/rule.js'
import { activeAddressMismatch } from '../../src/diagnose/rules/active/active-address-mismatch.js'
import { activeNotAttempted } from '../../src/diagnose/rules/active/active-not-attempted.js'
import { activePortRefused } from '../../src/diagnose/rules/active/active-port-refused.js'
import { activePortUnanswered } from '../../src/diagnose/rules/active/active-port-unanswered.js'
import { activePortUnreachable } from '../../src/diagnose/rules/active/active-port-unreachable.js'
import { activePrivateAddress } from '../../src/diagnose/rules/active/active-private-address.js'
import { activeRejected } from '../../src/diagnose/rules/active/active-rejected.js'
import { activeSourceAddress } from '../../src/diagnose/rules/active/active-source-address.js'
import { activeSourcePort } from '../../src/diagnose/rules/active/active-source-port.js'
import { activeTupleReuse } from '../../src/diagnose/rules/active/active-tuple-reuse.js'
import {
  ask,
  command,
  dialBack,
  dialBackInVain,
  eprt,
  list,
  listBack,
  listing,
  port,
  quit,
  reply,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan } from '../support/places.js'
import { leave, observed } from './played.js'

const elsewhere = '198.51.100.99'
const FAILED = '425 Failed to establish connection.'

/** PORT that is accepted, LIST, a connection of the server that fails, and LIST again over PASV. */
const madeGoodAfter = (options: Parameters<typeof dialBackInVain>[2]) => (session: FtpSession) => {
  port(session, 52_300)
  command(session, 'LIST')
  dialBackInVain(session, 52_300, options)
  reply(session, FAILED, { think: 2000 })
  listing(session)
  quit(session)
}

describe('active-port-unanswered, active-port-refused and active-port-unreachable', () => {
  it('warn only when a later attempt brought the same listing', () => {
    for (const [rule, options] of [
      [activePortUnanswered, {}],
      [activePortRefused, { answer: 'rst' }],
      [activePortUnreachable, { answer: { icmp: { from: elsewhere, type: 3, code: 13 } } }],
    ] as const) {
      const [found] = observed(rule as Rule, atServer(''), madeGoodAfter(options))
      expect(found?.severity).toBe('warning')
      expect(found?.evidence.at(-1)?.note).toContain('425')
    }
  })

  it('give a lone SYN at the end of the capture time for an answer', () => {
    const play = (session: FtpSession) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { attempts: 1 })
    }
    expect(observed(activePortUnanswered, atServer(''), play)).toEqual([])
  })

  it('are less sure of one SYN after which the client leaves', () => {
    const [found] = observed(activePortUnanswered, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { attempts: 1 })
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'error', confidence: 'medium' })
  })

  it.each([
    ['a filter rule', { type: 3, code: 13 }, 'filter', 'client-network'],
    ['a missing route', { type: 3, code: 1 }, 'route', 'path'],
    ['a loop', { type: 11, code: 0 }, 'loop', 'path'],
  ])('tell %s by the ICMP code', (_, error, kind, side) => {
    const [found] = observed(activePortUnreachable, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: { icmp: { from: elsewhere, ...error } } })
      leave(session)
    })
    expect(found).toMatchObject({ side, fact: { kind, icmpFrom: elsewhere } })
  })

  it('blame the client where the SYNs reached it, and the path where its SYN,ACK is lost', () => {
    const [unanswered] = observed(activePortUnanswered, atClient(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300)
      leave(session)
    })
    expect(unanswered).toMatchObject({ side: 'client', fact: { kind: 'silent', atListener: true, tries: 3 } })
    const [halfOpen] = observed(activePortUnanswered, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: 'syn-ack' })
      leave(session)
    })
    expect(halfOpen).toMatchObject({ side: 'path', fact: { kind: 'half-open', synAcks: 3 } })
  })

  it('tell the client from another machine by the TTL of the RST', () => {
    const refused = (hopLimit: number) =>
      observed(activePortRefused, atServer(''), (session) => {
        port(session, 52_300)
        command(session, 'LIST')
        dialBackInVain(session, 52_300, { answer: { rst: { hopLimit } } })
        leave(session)
      })[0]
    expect(refused(50)).toMatchObject({ side: 'client', fact: { foreign: false, ttl: 50, usualTtl: 50 } })
    expect(refused(60)).toMatchObject({ side: 'client-network', fact: { foreign: true, ttl: 60, usualTtl: 50 } })
  })

  it('show the 425 that is the reply to PORT itself', () => {
    const [found] = observed(activePortRefused, atServer(''), (session) => {
      command(session, 'PORT 198,51,100,7,204,76')
      dialBackInVain(session, 52_300, { answer: 'rst' })
      reply(session, '425 Connection refused.')
      leave(session)
    })
    expect(found?.evidence.at(-1)?.note).toBe('425 Connection refused.')
  })
})

describe('active-address-mismatch', () => {
  const told = (play: (session: FtpSession) => void, options: { address?: string; reply?: string } = {}) =>
    observed(activeAddressMismatch, atServer(''), (session) => {
      port(session, 52_300, { address: elsewhere, ...options })
      play(session)
    })
  const other = (session: FtpSession) => session.scene.host(elsewhere, { hopLimit: 50 })

  it('is an error where the server refuses it, and a warning where it worked otherwise', () => {
    const refusal = { reply: '500 Illegal PORT command.' }
    expect(told(leave, refusal)[0]).toMatchObject({ severity: 'error', confidence: 'high' })
    const good = told((session) => {
      listing(session)
      quit(session)
    }, refusal)
    expect(good[0]).toMatchObject({ severity: 'warning', fact: { kind: 'refused' } })
  })

  it('is less sure where nothing shows what became of it', () => {
    const [found] = told((session) => {
      command(session, 'LIST')
      session.scene.wait(60_000)
      leave(session)
    })
    expect(found).toMatchObject({
      severity: 'error',
      confidence: 'medium',
      rivals: ['port-bounce'],
      fact: { kind: 'not-seen', announced: '198.51.100.99:52300', peer: '198.51.100.7' },
    })
  })

  it('informs of one to which the server did connect, and of a transfer that was completed elsewhere', () => {
    const [connected] = told((session) => {
      command(session, 'LIST')
      const data = session.scene.connect(session.server, 20, other(session), 52_300)
      reply(session, '150 Here it comes.')
      data.client('-rw-r--r-- 1 0 0 1 Jan 1 00:00 a\r\n').close('client')
      reply(session, '226 Directory send OK.')
      quit(session)
    })
    expect(connected).toMatchObject({ severity: 'info', confidence: 'high', fact: { kind: 'connected' } })
    const [unseen] = told((session) => {
      ask(session, 'RETR image.iso', '226 Transfer complete.')
      quit(session)
    })
    expect(unseen).toMatchObject({ severity: 'info', confidence: 'high', fact: { kind: 'completed' } })
  })

  it('shows the SYNs that were not answered there, and the RST that answers one', () => {
    const notes = (options: Parameters<typeof dialBackInVain>[2]) => {
      const [found] = told((session) => {
        command(session, 'LIST')
        dialBackInVain(session, 52_300, { target: other(session), ...options })
        leave(session)
      })
      expect(found).toMatchObject({ severity: 'error', confidence: 'high', fact: { kind: 'failed' } })
      return found?.evidence.map(({ note }) => note)
    }
    expect(notes({})?.filter((note) => note.startsWith('SYN'))).toHaveLength(3)
    expect(notes({ answer: 'rst' })?.at(-1)).toContain('RST from')
  })

  it('leaves a private address, and a port of a service, to the rules on those', () => {
    for (const [number, address] of [
      [52_300, '192.168.1.10'],
      [25, elsewhere],
    ] as const) {
      const found = observed(activeAddressMismatch, atServer(''), (session) => {
        port(session, number, { address })
        leave(session)
      })
      expect(found).toEqual([])
    }
  })

  it('says nothing of the outside address that a client behind NAT announces with success', () => {
    const found = observed(activeAddressMismatch, atClient(''), (session) => {
      port(session, 52_300, { address: elsewhere })
      command(session, 'LIST')
      // The translator has put the inside address in place of the announced one.
      listBack(session, 52_300)
      quit(session)
    })
    expect(found).toEqual([])
  })
})

describe('active-private-address', () => {
  it('says nothing without a "no", a connection or an unanswered transfer', () => {
    const unused = (session: FtpSession) => {
      port(session, 52_300)
      leave(session)
    }
    const open = (session: FtpSession) => {
      port(session, 52_300)
      command(session, 'LIST')
    }
    for (const play of [unused, open]) expect(observed(activePrivateAddress, atClient(''), play)).toEqual([])
  })

  it('says nothing where the server has active mode switched off', () => {
    const found = observed(activePrivateAddress, atClient(''), (session) => {
      port(session, 52_300, { reply: '502 PORT disabled.' })
      leave(session)
    })
    expect(found).toEqual([])
  })

  it('does not speak of a NAT without helper where the place of capture is not known', () => {
    const found = observed(activePrivateAddress, between('', { client: '10.7.0.2' }), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300)
      leave(session)
    })
    expect(found[0]).toMatchObject({
      confidence: 'medium',
      rivals: ['active-not-attempted', 'active-port-unanswered'],
      fact: { kind: 'own', announced: '10.7.0.2:52300', client: '10.7.0.2', server: '203.0.113.20', atClient: false },
    })
    expect(found[0]?.message).toMatch(/the data connection was never established\.$/)
  })

  it('shows what the server met, or the transfer that got no answer', () => {
    const [met] = observed(activePrivateAddress, atServer('', { client: '192.168.1.10' }), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: { icmp: { from: '203.0.113.1', type: 3, code: 1 } } })
      leave(session)
    })
    const notes = met?.evidence.map(({ note }) => note)
    expect(notes?.slice(-2)).toEqual([expect.stringContaining('ICMP'), 'LIST'])
    const [asked] = observed(activePrivateAddress, atClient(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      session.scene.wait(30_000)
      leave(session)
    })
    expect(asked).toMatchObject({ fact: { kind: 'own', atClient: true } })
    expect(asked?.evidence.at(-1)?.note).toBe('LIST')
  })

  it('is sure where the server sees the client under another address', () => {
    const [found] = observed(activePrivateAddress, atServer(''), (session) => {
      port(session, 52_300, { address: '192.168.1.10', reply: '500 Illegal PORT command.' })
      leave(session)
    })
    expect(found).toMatchObject({
      severity: 'error',
      confidence: 'high',
      rivals: [],
      fact: { kind: 'behind-nat', announced: '192.168.1.10:52300', client: '198.51.100.7' },
    })
  })

  it('takes a 425 in reply to PORT for the refusal that it is', () => {
    const [found] = observed(activePrivateAddress, atServer(''), (session) => {
      port(session, 52_300, { address: '192.168.1.10', reply: "425 Can't open data connection." })
      leave(session)
    })
    expect(found?.evidence.at(-1)?.note).toBe("425 Can't open data connection.")
  })

  it('says nothing between two hosts of one network, or where the data connection was established', () => {
    const near = observed(activePrivateAddress, inLan(''), (session) => {
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
      leave(session)
    })
    const good = observed(activePrivateAddress, atClient(''), (session) => {
      port(session, 52_300)
      listBack(session, 52_300)
      quit(session)
    })
    expect([near, good]).toEqual([[], []])
  })
})

describe('active-not-attempted', () => {
  const waiting = (milliseconds: number) => (session: FtpSession) => {
    port(session, 52_300)
    command(session, 'LIST')
    session.scene.wait(milliseconds)
    session.control.keepAlive('client')
  }

  it('gives the server five seconds at the end of a capture, and two where the client leaves', () => {
    expect(observed(activeNotAttempted, inLan(''), waiting(4000))).toEqual([])
    expect(observed(activeNotAttempted, inLan(''), waiting(8000))).toHaveLength(1)
    const left = (milliseconds: number) => (session: FtpSession) => {
      waiting(milliseconds)(session)
      leave(session)
    }
    expect(observed(activeNotAttempted, inLan(''), left(1000))).toEqual([])
    expect(observed(activeNotAttempted, inLan(''), left(4000))).toHaveLength(1)
  })

  it('sees a server that cannot connect by its 425 at once, also where it comes in reply to PORT', () => {
    const toList = (session: FtpSession) => {
      port(session, 52_300)
      ask(session, 'LIST', FAILED)
      leave(session)
    }
    const toPort = (session: FtpSession) => {
      port(session, 52_300, { reply: FAILED })
      leave(session)
    }
    for (const play of [toList, toPort]) {
      const [found] = observed(activeNotAttempted, inLan(''), play)
      expect(found).toMatchObject({
        side: 'server',
        confidence: 'low',
        rivals: ['capture-filter-suspected'],
        fact: { kind: 'at-once', target: '10.1.0.2:52300', filtered: true, reply: { code: 425 } },
      })
      expect(found?.evidence[0].note).toBe(FAILED)
    }
  })

  it.each([
    ['the client', atClient, 'path', 'medium'],
    ['the server', atServer, 'server', 'low'],
  ] as const)('blames by the place of capture: at %s', (_, place, side, confidence) => {
    const [found] = observed(activeNotAttempted, place(''), (session) => {
      session.scene.udp(session.client, 40_053, session.server, 53, 'query')
      port(session, 52_300)
      ask(session, 'LIST', FAILED, { think: 60_000 })
      leave(session)
    })
    expect(found).toMatchObject({
      side,
      confidence,
      rivals: ['active-port-unanswered', 'active-private-address'],
      fact: { kind: 'absent', verb: 'PORT', filtered: false, reply: { code: 425 } },
    })
  })

  it('says nothing of a port that no transfer needed', () => {
    const found = observed(activeNotAttempted, inLan(''), (session) => {
      port(session, 52_300)
      session.scene.wait(60_000)
      leave(session)
    })
    expect(found).toEqual([])
  })
})

describe('active-rejected', () => {
  const refused = (answer: string, then: (session: FtpSession) => void = quit) =>
    observed(activeRejected, atClient(''), (session) => {
      port(session, 52_300, { reply: answer })
      then(session)
    })

  it('says nothing when something else brought a data connection, or when the login is the matter', () => {
    const transferred = (session: FtpSession) => {
      ask(session, 'LIST', '226 Done.')
      quit(session)
    }
    const accepted = (session: FtpSession) => {
      eprt(session, 52_300)
      quit(session)
    }
    expect(refused('500 Illegal PORT command.', transferred)).toEqual([])
    expect(refused('500 Illegal PORT command.', accepted)).toEqual([])
    expect(refused('530 Please login with USER and PASS.')).toEqual([])
    expect(refused('421 Service not available.')).toEqual([])
  })

  it('tells an objection to the endpoint from a mode that is switched off', () => {
    const [endpoint] = refused('500 Illegal PORT command.')
    expect(endpoint).toMatchObject({ confidence: 'high', fact: { kind: 'endpoint', verb: 'PORT' } })
    expect(endpoint?.evidence.map(({ note }) => note)).toEqual([
      '500 Illegal PORT command.',
      'PORT 192,168,1,10,204,76',
    ])
    expect(refused('502 Command not implemented.')[0]?.fact).toMatchObject({ kind: 'mode', reply: { code: 502 } })
  })
})

describe('active-source-address', () => {
  /** The server's data connection comes from another of its addresses. */
  const from = (play: (session: FtpSession) => void) =>
    observed(activeSourceAddress, atClient('', { client: '198.51.100.7' }), (session) => {
      port(session, 52_300)
      play(session)
    })
  const realServer = (session: FtpSession) => session.scene.host('203.0.113.31', { hopLimit: 57 })

  it('does no harm where the connection was established', () => {
    const [found] = from((session) => {
      listBack(session, 52_300, { from: realServer(session) })
      quit(session)
    })
    expect(found).toMatchObject({
      severity: 'warning',
      harmless: true,
      fact: { kind: 'established', source: '203.0.113.31', sourcePort: 20, server: '203.0.113.20' },
    })
    expect(found?.remedy[0]).toContain('-s 203.0.113.31 --sport 20 -j SNAT')
  })

  it('is an error where it failed, with the 425 that follows', () => {
    const failed = (then: (session: FtpSession) => void) =>
      from((session) => {
        command(session, 'LIST')
        dialBackInVain(session, 52_300, { from: realServer(session), fromPort: 40_020 })
        reply(session, FAILED, { think: 2000 })
        then(session)
      })[0]
    const found = failed(leave)
    expect(found).toMatchObject({ severity: 'error', harmless: false, fact: { kind: 'failed', sourcePort: 40_020 } })
    expect(found?.evidence.at(-1)?.note).toBe(FAILED)
    expect(found?.remedy[0]).not.toContain('--sport')
    expect(failed(listing)?.severity).toBe('warning')
  })
})

describe('active-source-port', () => {
  const from = (play: (session: FtpSession) => void) => observed(activeSourcePort, atClient(''), play)

  it('informs once of a data connection from another port than 20', () => {
    const found = from((session) => {
      for (const number of [52_300, 52_301]) {
        port(session, number)
        listBack(session, number, { fromPort: 40_020 })
      }
      quit(session)
    })
    expect(found).toMatchObject([
      { severity: 'info', fact: { kind: 'established', sourcePort: 40_020, defaultPort: 20 } },
    ])
  })

  it('warns of each that failed', () => {
    const found = from((session) => {
      for (const number of [52_300, 52_301]) {
        port(session, number)
        command(session, 'LIST')
        dialBackInVain(session, number, { fromPort: 40_020 })
      }
      leave(session)
    })
    expect(found).toMatchObject([
      { severity: 'warning', fact: { kind: 'failed', sourcePort: 40_020 } },
      { severity: 'warning', fact: { kind: 'failed' } },
    ])
  })
})

describe('active-tuple-reuse', () => {
  const again = (pause: number, options: Parameters<typeof dialBackInVain>[2] = {}) =>
    observed(activeTupleReuse, inLan(''), (session) => {
      port(session, 52_300)
      listBack(session, 52_300)
      session.scene.wait(pause)
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, options)
      leave(session)
    })

  it('warns within the time that TIME-WAIT lasts, and only of the same pair of ports', () => {
    const [found] = again(1000)
    expect(found?.fact).toMatchObject({ kind: 'time-wait', target: '10.1.0.2:52300' })
    expect(found?.fact.pauseNs).toBeGreaterThan(1e9)
    expect(again(600_000)).toEqual([])
    expect(again(1000, { fromPort: 40_020 })).toEqual([])
  })

  it('warns of a 425 at once, which a port in TIME-WAIT gives without a SYN', () => {
    const [found] = observed(activeTupleReuse, inLan(''), (session) => {
      port(session, 52_300)
      listBack(session, 52_300)
      port(session, 52_300)
      ask(session, 'LIST', '425 Failed to establish connection: address in use.')
      leave(session)
    })
    expect(found?.evidence.at(-1)?.note).toContain('425')
  })

  it('says nothing of another failure, or of an earlier connection that is still open', () => {
    const listed = observed(activeTupleReuse, inLan(''), (session) => {
      port(session, 52_300)
      listBack(session, 52_300)
      port(session, 52_300)
      ask(session, 'LIST', '550 No such folder.')
      leave(session)
    })
    const open = observed(activeTupleReuse, inLan(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBack(session, 52_300)
      port(session, 52_300)
      ask(session, 'LIST', '425 Failed to establish connection: address in use.')
      leave(session)
    })
    const busy = observed(activeTupleReuse, inLan(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      const data = dialBack(session, 52_300)
      port(session, 52_300)
      ask(session, 'LIST', '425 Failed to establish connection: address in use.')
      data.close('server')
      leave(session)
    })
    expect([listed, open, busy]).toEqual([[], [], []])
  })
})

describe('A listing over a connection that is open already', () => {
  it('is not a fault of active mode', () => {
    const rules = [activeNotAttempted, activePortUnanswered, activeRejected, activeSourceAddress, activeSourcePort]
    for (const rule of rules) {
      const found = observed(rule as Rule, inLan(''), (session) => {
        eprt(session, 52_299)
        port(session, 52_300)
        list(session, session.scene.connect(session.server, 20, session.client, 52_300))
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})
