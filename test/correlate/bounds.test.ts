import { describe, expect, it } from 'vitest'
import { type Expectation, ExpectationTable, fit } from '../../src/correlate/expectations.js'
import { HostPairs } from '../../src/correlate/host-pairs.js'
import { Twins } from '../../src/correlate/same-session.js'
import type { Announcement } from '../../src/ftp/model.js'
import { Connection } from '../../src/tcp/connection.js'
import { ask, command, dial, login, pasv, quit, reply, retrieve } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { SessionBuilder } from '../diagnose/session-builder.js'
import { channelsOf, follow, sessionsOf } from './follow.js'

const CLIENT = 1
const SERVER = 2
const OUTSIDE = 3
const OTHER = 4

/** PASV with a 227 that names `OUTSIDE`, on a control connection to `SERVER`. */
function expected(port = 50_005, address = OUTSIDE): Expectation<string> {
  const announcement = {} as Announcement
  return { owner: 'session', announcement, address, port, listener: SERVER, initiator: CLIENT, connections: [] }
}

const ends = (initiator: number, responder: number, responderPort = 50_005) => ({
  initiator,
  initiatorPort: 52_230,
  responder,
  responderPort,
})

describe('an expectation', () => {
  it('fits best where both hosts are the announced ones, then one of them, and a stranger only by the announced address', () => {
    expect(fit(expected(), ends(CLIENT, OUTSIDE))).toBe(7)
    expect(fit(expected(), ends(CLIENT, SERVER))).toBe(5)
    expect(fit(expected(), ends(OTHER, OUTSIDE))).toBe(3)
    expect(fit(expected(), ends(CLIENT, OTHER))).toBe(1)
    expect(fit(expected(), ends(OTHER, SERVER))).toBe(0)
    expect(fit(expected(), ends(OTHER, OTHER))).toBe(0)
    expect(fit(expected(), ends(CLIENT, OUTSIDE, 50_006))).toBe(0)
  })

  it('that has had its connection comes last, and no translator is seen in it a second time', () => {
    const used = expected()
    used.connections.push({ connection: new SessionBuilder().control, match: 'announced' })
    expect(fit(used, ends(CLIENT, OUTSIDE))).toBe(6)
    expect(fit(used, ends(CLIENT, SERVER))).toBe(4)
    expect(fit(used, ends(CLIENT, OTHER))).toBe(0)
  })

  it('gives way when a port is announced again and again: the latest 64 are compared', () => {
    const table = new ExpectationTable<string>()
    const first = expected(50_005, OTHER)
    table.add(first)
    expect(table.match(ends(CLIENT, OTHER))).toBe(first)
    for (let i = 0; i < 64; i++) table.add(expected())
    expect(table.match(ends(CLIENT, OTHER))).not.toBe(first)
    table.remove(first)
    expect(table.empty).toBe(false)
  })
})

describe('pairs of hosts', () => {
  const sessionOf = (port: number, frame: number) => {
    const { control, dialogue } = new SessionBuilder({ port }).handshake()
    control.last.frame = frame
    return { control, ftp: { dialogue }, clientId: CLIENT, endpoint: port, asSibling: null }
  }

  it('take the session that spoke last for the owner of a connection, and the latest where nobody spoke', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>()
    const pair = pairs.join(CLIENT, SERVER)
    expect(pairs.latest(pair)).toBeNull()
    const [a, b, c] = [sessionOf(21, 5), sessionOf(21, 9), sessionOf(21, 7)]
    for (const session of [a, b, c]) pair.sessions.add(session)
    expect(pairs.latest(pair)).toBe(b)
    pair.speaker = a
    expect(pairs.latest(pair)).toBe(a)
    pairs.leave(pair, a)
    expect(pairs.latest(pair)).toBe(b)
  })

  it('remember the latest 256 sessions, and look at as many open ones', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>()
    const pair = pairs.join(CLIENT, SERVER)
    for (let i = 0; i < 300; i++) pairs.remember(sessionOf(21, i))
    const open = Array.from({ length: 300 }, (_, i) => sessionOf(21, 1000 + i))
    for (const session of open) pair.sessions.add(session)
    expect(pairs.siblingsOf(open[0]!, pair)).toHaveLength(256 + 255)
    expect(pairs.latest(pair)).toBe(open[255])
  })

  it('are forgotten when more than 4096 others were seen since', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>()
    const pair = pairs.join(CLIENT, SERVER)
    for (let port = 1; port <= 4097; port++) pairs.remember(sessionOf(port, port))
    expect(pairs.siblingsOf(sessionOf(1, 9000), pair)).toEqual([])
    expect(pairs.siblingsOf(sessionOf(4097, 9000), pair)).toHaveLength(1)
  })
})

