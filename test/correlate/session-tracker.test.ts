import { describe, expect, it } from 'vitest'
import {
  ask,
  command,
  dial,
  dialInVain,
  ftpSession,
  list,
  login,
  pasv,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atServer, openControl } from '../support/places.js'
import { filezilla } from '../support/server-dialects.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { sessionsOf } from './follow.js'

describe('sessions', () => {
  it('are found by content on any port, and their data connections with them', () => {
    const place = atClient('')
    const session = openControl(place, { serverPort: 40_021 })
    login(session)
    retrieve(session)
    quit(session)
    const [found] = sessionsOf(place.scene)
    expect(found).toMatchObject({
      id: 1,
      control: { midstream: false },
      server: { port: 40_021 },
      channels: [{ state: 'established', transfer: { outcome: 'completed' } }],
    })
    expect(found!.dialogue.exchanges.map((exchange) => exchange.command)).toEqual([
      null,
      'USER',
      'PASS',
      'PASV',
      'RETR',
      'QUIT',
    ])
  })

  it('are found, too, when several to that port run at the same time', () => {
    const place = atClient('')
    const sessions = [0, 1, 2].map((i) => openControl(place, { serverPort: 40_021, clientPort: 52_000 + i * 100 }))
    for (const session of sessions) login(session)
    sessions.forEach((session, i) => retrieve(session, { port: 50_000 + i, data: 1000 * (i + 1) }))
    for (const session of sessions) quit(session)
    const found = sessionsOf(place.scene)
    expect(found.map(({ channels }) => channels.map(({ transfer }) => transfer?.bytes))).toEqual([
      [1000],
      [2000],
      [3000],
    ])
  })

  it.each([25, 2525, 40_021])('are not made of SMTP on port %d', (serverPort) => {
    const place = atClient('')
    const session = openControl(place, { serverPort })
    reply(session, '220 mail.example.net ready', { think: 3 })
    ask(session, 'EHLO client.example.net', '250-mail.example.net\r\n250 STARTTLS')
    ask(session, 'MAIL FROM:<a@example.net>', '250 Ok')
    ask(session, 'RCPT TO:<b@example.net>', '250 Ok')
    ask(session, 'QUIT', '221 Bye')
    session.control.close('server')
    place.scene.wait(30_000)
    expect(sessionsOf(place.scene)).toEqual([])
  })

  const BANNER = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3'

  it.each(['AUTH TLS', 'AUTH SSL', 'USER alice', 'FEAT', 'HOST ftp.example.net'])(
    'are made of an FTP client that sends %s to an SSH server',
    (line) => {
      const place = atClient('')
      const session = openControl(place, { serverPort: 22 })
      reply(session, BANNER, { think: 3 })
      ask(session, line, 'Invalid SSH identification string.')
      session.control.close('server')
      expect(sessionsOf(place.scene)).toMatchObject([{ dialogue: { otherProtocol: { name: 'SSH' } } }])
    },
  )

  it('are made of a TLS client on port 22', () => {
    for (const first of ['client', 'server'] as const) {
      const place = atClient('')
      const session = openControl(place, { serverPort: 22 })
      if (first === 'server') reply(session, BANNER, { think: 3 })
      session.control.client(clientHello())
      if (first === 'client') reply(session, BANNER, { think: 3 })
      session.control.close('server')
      expect(sessionsOf(place.scene)).toMatchObject([{ dialogue: { otherProtocol: { name: 'SSH' } } }])
    }
  })

  it('are not made of SSH, whoever speaks first, nor of TLS on port 22 without an SSH server', () => {
    const play = (speak: (session: FtpSession) => void, serverPort = 22) => {
      const place = atClient('')
      const session = openControl(place, { serverPort })
      speak(session)
      session.control.close('client')
      place.scene.wait(200_000)
      return sessionsOf(place.scene)
    }
    const keys = Uint8Array.from({ length: 900 }, (_, index) => (index * 37) & 0xff)
    const exchange = (session: FtpSession) => session.control.client(keys).server(keys)
    const client = (session: FtpSession) => {
      command(session, 'SSH-2.0-PuTTY_Release_0.81')
    }
    const server = (session: FtpSession) => {
      reply(session, BANNER)
    }
    for (const order of [[client, server, exchange], [server, client, exchange], [server], [client]]) {
      const speak = (session: FtpSession) => {
        for (const step of order) step(session)
      }
      expect(play(speak)).toEqual([])
      expect(play(speak, 2222)).toEqual([])
    }
    expect(play((session) => session.control.client(clientHello()).server(keys))).toEqual([])
  })

  it('are not made of a server that sends a 220 and nothing else', () => {
    const place = atClient('')
    const session = openControl(place, { serverPort: 2525 })
    reply(session, '220 welcome', { think: 3 })
    expect(sessionsOf(place.scene)).toEqual([])
  })

  it('are made of connections to a control port though they carry nothing', () => {
    const place = atClient('')
    place.scene.syn(place.client, 50_000, place.server, 21)
    expect(sessionsOf(place.scene)).toMatchObject([{ control: { synAttempts: 3 }, cutOff: true, channels: [] }])
  })

  it('have a data connection whose SYN is missing from the capture matched by the port at either end', () => {
    for (const first of ['client', 'server'] as const) {
      const place = atServer('')
      const session = openControl(place)
      login(session)
      pasv(session, 50_005)
      const data = dial(session, 50_005, { captured: false })
      data.acknowledge(first)
      ask(session, 'LIST', '150 Here it comes.')
      data.server(700).close('server')
      reply(session, '226 Directory send OK.')
      expect(sessionsOf(place.scene)[0]!.channels).toMatchObject([
        { state: 'established', match: 'announced', from: { port: 52_229 }, transfer: { bytes: 700 } },
      ])
    }
  })

  it('of other hosts are left out when a host is given', () => {
    const place = atClient('')
    for (const address of ['203.0.113.20', '203.0.113.21', '203.0.113.22']) {
      const server = place.scene.host(address)
      login(ftpSession(place.scene, place.client, server))
    }
    const found = sessionsOf(place.scene, { hosts: new Set(['203.0.113.21']) })
    expect(found.map(({ control }) => control.responder.address)).toEqual(['203.0.113.21'])
  })

  it('captured from their middle take the data connection that is open already', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    retrieve(session, { data: 40_000 })
    quit(session)
    const isRetr = (payload: Uint8Array) => new TextDecoder().decode(payload).startsWith('RETR')
    place.scene.apply((packets) => packets.slice(packets.findIndex(({ payload }) => isRetr(payload))))
    expect(sessionsOf(place.scene)).toMatchObject([
      {
        control: { midstream: true },
        channels: [{ announcement: null, match: 'none', mode: 'passive', transfer: { bytes: 40_000 } }],
      },
    ])
  })

  it('are not counted of a mail server on another port, which is dropped while the capture goes on', () => {
    const place = atClient('')
    const mail = openControl(place, { clientPort: 52_900, serverPort: 2525 })
    reply(mail, '220 mail.example.net ready')
    ask(mail, 'EHLO client.example.net', '250-mail.example.net\r\n250 STARTTLS')
    ask(mail, 'MAIL FROM:<a@example.net>', '250 Ok')
    place.scene.wait(3000)
    const session = openControl(place)
    login(session)
    command(mail, 'RCPT TO:<b@example.net>')
    pasv(session, 50_005)
    quit(session)
    expect(sessionsOf(place.scene)).toMatchObject([{ id: 1, server: { port: 21 } }])
  })

  it('found by content are left out, too, when other hosts are given', () => {
    const place = atClient('')
    const session = openControl(place, { serverPort: 40_021 })
    login(session)
    retrieve(session)
    quit(session)
    expect(sessionsOf(place.scene, { hosts: new Set(['192.0.2.99']) })).toEqual([])
    expect(sessionsOf(place.scene, { hosts: new Set(['203.0.113.20']) })).toHaveLength(1)
  })
})

