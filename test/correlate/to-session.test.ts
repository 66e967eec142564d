import { describe, expect, it } from 'vitest'
import { ask, command, login, reply } from '../support/ftp-scene.js'
import { atClient, atServer, openControl } from '../support/places.js'
import { sessionsOf } from './follow.js'

describe('the surroundings of a session', () => {
  it('know connections to the ident port, which are no data connections', () => {
    const place = atServer('')
    const session = openControl(place)
    place.scene.syn(place.server, 45_000, place.client, 113)
    login(session)
    command(session, 'LIST')
    const [found] = sessionsOf(place.scene)
    expect(found!.surroundings.ident).toHaveLength(1)
    expect(found!.channels).toMatchObject([{ connection: null }])
  })

  it('know whether anything but control connections was captured', () => {
    const quiet = atClient('')
    login(openControl(quiet))
    const noisy = atClient('')
    login(openControl(noisy))
    noisy.scene.udp(noisy.client, 5353, noisy.server, 53, 'question')
    expect(sessionsOf(quiet.scene)[0]!.surroundings).toMatchObject({
      otherTraffic: false,
      otherConnectionsBetweenHosts: false,
    })
    expect(sessionsOf(noisy.scene)[0]!.surroundings.otherTraffic).toBe(true)
  })

  it('list earlier sessions of the same hosts with their rejected logins', () => {
    const place = atClient('')
    for (let i = 0; i < 3; i++) {
      const session = openControl(place, { clientPort: 50_000 + i })
      reply(session, '220 hello')
      ask(session, 'USER a', '331 Password?')
      ask(session, 'PASS b', '530 Login incorrect.')
      session.control.close('server')
      place.scene.wait(10_000)
    }
    const found = sessionsOf(place.scene)
    expect(
      found[2]!.surroundings.sameHosts.map(({ clientPort, rejectedLogins }) => [clientPort, rejectedLogins.length]),
    ).toEqual([
      [50_000, 1],
      [50_001, 1],
    ])
  })
})
