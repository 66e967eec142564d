import { describe, expect, it } from 'vitest'
import { latencyOf } from '../../src/diagnose/latency.js'
import { vantageOf } from '../../src/diagnose/vantage.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, login, quit, retrieve } from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan, openControl, type Place } from '../support/places.js'

function played(
  place: Place,
  play: (session: ReturnType<typeof openControl>) => void = (session) => retrieve(session),
) {
  const session = openControl(place)
  login(session)
  play(session)
  quit(session)
  return sessionsOf(place.scene)[0]!
}

describe('The place of capture', () => {
  it.each([
    ['client', 'high', atClient('')],
    ['server', 'high', atServer('')],
    ['middle', 'high', between('')],
  ] as const)('is the %s with %s confidence, by hop limits and handshakes', (at, confidence, place) => {
    expect(vantageOf(played(place))).toMatchObject({ at, confidence })
  })

  it('is told with its reasons', () => {
    expect(vantageOf(played(atClient(''))).reasons).toEqual([
      'TTL 64 of the client is untouched, TTL 57 of the server has passed 7 routers',
      expect.stringMatching(/^in the handshakes 0\.\d ms to the client and back, \d+\.\d ms to the server and back$/),
      "the private address 192.168.1.10 and the public 203.0.113.20: on the client's side of its translator",
    ])
  })

  it('is unknown in one network, where nothing tells', () => {
    expect(vantageOf(played(inLan('')))).toEqual({
      at: 'unknown',
      confidence: 'low',
      reasons: ['neither hop limits, handshakes nor addresses tell'],
    })
  })

  it('is doubted where the hop limits and the handshakes contradict each other', () => {
    // As if a proxy beside the client had set the server's hop limit anew.
    const place = atClient('', {
      client: '198.51.100.7',
      clientLook: { hopLimit: 60 },
      serverLook: { hopLimit: 64, distance: 12 },
    })
    const { at, confidence, reasons } = vantageOf(played(place))
    expect([at, confidence]).toEqual(['server', 'medium'])
    expect(reasons.at(-1)).toMatch(/^but in the handshakes/)
  })

  it('is told by what was lost behind it, where nothing else tells', () => {
    const session = played(inLan(''))
    session.control.flows[0].lostBehind = 4
    const { at, reasons } = vantageOf(session)
    expect(reasons.join()).toContain('segments sent again were lost between here and the server')
    expect(at).toBe('client')
  })
})

describe('The latency of commands', () => {
  it('is told in words, beside the way to the server and back', () => {
    const session = played(atClient(''), (control) => {
      ask(control, 'CWD archive', '250 Directory changed.', { think: 4000 })
    })
    const latency = latencyOf(session)!
    expect(latency.commands).toBe(4)
    expect(latency.slowest[0]).toMatchObject({ command: 'CWD' })
    expect(latency.sentence).toMatch(
      /^Half of 4 commands were answered within [\d.]+ ms \(the way to the server and back takes [\d.]+ ms from here\)\. Slow: CWD after 4\.0 s \(#\d+\)\.$/,
    )
  })
})
