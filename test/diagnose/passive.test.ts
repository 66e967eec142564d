import { describe, expect, it } from 'vitest'
import { extendedPassiveBlocked } from '../../src/diagnose/rules/extended-passive-blocked.js'
import { passiveAddressMismatch } from '../../src/diagnose/rules/passive-address-mismatch.js'
import { passiveNotAttempted } from '../../src/diagnose/rules/passive-not-attempted.js'
import { passivePortOutlier } from '../../src/diagnose/rules/passive-port-outlier.js'
import { passivePortRefused } from '../../src/diagnose/rules/passive-port-refused.js'
import { passivePortUnanswered } from '../../src/diagnose/rules/passive-port-unanswered.js'
import { passivePortUnreachable } from '../../src/diagnose/rules/passive-port-unreachable.js'
import { passivePrivateAddress } from '../../src/diagnose/rules/passive-private-address.js'
import { passivePublicAddressInside } from '../../src/diagnose/rules/passive-public-address-inside.js'
import { passiveRejected } from '../../src/diagnose/rules/passive-rejected.js'
import { passiveUnusableAddress } from '../../src/diagnose/rules/passive-unusable-address.js'
import {
  ask,
  command,
  dial,
  dialInVain,
  epsv,
  list,
  listing,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, inLan } from '../support/places.js'
import { observed, played } from './played.js'
import { observe } from './session-builder.js'

const leave = (session: FtpSession) => session.control.close('client')
const inside = '10.0.0.21'
const elsewhere = '203.0.113.77'

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
      const [found] = observed(rule, atClient(''), (session) => {
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

describe('passive-private-address', () => {
  const told = (play: (session: FtpSession) => void) =>
    observed(passivePrivateAddress, atClient(''), (session) => {
      pasv(session, 50_005, inside)
      play(session)
    })
  const there = (session: FtpSession) => session.scene.host(inside)

  it.each([
    ['a refusal', 'rst', 'The connection to it was refused', 'high'],
    ['an ICMP error', { icmp: { from: '198.51.100.1', type: 3, code: 1 } }, 'A router reported', 'high'],
    ['silence', 'none', 'Nobody answered there for 3.0 s.', 'high'],
  ] as const)('says that %s came of the private address', (_, answer, words, confidence) => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { answer, target: there(session) })
      leave(session)
    })
    expect(found?.message).toContain(words)
    expect(found?.confidence).toBe(confidence)
  })

  it('does not count seconds of one SYN', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { attempts: 1, target: there(session) })
      leave(session)
    })
    expect(found?.message).toMatch(/Nobody answered there\.$/)
  })

  it('is less sure where no connection was seen, and names that as a rival', () => {
    const [found] = told((session) => {
      ask(session, 'LIST', '425 Failed to establish connection.', { think: 60_000 })
      leave(session)
    })
    expect(found).toMatchObject({ confidence: 'medium', rivals: ['passive-not-attempted'] })
    expect(found?.message).toContain('No connection to it was seen')
    expect(found?.evidence.at(-1)?.note).toContain('425')
  })

  it('warns of a client that ignores it, with or without success at the address of the control connection', () => {
    const ignored = told((session) => {
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored[0]?.severity).toBe('warning')
    expect(ignored[0]?.message).toContain('the client ignored it')
    const inVain = told((session) => {
      dialInVain(session, 50_005)
      leave(session)
    })
    expect(inVain[0]?.message).toContain('instead, without success')
  })

  it('warns only when a later attempt brought what was wanted', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { target: there(session) })
      ask(session, 'RETR report.bin', '425 Failed to establish connection.')
      retrieve(session, { verb: 'EPSV', port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
  })
})