describe('the other side of a translator', () => {
  const seen = (sequence: number, client: string, server = '203.0.113.20') => {
    const first = { frame: sequence, time: 0 }
    const control = new Connection(0, 4, { address: client, port: 52_228 }, { address: server, port: 21 }, first)
    for (const flow of control.flows) Object.assign(flow, { packets: 1, initialSequence: sequence })
    return control
  }
  const { dialogue } = new SessionBuilder()

  it('has another address at one end, whichever', () => {
    const twins = new Twins()
    expect(twins.find(seen(7, '192.168.1.10'), dialogue)).toBeNull()
    expect(twins.find(seen(7, '192.168.1.10'), dialogue)).toBeNull()
    expect(twins.find(seen(7, '198.51.100.7'), dialogue)?.client.address).toBe('192.168.1.10')
    expect(twins.find(seen(7, '192.168.1.10', '10.0.0.21'), dialogue)?.server.address).toBe('203.0.113.20')
  })

  it('is forgotten when more than 1024 others were seen since', () => {
    const twins = new Twins()
    for (let sequence = 1; sequence <= 1025; sequence++) twins.find(seen(sequence, '192.168.1.10'), dialogue)
    expect(twins.find(seen(1, '198.51.100.7'), dialogue)).toBeNull()
    expect(twins.find(seen(1025, '198.51.100.7'), dialogue)).not.toBeNull()
  })
})

describe('a session', () => {
  it('keeps the latest 256 connections of its hosts that nothing readable explains', () => {
    const place = atClient('')
    const session = openControl(place)
    reply(session, session.dialect.greeting)
    ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
    session.control.client(clientHello())
    session.control.server(serverFlight())
    session.control.client(clientFinished())
    for (let i = 0; i < 300; i++) dial(session, 40_000 + i, { think: 0.01 })
    const ports = channelsOf(place.scene).map(({ to }) => to.port!)
    expect(ports).toHaveLength(256)
    expect(Math.min(...ports)).toBe(40_044)
  })

  it('expects nothing of words that cannot be read', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,300,85).')
    ask(session, 'LIST', '425 No.')
    quit(session)
    expect(channelsOf(place.scene)).toMatchObject([
      {
        state: 'not-attempted',
        connection: null,
        announcement: { malformed: expect.stringContaining('300') as string },
      },
    ])
  })

  it('has no data connection that turns out to be a control connection of its own', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    const other = openControl(place, { clientPort: 52_900, serverPort: 40_021 })
    login(other)
    retrieve(other)
    quit(other)
    quit(session)
    const sessions = sessionsOf(place.scene)
    expect(sessions.map(({ control }) => control.responder.port)).toEqual([21, 40_021])
    expect(sessions.map(({ channels }) => channels.length)).toEqual([0, 1])
  })

  it('of a mail server on another port is dropped while the capture goes on, and does not count', () => {
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

  it('found by content is left out, too, when other hosts are asked for', () => {
    const place = atClient('')
    const session = openControl(place, { serverPort: 40_021 })
    login(session)
    retrieve(session)
    quit(session)
    expect(sessionsOf(place.scene, { hosts: new Set(['192.0.2.99']) })).toEqual([])
    expect(sessionsOf(place.scene, { hosts: new Set(['203.0.113.20']) })).toHaveLength(1)
  })

  it('without an answer is over two minutes after its last SYN, not after its first', () => {
    const place = atClient('')
    place.scene.meanwhile(() => {
      place.scene.syn(place.client, 50_000, place.server, 21, { attempts: 7 })
    })
    const ticker = place.scene.host('192.0.2.99')
    for (let i = 0; i < 25; i++) {
      place.scene.wait(10_000)
      place.scene.udp(ticker, 5353, place.server, 53, 'tick')
    }
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions).toMatchObject([{ control: { synAttempts: 7 } }])
    // Seven SYNs and a tick each ten seconds: the last SYN is 63 s after the first.
    expect(handedOutAt[0]).toBeGreaterThan(7 + 18)
    expect(handedOutAt[0]).toBeLessThan(7 + 22)
  })
})