describe('parallel sessions of the same hosts', () => {
  it('get the data connections that each of them announced', () => {
    const place = atClient('')
    const a = openControl(place, { clientPort: 52_000 })
    const b = openControl(place, { clientPort: 53_000 })
    login(a)
    login(b)
    pasv(a, 50_001)
    pasv(b, 50_002)
    const forB = dial(b, 50_002)
    const forA = dial(a, 50_001)
    list(a, forA)
    ask(b, 'RETR x', '150 Opening BINARY mode data connection for x (9 bytes).')
    forB.server('123456789').close('server')
    reply(b, '226 Transfer complete.')
    quit(a)
    quit(b)
    const [first, second] = sessionsOf(place.scene)
    expect(first!.channels).toMatchObject([{ to: { port: 50_001 }, transfer: { command: { command: 'LIST' } } }])
    expect(second!.channels).toMatchObject([{ to: { port: 50_002 }, transfer: { bytes: 9 } }])
    expect([first!.surroundings.sameHosts.length, second!.surroundings.sameHosts.length]).toEqual([1, 1])
  })

  it('get theirs though the SYN is captured before the announcement and the other session was active last', () => {
    const place = atClient('')
    const a = openControl(place, { clientPort: 52_000 })
    const b = openControl(place, { clientPort: 53_000 })
    login(a)
    login(b)
    retrieve(a, { port: 50_001, data: 500 })
    ask(b, 'NOOP', '200 NOOP ok.')
    place.scene.apply((packets) => {
      const isReply = (start: string) => (packet: (typeof packets)[number]) =>
        new TextDecoder().decode(packet.payload).startsWith(start)
      const [announcement] = packets.splice(packets.findIndex(isReply('227')), 1)
      const moving = packets.splice(packets.findIndex(isReply('NOOP')), 2)
      const syn = packets.findIndex(({ tcp }) => tcp?.destinationPort === 50_001)
      const { time } = packets[syn]!
      const moved = [...moving, packets[syn]!, announcement!]
      for (const packet of moved) packet.time = time
      packets.splice(syn, 1, ...moved)
      return packets
    })
    const [first, second] = sessionsOf(place.scene)
    expect(first!.channels).toMatchObject([{ state: 'established', match: 'announced', transfer: { bytes: 500 } }])
    expect(second!.channels).toEqual([])
  })

  it('stay sessions when one of them announces the control port of their server', () => {
    const place = atServer('')
    const bouncing = openControl(place)
    login(bouncing)
    pasv(bouncing, 21)
    const other = place.scene.host('198.51.100.200', { hopLimit: 50 })
    const honest = [0, 1].map((i) => ftpSession(place.scene, other, place.server, { clientPort: 60_000 + i }))
    for (const session of honest) login(session)
    expect(sessionsOf(place.scene).map(({ control, dialogue }) => [control.initiator.address, dialogue.login])).toEqual(
      [
        ['198.51.100.7', 'accepted'],
        ['198.51.100.200', 'accepted'],
        ['198.51.100.200', 'accepted'],
      ],
    )
  })
})

