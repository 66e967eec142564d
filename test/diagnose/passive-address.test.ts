import { describe, expect, it } from 'vitest'
import { passiveAddressMismatch } from '../../src/diagnose/rules/passive/passive-address-mismatch.js'
import { passivePrivateAddress } from '../../src/diagnose/rules/passive/passive-private-address.js'
import { passivePublicAddressInside } from '../../src/diagnose/rules/passive/passive-public-address-inside.js'
import { passiveUnusableAddress } from '../../src/diagnose/rules/passive/passive-unusable-address.js'
import {
  ask,
  command,
  dial,
  dialInVain,
  list,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, inLan } from '../support/places.js'
import { leave, observed } from './played.js'

const inside = '10.0.0.21'
const elsewhere = '203.0.113.77'

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
