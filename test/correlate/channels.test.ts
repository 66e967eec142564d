import { describe, expect, it } from 'vitest'
import {
  ask,
  command,
  dial,
  dialBack,
  dialBackInVain,
  dialInVain,
  epsv,
  eprt,
  type FtpSession,
  listBack,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, between, inLan, openControl, type Place } from '../support/places.js'
import { channelOf, channelsOf } from './follow.js'

function loggedIn(place: Place): FtpSession {
  const session = openControl(place)
  login(session)
  return session
}

describe('a data channel', () => {
  it('is established when the client connects to the announced port, and carries its transfer', () => {
    const place = atClient('')
    const session = loggedIn(place)
    retrieve(session, { port: 50_005, data: 4000 })
    quit(session)
    expect(channelOf(place.scene)).toMatchObject({
      id: 1,
      mode: 'passive',
      state: 'established',
      match: 'announced',
      from: { address: '192.168.1.10', port: 52_229 },
      to: { address: '203.0.113.20', port: 50_005 },
      announcement: { verb: 'PASV', address: '203.0.113.20', port: 50_005 },
      connection: { tcpStream: 1, synAttempts: 1 },
      fromOtherHosts: [],
      transfer: { bytes: 4000, missingBytes: 0, outcome: 'completed' },
    })
  })

  it.each([atClient, atServer, between, inLan, atClientOverIpv6])(
    'goes to the control peer after EPSV, wherever it is captured (%o)',
    (place) => {
      const at = place('')
      const session = loggedIn(at)
      retrieve(session, { verb: 'EPSV', port: 50_006 })
      expect(channelOf(at.scene)).toMatchObject({
        state: 'established',
        match: 'announced',
        announcement: { verb: 'EPSV', address: null },
        to: { address: at.server.address, port: 50_006 },
      })
    },
  )

  it.each(['PORT', 'EPRT'] as const)('is opened by the server after %s', (verb) => {
    const place = atServer('')
    const session = loggedIn(place)
    listing(session, { verb, port: 40_001 })
    expect(channelOf(place.scene)).toMatchObject({
      mode: 'active',
      state: 'established',
      match: 'announced',
      from: { address: '203.0.113.20', port: 20 },
      to: { address: '198.51.100.7', port: 40_001 },
      transfer: { outcome: 'completed' },
    })
  })

  it('is recognized when the server does not connect from port 20', () => {
    const place = atServer('')
    const session = loggedIn(place)
    port(session, 40_001)
    listBack(session, 40_001, { fromPort: 51_234 })
    expect(channelOf(place.scene)).toMatchObject({
      state: 'established',
      match: 'announced',
      from: { address: '203.0.113.20', port: 51_234 },
    })
  })

  it('is unanswered when no SYN gets an answer', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    expect(channelOf(place.scene)).toMatchObject({ state: 'unanswered', connection: { synAttempts: 4 } })
  })

  it('is unanswered, too, when the SYN,ACK never arrives', () => {
    const place = atServer('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    dialInVain(session, 50_005, { answer: 'syn-ack', attempts: 3 })
    expect(channelOf(place.scene)).toMatchObject({ state: 'unanswered', connection: { synAckAttempts: 3 } })
  })

  it('is refused when a RST answers', () => {
    const place = atServer('')
    const session = loggedIn(place)
    port(session, 40_001)
    command(session, 'LIST')
    dialBackInVain(session, 40_001, { answer: 'rst' })
    reply(session, '425 Failed to establish connection.')
    expect(channelOf(place.scene)).toMatchObject({
      mode: 'active',
      state: 'refused',
      transfer: { bytes: null, outcome: 'failed' },
    })
  })

  it('is unreachable when an ICMP error quotes the SYN', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    dialInVain(session, 50_005, { answer: { icmp: { type: 3, code: 10, from: '203.0.113.1' } } })
    expect(channelOf(place.scene)).toMatchObject({ state: 'unreachable', connection: { icmpErrors: [{ code: 10 }] } })
  })

  it('is not attempted when nobody connects', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    quit(session)
    expect(channelOf(place.scene)).toMatchObject({
      state: 'not-attempted',
      match: 'none',
      connection: null,
      from: { address: '192.168.1.10', port: null },
      to: { address: '203.0.113.20', port: 50_005 },
      transfer: null,
    })
  })

  it('is rejected when the server refuses the announcement', () => {
    const place = atClient('')
    const session = loggedIn(place)
    port(session, 40_001, { reply: '500 Illegal PORT command.' })
    ask(session, 'PASV', '502 Command not implemented.')
    quit(session)
    expect(channelsOf(place.scene)).toMatchObject([
      { mode: 'active', state: 'rejected', connection: null },
      { mode: 'passive', state: 'rejected', connection: null, to: { port: null } },
    ])
  })

  it('is closed early when it opened, carried nothing, and the transfer was refused', () => {
    const place = atServer('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    command(session, 'LIST')
    data.close('server')
    reply(session, '425 Security: Bad IP connecting.')
    expect(channelOf(place.scene)).toMatchObject({ state: 'closed-early', transfer: { bytes: 0, outcome: 'failed' } })
  })

  it('is established when it carried nothing because the file is empty', () => {
    const place = atServer('')
    const session = loggedIn(place)
    retrieve(session, { data: '' })
    expect(channelOf(place.scene)).toMatchObject({
      state: 'established',
      transfer: { bytes: 0, outcome: 'completed' },
    })
  })

  it('is established though only one of its directions was captured', () => {
    const place = atServer('')
    const session = loggedIn(place)
    retrieve(session, { port: 50_005, data: 3000 })
    place.scene.drop((packet) => packet.tcp?.sourcePort === 52_229)
    expect(channelOf(place.scene)).toMatchObject({ state: 'established', transfer: { bytes: 3000 } })
  })

  it('is established, with its bytes, though the SYN,ACK is not in the capture', () => {
    const place = atServer('')
    const session = loggedIn(place)
    retrieve(session, { port: 50_005, data: 3000 })
    place.scene.drop((packet) => packet.tcp?.sourcePort === 50_005 && packet.tcp.flags === 0x12)
    expect(channelOf(place.scene)).toMatchObject({ state: 'established', transfer: { bytes: 3000 } })
  })

  it('without announcement takes the connection of the default data port', () => {
    const place = atServer('')
    const session = loggedIn(place)
    command(session, 'LIST')
    const data = place.scene.connect(place.server, 20, place.client, 52_228)
    reply(session, '150 Here it comes.')
    data.client('-rw-r--r-- 1 a b 5 x\r\n').close('client')
    reply(session, '226 Done.')
    expect(channelOf(place.scene)).toMatchObject({
      announcement: null,
      mode: 'active',
      match: 'none',
      state: 'established',
      transfer: { bytes: 22, outcome: 'completed' },
    })
  })

  it('without announcement and connection is a transfer that had none', () => {
    const place = atServer('')
    const session = loggedIn(place)
    ask(session, 'LIST', '425 Use PORT or PASV first.')
    expect(channelOf(place.scene)).toMatchObject({ announcement: null, state: 'not-attempted', connection: null })
  })

  it('stands for each of the announcements and transfers of a session, in their order', () => {
    const place = atServer('')
    const session = loggedIn(place)
    epsv(session, 50_001)
    dialInVain(session, 50_001, { attempts: 2 })
    listing(session, { port: 50_002 })
    eprt(session, 40_001, { reply: '522 Network protocol not supported.' })
    retrieve(session, { verb: 'PORT', port: 40_002 })
    quit(session)
    expect(
      channelsOf(place.scene).map(({ id, mode, state, to, transfer }) => [
        id,
        mode,
        state,
        to.port,
        transfer?.command.command,
      ]),
    ).toEqual([
      [1, 'passive', 'unanswered', 50_001, undefined],
      [2, 'passive', 'established', 50_002, 'LIST'],
      [3, 'active', 'rejected', 40_001, undefined],
      [4, 'active', 'established', 40_002, 'RETR'],
    ])
  })

  it('is one for each transfer that a single PORT serves', () => {
    const place = atServer('')
    const session = loggedIn(place)
    port(session, 40_001)
    for (let i = 0; i < 3; i++) {
      command(session, `RETR ${i}`)
      const data = dialBack(session, 40_001, { fromPort: 20 + i * 10_000 })
      reply(session, '150 Coming.')
      data.client(1000 * (i + 1)).close('client')
      reply(session, '226 Done.')
    }
    expect(channelsOf(place.scene).map(({ state, transfer }) => [state, transfer?.bytes])).toEqual([
      ['established', 1000],
      ['established', 2000],
      ['established', 3000],
    ])
  })
})
