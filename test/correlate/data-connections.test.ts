import { describe, expect, it } from 'vitest'
import { ask, dial, login, quit, reply, retrieve } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { channelsOf, sessionsOf } from './follow.js'

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

  it('expects nothing of a malformed announcement', () => {
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
})
