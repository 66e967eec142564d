import type { Rule } from '../../src/diagnose/rule.js'
import { describe, expect, it } from 'vitest'
import { activeAddressMismatch } from '../../src/diagnose/rules/active/active-address-mismatch.js'
import { activeNotAttempted } from '../../src/diagnose/rules/active/active-not-attempted.js'
import { activePortRefused } from '../../src/diagnose/rules/active/active-port-refused.js'
import { activePortUnanswered } from '../../src/diagnose/rules/active/active-port-unanswered.js'
import { activePortUnreachable } from '../../src/diagnose/rules/active/active-port-unreachable.js'
import { activePrivateAddress } from '../../src/diagnose/rules/active/active-private-address.js'
import { activeRejected } from '../../src/diagnose/rules/active/active-rejected.js'
import { activeTupleReuse } from '../../src/diagnose/rules/active/active-tuple-reuse.js'
import {
  ask,
  command,
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
    ['a missing route', { type: 3, code: 1 }, 'there is no route to it'],
    ['a loop', { type: 11, code: 0 }, 'packets run in a loop'],
  ])('tell %s by the ICMP code', (_, error, words) => {
    const [found] = observed(activePortUnreachable, atServer(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: { icmp: { from: elsewhere, ...error } } })
      leave(session)
    })
    expect(found?.side).toBe('path')
    expect(found?.message).toContain(words)
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
    expect(good[0]?.severity).toBe('warning')
    expect(good[0]?.message).toContain('; the server refused.')
  })

  it('is less sure where nothing shows what became of it', () => {
    const [found] = told((session) => {
      command(session, 'LIST')
      session.scene.wait(60_000)
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'error', confidence: 'medium' })
    expect(found?.message).toContain('the data connection did not come about')
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
    expect(connected?.severity).toBe('info')
    expect(connected?.message).toContain('the data connection came about')
    const [unseen] = told((session) => {
      ask(session, 'RETR image.iso', '226 Transfer complete.')
      quit(session)
    })
    expect(unseen?.message).toContain('the transfer was completed')
  })

  it('shows the SYNs that nobody answered there', () => {
    const [found] = told((session) => {
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { target: other(session) })
      leave(session)
    })
    expect(found?.evidence.filter(({ note }) => note.startsWith('SYN'))).toHaveLength(3)
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
    expect(found[0]?.message).toMatch(/the data connection did not come about\.$/)
  })

  it('is sure where the server sees the client under another address', () => {
    const [found] = observed(activePrivateAddress, atServer(''), (session) => {
      port(session, 52_300, { address: '192.168.1.10', reply: '500 Illegal PORT command.' })
      leave(session)
    })
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain('a NAT on the way did not rewrite the announcement')
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

  it('sees a server that cannot dial out by its 425 at once, also where it comes instead of an answer to PORT', () => {
    const [found] = observed(activeNotAttempted, inLan(''), (session) => {
      port(session, 52_300)
      ask(session, 'LIST', FAILED)
      leave(session)
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('at once')
  })
})

describe('active-rejected', () => {
  it('says nothing when a transfer worked all the same, or when the login is the matter', () => {
    const worked = observed(activeRejected, atClient(''), (session) => {
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
      ask(session, 'LIST', '226 Done.')
      quit(session)
    })
    const notLoggedIn = observed(activeRejected, atClient(''), (session) => {
      eprt(session, 52_300, { reply: '530 Please login with USER and PASS.' })
      quit(session)
    })
    expect([worked, notLoggedIn]).toEqual([[], []])
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
    expect(again(1000)).toHaveLength(1)
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
})

describe('A listing over a connection that is open already', () => {
  it('is not a fault of active mode', () => {
    for (const rule of [activeNotAttempted, activePortUnanswered, activeRejected]) {
      const found = observed(rule as Rule, inLan(''), (session) => {
        port(session, 52_300)
        list(session, session.scene.connect(session.server, 20, session.client, 52_300))
        quit(session)
      })
      expect(found).toEqual([])
    }
  })
})