describe('passive-address-mismatch', () => {
  const told = (play: (session: FtpSession) => void) =>
    observed(passiveAddressMismatch, atClient(''), (session) => {
      pasv(session, 50_005, elsewhere)
      play(session)
    })
  const there = (session: FtpSession) => session.scene.host(elsewhere, { hopLimit: 57 })

  it('is an error where the connection to the other address is refused, with RST and 425 as evidence', () => {
    const [found] = told((session) => {
      command(session, 'LIST')
      dialInVain(session, 50_005, { answer: 'rst', target: there(session) })
      reply(session, '425 Failed to establish connection.', { think: 2000 })
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'error', confidence: 'high' })
    expect(found?.message).toContain('the data connection failed')
    expect(found?.evidence.map(({ note }) => note)).toEqual(
      expect.arrayContaining([expect.stringContaining('RST from'), expect.stringContaining('425')]),
    )
  })

  it('is less sure where no data connection was seen', () => {
    const [found] = told(leave)
    expect(found?.confidence).toBe('medium')
    expect(found?.message).toContain('no data connection was seen')
  })

  it('warns where a later attempt worked', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { target: there(session) })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
  })

  it('informs of a client that ignores the address, and of a transfer between two servers', () => {
    const ignored = told((session) => {
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored[0]?.severity).toBe('info')
    expect(ignored[0]?.message).toContain('because the client ignored the announced address')
    const between = told((session) => {
      ask(session, 'RETR image.iso', '150 Opening.')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(between[0]?.severity).toBe('info')
    expect(between[0]?.message).toContain('between two servers (FXP)')
  })

  it('says nothing of an address that cannot be dialled at all', () => {
    const multicast = observed(passiveAddressMismatch, atClient(''), (session) => {
      pasv(session, 50_005, '224.0.0.1')
      leave(session)
    })
    expect(multicast).toEqual([])
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

describe('passive-public-address-inside', () => {
  const outside = '203.0.113.20'
  const told = (play: (session: FtpSession) => void) =>
    observed(passivePublicAddressInside, inLan(''), (session) => {
      pasv(session, 50_005, outside)
      play(session)
    })

  it('shows how the outside address answered from inside', () => {
    const [refused] = told((session) => {
      command(session, 'LIST')
      dialInVain(session, 50_005, { answer: 'rst', target: session.scene.host(outside) })
      reply(session, '425 Failed to establish connection.', { think: 2000 })
      leave(session)
    })
    expect(refused).toMatchObject({ severity: 'error', confidence: 'high' })
    expect(refused?.evidence.map(({ note }) => note).join()).toMatch(/RST from 203\.0\.113\.20.*425/)
    const [filtered] = told((session) => {
      const icmp = { from: '10.1.0.1', type: 3, code: 13 }
      dialInVain(session, 50_005, { answer: { icmp }, target: session.scene.host(outside) })
      retrieve(session, { verb: 'EPSV', port: 50_006 })
      quit(session)
    })
    expect(filtered?.severity).toBe('warning')
    expect(filtered?.evidence.at(-1)?.note).toContain('ICMP')
  })

  it('says nothing of a transfer that came about unseen', () => {
    const unseen = told((session) => {
      ask(session, 'LIST', '226 Done.')
      quit(session)
    })
    expect(unseen).toEqual([])
    expect(told(leave)[0]?.confidence).toBe('medium')
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

describe('passive-unusable-address', () => {
  it('warns where the client knows better, and is an error where it does not', () => {
    const [ignored] = observed(passiveUnusableAddress, atClient(''), (session) => {
      pasv(session, 50_005, '0.0.0.0')
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored?.severity).toBe('warning')
    expect(ignored?.message).toContain('The client used 203.0.113.20 instead')
    const [found] = observed(passiveUnusableAddress, atClient(''), (session) => {
      pasv(session, 50_005, '127.0.0.1')
      ask(session, 'LIST', '425 Failed to establish connection.', { think: 60_000 })
      leave(session)
    })
    expect(found?.severity).toBe('error')
    expect(found?.evidence.at(-1)?.note).toContain('425')
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
