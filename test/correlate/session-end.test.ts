import { describe, expect, it } from 'vitest'
import { ask, dial, listing, login, pasv, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { Flag } from '../support/scene-packet.js'
import { follow, sessionsOf } from './follow.js'

describe('a session is handed out', () => {
  it('some seconds after it has closed, while the input goes on', () => {
    const place = atClient('')
    for (let i = 0; i < 10; i++) {
      const session = openControl(place, { clientPort: 50_000 + i * 10 })
      login(session)
      listing(session, { port: 51_000 + i })
      quit(session)
      place.scene.wait(20_000)
    }
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(handedOutAt.slice(0, 9).every((frame) => frame > 0)).toBe(true)
    expect(handedOutAt[9]).toBe(0)
    sessions.slice(0, 9).forEach(({ control }, i) => {
      expect(handedOutAt[i]).toBeGreaterThan(control.last.frame)
      expect(handedOutAt[i]).toBeLessThanOrEqual(sessions[i + 1]!.control.first.frame)
    })
  })

  it.each([
    ['a second after all was closed in order', true, 100],
    ['five seconds after its close where an announcement is open', false, 4900],
  ])('%s', (_name, transfers, before) => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    if (transfers) listing(session, { port: 51_000 })
    else pasv(session, 51_000)
    quit(session)
    const last = place.scene.packets.length
    // What the clock moves by: each packet is looked at after it has been moved.
    for (const wait of [before, 1300]) {
      place.scene.wait(wait)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    const { handedOutAt } = follow(place.scene.toPcap())
    expect(handedOutAt).toEqual([last + 2])
  })

  it('only when its data has ceased to flow, though the control connection is gone', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR big', '150 Opening BINARY mode data connection for big (20000 bytes).')
    session.control.reset('server')
    for (let i = 0; i < 20; i++) {
      data.server(1000)
      place.scene.wait(3000)
    }
    data.close('server')
    place.scene.wait(10_000)
    place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    place.scene.wait(2000)
    place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions).toMatchObject([{ channels: [{ transfer: { bytes: 20_000 } }] }])
    expect(handedOutAt[0]).toBeGreaterThan(sessions[0]!.channels[0]!.connection!.last.frame)
  })

  it.each([
    ['outside the window', { ahead: 400_000_000 }],
    ['with a TTL of its own', { ahead: 0, hopLimit: 49 }],
  ])('two minutes after a RST %s, where nothing follows', (_name, { ahead, ...look }) => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    const end = session.control.end('server')
    session.control.raw({ from: 'server', flags: Flag.Rst, sequence: end.sequenceAt(end.next + ahead), ...look })
    const reset = place.scene.packets.length
    for (let i = 0; i < 20; i++) {
      place.scene.wait(10_000)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions).toHaveLength(1)
    expect(handedOutAt[0]).toBeGreaterThan(reset + 10)
    expect(handedOutAt[0]).toBeLessThan(reset + 16)
  })

  it('with what follows a RST that its receiver did not take, though late', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    session.control.raw({ from: 'server', flags: Flag.Rst, hopLimit: 49 })
    for (let i = 0; i < 3; i++) {
      place.scene.wait(10_000)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    listing(session)
    quit(session)
    const { sessions } = follow(place.scene.toPcap())
    expect(sessions).toMatchObject([{ control: { resetCount: 0, closedBy: { how: 'fin' } } }])
  })

  it('before the connection of a SYN that it was reset after', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    session.control.raw({ from: 'client', flags: Flag.Syn, sequence: 77 })
    session.control.raw({ from: 'client', flags: Flag.Rst })
    for (let i = 0; i < 4; i++) {
      place.scene.wait(10_000)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    const { sessions } = follow(place.scene.toPcap())
    expect(sessions.map(({ control }) => control.tcpStream)).toEqual([0, 1])
  })

  it('after two minutes without an answer to its SYNs', () => {
    const place = atClient('')
    place.scene.syn(place.client, 50_000, place.server, 21)
    for (let i = 0; i < 20; i++) {
      place.scene.wait(10_000)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions).toHaveLength(1)
    expect(handedOutAt[0]).toBeGreaterThan(3)
  })

  it('some milliseconds after all was closed in order, while hundreds are open', () => {
    const place = atClient('')
    for (let i = 0; i < 520; i++) openControl(place, { clientPort: 10_000 + i })
    const session = openControl(place)
    login(session)
    quit(session)
    const last = place.scene.packets.length
    for (let i = 0; i < 5; i++) {
      place.scene.wait(14)
      place.scene.udp(place.client, 5353, place.server, 53, 'tick')
    }
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    const index = sessions.findIndex(({ id }) => id === 521)
    expect(handedOutAt[index]).toBeGreaterThan(last + 1)
    expect(handedOutAt[index]).toBeLessThanOrEqual(last + 5)
  })

  it('when its ports are reused', () => {
    const place = atClient('')
    for (let i = 0; i < 3; i++) login(openControl(place))
    const { sessions, handedOutAt } = follow(place.scene.toPcap())
    expect(sessions.map(({ control }) => control.tcpStream)).toEqual([0, 1, 2])
    expect(handedOutAt.map((frame) => frame > 0)).toEqual([true, true, false])
  })

  it('before its end when more are open than may be, and that is reported', () => {
    const place = atClient('')
    for (let i = 0; i < 8; i++) login(openControl(place, { clientPort: 50_000 + i }))
    const { sessions, handedOutAt, anomalies } = follow(place.scene.toPcap(), { maxSessions: 3 })
    expect(sessions.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(handedOutAt.filter((frame) => frame === 0)).toHaveLength(3)
    expect(anomalies.list()).toMatchObject([{ kind: 'session-table-full', count: 5 }])
  })

  it('once, with counts that do not change when it is handed out at the end of the input', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    session.control.lost('server', '200 not captured\r\n').client('QUIT\r\n')
    const [found] = sessionsOf(place.scene)
    expect(found!.control.flows[1]).toMatchObject({ missingBytes: 18, acknowledgedUnseen: 18 })
  })

  it('two minutes after the last of its SYNs without an answer, not after the first', () => {
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