describe('a session under TLS', () => {
  function secured() {
    const place = atClient('')
    const session = openControl(place, { dialect: filezilla })
    reply(session, session.dialect.greeting, { think: 3 })
    ask(session, 'AUTH TLS', '234 Using authentication type TLS.')
    session.control.client(clientHello()).server(serverFlight()).client(clientFinished())
    return { place, session }
  }

  it('has the connections of its hosts attached as data channels that nothing readable connects to it', () => {
    const { place, session } = secured()
    for (let i = 0; i < 2; i++) {
      session.control.client(applicationData(30)).server(applicationData(60))
      const data = dial(session, 50_005 + i)
      session.control.client(applicationData(34)).server(applicationData(70))
      data.client(clientHello()).server(serverFlight()).client(clientFinished()).server(applicationData(900))
      data.close('server')
      session.control.server(applicationData(44))
    }
    dialInVain(session, 50_007)
    const [found] = sessionsOf(place.scene)
    expect(found!.dialogue.security).toBe('explicit-tls')
    expect(
      found!.channels.map(({ match, mode, state, announcement, to }) => [match, mode, state, announcement, to.port]),
    ).toEqual([
      ['none', 'passive', 'established', null, 50_005],
      ['none', 'passive', 'established', null, 50_006],
      ['none', 'passive', 'unanswered', null, 50_007],
    ])
  })

  it('has none of what other hosts do at the same time', () => {
    const { place } = secured()
    const other = place.scene.host('203.0.113.99')
    place.scene.connect(place.client, 52_500, other, 50_005).server(1000).close('server')
    expect(sessionsOf(place.scene)[0]!.channels).toEqual([])
  })
})
