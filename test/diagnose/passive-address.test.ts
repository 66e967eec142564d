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
import { atClient, atServer, between, inLan } from '../support/places.js'
import { leave, observed, says } from './played.js'

const inside = '10.0.0.21'
const elsewhere = '203.0.113.77'
const FAILED = '425 Failed to establish connection.'

describe('passive-private-address', () => {
  const told = (play: (session: FtpSession) => void) =>
    observed(passivePrivateAddress, atClient(''), (session) => {
      pasv(session, 50_005, inside)
      play(session)
    })
  const there = (session: FtpSession) => session.scene.host(inside)

  it.each([
    ['a refusal', 'rst', 'refused', 0, 'RST from 10.0.0.21'],
    ['an ICMP error', { icmp: { from: '198.51.100.1', type: 3, code: 1 } }, 'unreachable', 0, 'ICMP'],
    ['silence', 'none', 'silent', 3e9, 'SYN '],
    ['half a handshake', 'syn-ack', 'half-open', 3e9, 'SYN '],
  ] as const)('says that %s came of the private address', (_, answer, result, spanNs, note) => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { answer, target: there(session) })
      leave(session)
    })
    expect(found).toMatchObject({
      severity: 'error',
      confidence: 'high',
      rivals: [],
      fact: {
        kind: 'behind-nat',
        announced: '10.0.0.21:50005',
        address: inside,
        client: '192.168.1.10',
        server: '203.0.113.20',
        target: '10.0.0.21:50005',
        result,
        spanNs,
      },
    })
    expect(found?.evidence.at(-1)?.note).toContain(note)
  })

  it('does not count seconds of one SYN', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { attempts: 1, target: there(session) })
      leave(session)
    })
    expect(found?.fact).toMatchObject({ result: 'silent', spanNs: 0 })
    expect(found?.message).toMatch(/No answer was captured\.$/)
  })

  it('is less sure where no connection was seen, and names that as a rival', () => {
    const [found] = told((session) => {
      ask(session, 'LIST', FAILED, { think: 60_000 })
      leave(session)
    })
    expect(found).toMatchObject({ confidence: 'medium', rivals: ['passive-not-attempted'] })
    expect(found?.fact).toMatchObject({ kind: 'behind-nat', target: null, result: null })
    expect(found?.evidence.at(-1)?.note).toBe(FAILED)
  })

  it('warns of a client that ignores it, with or without success at the address of the control connection', () => {
    const [ignored] = told((session) => {
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored).toMatchObject({ severity: 'warning', fact: { kind: 'ignored', target: '203.0.113.20:50005' } })
    expect(ignored?.evidence).toHaveLength(2)
    const [inVain] = told((session) => {
      dialInVain(session, 50_005)
      leave(session)
    })
    expect(inVain).toMatchObject({
      severity: 'error',
      confidence: 'medium',
      rivals: ['passive-port-unanswered'],
      fact: { kind: 'elsewhere', target: '203.0.113.20:50005', result: 'silent' },
    })
  })

  it('says nothing where the data connection reached the private address itself', () => {
    const found = told((session) => {
      list(session, session.scene.connect(session.client, session.nextPort++, there(session), 50_005))
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('says in plain words what to change in a server that has no setting for it', () => {
    const [found] = says(passivePrivateAddress, atClient(''), (session) => {
      reply(session, '220-FTPD1 IBM FTP CS V2R4 at EXAMPLE.COM, 09:00:00 on 2024-03-01.\r\n220 Connection established.')
      pasv(session, 50_005, inside)
      leave(session)
    })
    expect(found?.remedy[0]).toMatch(
      /^on the server \(.*\): announce 203\.0\.113\.20 in 227 replies, with passive ports/,
    )
  })

  it('warns only when a later attempt brought what was wanted', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { target: there(session) })
      ask(session, 'RETR report.bin', FAILED)
      retrieve(session, { verb: 'EPSV', port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
  })

  describe('after the NAT, where it is the address of the server', () => {
    const own = (play: (session: FtpSession) => void, place = atServer) =>
      observed(passivePrivateAddress, place('', { server: inside }), (session) => {
        pasv(session, 50_005)
        play(session)
      })

    it('is found where a client from outside never came', () => {
      const [found] = own((session) => {
        ask(session, 'LIST', FAILED, { think: 60_000 })
        leave(session)
      })
      expect(found).toMatchObject({
        severity: 'error',
        confidence: 'medium',
        rivals: ['passive-not-attempted', 'passive-port-unanswered'],
        fact: { kind: 'own', announced: '10.0.0.21:50005', client: '198.51.100.7', target: null },
      })
      expect(found?.evidence.at(-1)?.note).toBe(FAILED)
      expect(found?.remedy[0]).toContain(
        'pasv_address=ADDRESS; pasv_min_port=50000, pasv_max_port=50100 (ADDRESS: its public address)',
      )
    })

    it('is no fault where the client came, where a later attempt worked, or as seen from the client', () => {
      const tried = own((session) => {
        dialInVain(session, 50_005)
        leave(session)
      })
      const good = own((session) => {
        ask(session, 'RETR report.bin', FAILED)
        retrieve(session, { port: 50_006 })
        quit(session)
      })
      const seen = observed(
        passivePrivateAddress,
        atClient('', { client: '198.51.100.7', server: inside }),
        (session) => {
          pasv(session, 50_005)
          leave(session)
        },
      )
      expect([tried, good, seen]).toEqual([[], [], []])
      expect(own(leave, between)).toHaveLength(1)
    })

    it('is no fault between two hosts of one network', () => {
      const found = observed(passivePrivateAddress, inLan(''), (session) => {
        pasv(session, 50_005)
        leave(session)
      })
      expect(found).toEqual([])
    })
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
      reply(session, FAILED, { think: 2000 })
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'error', confidence: 'high' })
    expect(found?.fact).toEqual({ kind: 'failed', announced: '203.0.113.77:50005', peer: '203.0.113.20' })
    const notes = found?.evidence.map(({ note }) => note)
    expect(notes?.slice(-2)).toEqual([expect.stringContaining('RST from'), FAILED])
  })

  it('shows the ICMP error that the other address met', () => {
    const [found] = told((session) => {
      const answer = { icmp: { from: '198.51.100.1', type: 3, code: 1 } }
      dialInVain(session, 50_005, { answer, target: there(session) })
      leave(session)
    })
    expect(found?.evidence.at(-1)?.note).toContain('ICMP')
  })

  it('is less sure where no data connection was seen', () => {
    const [found] = told(leave)
    expect(found).toMatchObject({ severity: 'error', confidence: 'medium', fact: { kind: 'not-seen' } })
  })

  it('warns where a later attempt worked', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { target: there(session) })
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
  })

  it('informs of one that worked, to either address, and of a transfer between two servers', () => {
    const [connected] = told((session) => {
      list(session, session.scene.connect(session.client, session.nextPort++, there(session), 50_005))
      quit(session)
    })
    expect(connected).toMatchObject({ severity: 'info', fact: { kind: 'connected' } })
    const [ignored] = told((session) => {
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored).toMatchObject({ severity: 'info', fact: { kind: 'ignored' } })
    const [unseen] = told((session) => {
      ask(session, 'RETR image.iso', '150 Opening.')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(unseen).toMatchObject({ severity: 'info', confidence: 'medium', fact: { kind: 'completed' } })
  })

  it('is no error of a transfer that was completed although this client was refused', () => {
    const [found] = told((session) => {
      dialInVain(session, 50_005, { answer: 'rst', target: there(session) })
      ask(session, 'RETR image.iso', '226 Transfer complete.')
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'info', fact: { kind: 'completed' } })
  })

  it('is an error where the connection was established and the transfer failed', () => {
    const [found] = told((session) => {
      const data = dial(session, 50_005)
      ask(session, 'RETR a', '150 Opening.')
      data.server(1000).reset('server')
      reply(session, '426 Failure writing network stream.')
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'error', fact: { kind: 'failed' } })
  })

  it('says nothing of an address that is not public, or that a NAT makes right', () => {
    const multicast = observed(passiveAddressMismatch, atClient(''), (session) => {
      pasv(session, 50_005, '224.0.0.1')
      leave(session)
    })
    const behindNat = observed(passiveAddressMismatch, atServer('', { server: inside }), (session) => {
      pasv(session, 50_005, elsewhere)
      leave(session)
    })
    const translated = told((session) => {
      const other = session.scene.host('198.51.100.80', { hopLimit: 57 })
      list(session, session.scene.connect(session.client, session.nextPort++, other, 50_005))
      quit(session)
    })
    expect([multicast, behindNat, translated]).toEqual([[], [], []])
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
      reply(session, FAILED, { think: 2000 })
      leave(session)
    })
    expect(refused).toMatchObject({
      severity: 'error',
      confidence: 'high',
      fact: {
        kind: 'failed',
        announced: '203.0.113.20:50005',
        address: outside,
        client: '10.1.0.2',
        server: '10.1.0.20',
      },
    })
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

  it('says nothing of a connection that was established, or of a transfer without one', () => {
    const hairpin = told((session) => {
      const host = session.scene.host(outside)
      list(session, session.scene.connect(session.client, session.nextPort++, host, 50_005))
      quit(session)
    })
    const unseen = told((session) => {
      ask(session, 'LIST', '226 Done.')
      quit(session)
    })
    expect([hairpin, unseen]).toEqual([[], []])
    expect(told(leave)[0]).toMatchObject({ confidence: 'medium', fact: { kind: 'not-seen' } })
  })

  it('says nothing of a client from outside', () => {
    const found = observed(passivePublicAddressInside, atServer('', { server: inside }), (session) => {
      pasv(session, 50_005, outside)
      leave(session)
    })
    expect(found).toEqual([])
  })
})

describe('passive-unusable-address', () => {
  const told = (address: string, play: (session: FtpSession) => void) =>
    observed(passiveUnusableAddress, atClient(''), (session) => {
      pasv(session, 50_005, address)
      play(session)
    })

  it('warns where the client knows better, and is an error where it does not', () => {
    const [ignored] = told('0.0.0.0', (session) => {
      list(session, dial(session, 50_005))
      quit(session)
    })
    expect(ignored).toMatchObject({ severity: 'warning', fact: { kind: 'ignored', server: '203.0.113.20' } })
    for (const address of ['127.0.0.1', '224.0.0.1', '255.255.255.255']) {
      const [found] = told(address, (session) => {
        ask(session, 'LIST', FAILED, { think: 60_000 })
        leave(session)
      })
      expect(found).toMatchObject({ severity: 'error', fact: { kind: 'followed', announced: `${address}:50005` } })
      expect(found?.evidence.at(-1)?.note).toBe(FAILED)
    }
  })

  it('warns only where the client knew better, although the server then closed the connection unused', () => {
    const [found] = told('0.0.0.0', (session) => {
      const data = dial(session, 50_005)
      command(session, 'RETR missing')
      data.close('server')
      reply(session, '550 Failed to open file.')
      leave(session)
    })
    expect(found).toMatchObject({ severity: 'warning', fact: { kind: 'ignored' } })
  })

  it('says nothing of a loopback address between programs of one machine', () => {
    const place = inLan('', { client: '127.0.0.1', server: '127.0.0.1' })
    const found = observed(passiveUnusableAddress, place, (session) => {
      pasv(session, 50_005)
      leave(session)
    })
    expect(found).toEqual([])
  })
})
