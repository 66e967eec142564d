import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { describe, expect, it } from 'vitest'
import { hopClue, hopsPassed, lossClue } from '../../src/diagnose/facts/vantage-clues.js'
import type { Flow } from '../../src/tcp/connection.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, login, quit, retrieve } from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan, openControl, type Place } from '../support/places.js'
import { SERVER, SessionBuilder } from './session-builder.js'

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
    expect(new SessionFacts(played(place)).vantage).toMatchObject({ at, confidence })
  })

  it('is told with its reasons', () => {
    expect(new SessionFacts(played(atClient(''))).vantage.reasons).toEqual([
      'TTL 64 of the client is untouched, TTL 57 of the server has passed 7 routers',
      expect.stringMatching(/^in the handshakes 0\.\d ms to the client and back, \d+\.\d ms to the server and back$/),
      "the private address 192.168.1.10 and the public 203.0.113.20: on the client's side of its translator",
    ])
  })

  it('is unknown in one network, where nothing tells', () => {
    expect(new SessionFacts(played(inLan(''))).vantage).toEqual({
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
    const { at, confidence, reasons } = new SessionFacts(played(place)).vantage
    expect([at, confidence]).toEqual(['server', 'medium'])
    expect(reasons.at(-1)).toMatch(/^but in the handshakes/)
  })

  it('is told by what was lost behind it, where nothing else tells', () => {
    const session = played(inLan(''))
    session.control.flows[0].lostBehind = 4
    const { at, reasons } = new SessionFacts(session).vantage
    expect(reasons.join()).toContain('segments sent again were lost between here and the server')
    expect(at).toBe('client')
  })
})

describe('A clue to the place of capture', () => {
  it('is the hop limit of the side that was captured, where the other one was not', () => {
    const client = new SessionBuilder().syn(0, 1)
    expect(hopClue(new SessionFacts(client.judged()))).toMatchObject({
      at: 'client',
      reason: 'TTL 64 of the client is untouched',
    })
    client.control.flows[0].hopLimit = 50
    expect(hopClue(new SessionFacts(client.judged()))).toBeNull()
    const server = new SessionBuilder().reply(0.1, '220 Ready')
    expect(hopClue(new SessionFacts(server.judged()))).toBeNull()
    server.control.flows[1].hopLimit = 64
    expect(hopClue(new SessionFacts(server.judged()))).toMatchObject({
      at: 'server',
      reason: 'TTL 64 of the server is untouched',
    })
  })

  it('is the hop limit of a data connection, where the control connection had no answer', () => {
    const dialled = (by: 'client' | 'server', hopLimit: number) => {
      const builder = new SessionBuilder().syn(0).command(1, 'LIST').data(1, 2, 100, 'completed')
      const { connection } = builder.session.channels[0]!
      if (by === 'server') connection!.initiator.address = SERVER
      connection!.flows[by === 'server' ? 0 : 1].hopLimit = hopLimit
      return hopClue(new SessionFacts(builder.judged()))
    }
    for (const by of ['client', 'server'] as const)
      expect(dialled(by, 57)?.reason).toContain('TTL 57 of the server has passed 7 routers')
    expect(dialled('client', 0)?.reason).toBe('TTL 64 of the client is untouched')
  })

  it('counts routers from the nearest value that systems start with', () => {
    expect([hopsPassed(64), hopsPassed(63), hopsPassed(129), hopsPassed(256)]).toEqual([0, 1, 126, 0])
  })

  it('is what was sent again, only where all of it was lost on one side', () => {
    const lost = (facts: Partial<Flow>, others: Partial<Flow> = {}) => {
      const builder = new SessionBuilder().handshake()
      Object.assign(builder.control.flows[0], facts)
      Object.assign(builder.control.flows[1], others)
      return lossClue(new SessionFacts(builder.judged()))
    }
    expect(lost({ lostBehind: 3 })?.at).toBe('client')
    expect(lost({ lostBefore: 3 })).toMatchObject({
      at: 'server',
      reason: '3 of 3 segments sent again were lost between here and the client',
    })
    expect(lost({ lostBefore: 3 }, { lostBefore: 1 })).toBeNull()
    expect(lost({ lostBehind: 2 })).toBeNull()
  })

  it('makes the place surer where others agree, and less sure where they contradict it', () => {
    const seen = (client: number, server: number, lostBefore: number) => {
      const builder = new SessionBuilder({ client: '198.51.100.7' })
      builder.syn(0).synAck(0.0001).ack(0.0002).login()
      builder.control.flows[0].hopLimit = client
      builder.control.flows[1].hopLimit = server
      builder.control.flows[0].lostBefore = lostBefore
      return new SessionFacts(builder.judged()).vantage
    }
    expect(seen(64, 57, 0).confidence).toBe('high')
    expect(seen(64, 57, 3)).toMatchObject({ at: 'client', confidence: 'medium' })
    // Only the SYN of the client: its own hop limit, and what was lost.
    const alone = new SessionBuilder({ client: '198.51.100.7' }).syn(0, 1, 3)
    expect(new SessionFacts(alone.judged()).vantage).toMatchObject({ at: 'client', confidence: 'medium' })
    const doubted = new SessionBuilder({ client: '198.51.100.7' }).syn(0, 1, 3)
    doubted.control.flows[0].lostBefore = 3
    expect(new SessionFacts(doubted.judged()).vantage).toMatchObject({ at: 'client', confidence: 'low' })
    const agreed = new SessionBuilder({ client: '198.51.100.7' }).syn(0, 1, 3)
    agreed.control.flows[0].lostBehind = 3
    expect(new SessionFacts(agreed.judged()).vantage).toMatchObject({ at: 'client', confidence: 'high' })
    const weak = new SessionBuilder({ server: '203.0.113.20' }).handshake()
    Object.assign(weak.control.flows[0], { hopLimit: 64, lostBehind: 3 })
    Object.assign(weak.control.flows[1], { hopLimit: 64 })
    for (const sighting of weak.control.synAcks) sighting.time = 0
    weak.control.established!.time = 0
    expect(new SessionFacts(weak.judged()).vantage).toMatchObject({ at: 'client', confidence: 'medium' })
  })
})

describe('The latency of commands', () => {
  it('is told in words, beside the way to the server and back', () => {
    const session = played(atClient(''), (control) => {
      ask(control, 'CWD archive', '250 Directory changed.', { think: 4000 })
    })
    const latency = new SessionFacts(session).latency!
    expect(latency.commands).toBe(4)
    expect(latency.slowest[0]).toMatchObject({ command: 'CWD' })
    expect(latency.sentence).toMatch(
      /^Half of 4 commands were answered within [\d.]+ ms \(the way to the server and back takes [\d.]+ ms from here\)\. Slow: CWD after 4\.0 s \(#\d+\)\.$/,
    )
  })
})
