import { describe, expect, it } from 'vitest'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { hopClue, hopsPassed, lossClue } from '../../src/diagnose/facts/vantage-clues.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, dial, type FtpSession, listBack, login, port, quit, retrieve } from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, between, inLan, type Place } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { Scene } from '../support/scene.js'
import { played, spoken } from './played.js'
import { greet, LOGIN, PASV, secure13, talk13 } from './secured.js'

const worked = (place: Place) =>
  played(place, (session) => {
    retrieve(session)
    quit(session)
  })

describe('The place of capture', () => {
  it.each([
    ['client', 'high', atClient('')],
    ['server', 'high', atServer('')],
    ['middle', 'high', between('')],
  ] as const)('is the %s with %s confidence, by hop limits and handshakes', (at, confidence, place) => {
    expect(new SessionFacts(worked(place)).vantage).toMatchObject({ at, confidence })
  })

  it('is stated with its reasons', () => {
    expect(new SessionFacts(worked(atClient(''))).vantage.reasons).toEqual([
      "the client's TTL of 64 has not been decremented, the server's TTL of 57 was decremented by 7 routers",
      expect.stringMatching(/^round-trip time in the handshakes: 0\.\d ms to the client, \d+\.\d ms to the server$/),
      "the client's address 192.168.1.10 is private, the server's public: captured on the client's side of a NAT",
    ])
  })

  it('is unknown in one network, without any clue', () => {
    expect(new SessionFacts(worked(inLan(''))).vantage).toEqual({
      at: 'unknown',
      confidence: 'low',
      reasons: ['hop limits, handshakes and addresses are inconclusive'],
    })
  })

  it('is less certain if the hop limits and the handshakes contradict each other', () => {
    // As if a proxy at the client had reset the server's hop limit.
    const place = atClient('', {
      client: '198.51.100.7',
      clientLook: { hopLimit: 60 },
      serverLook: { hopLimit: 64, distance: 12 },
    })
    const { at, confidence, reasons } = new SessionFacts(worked(place)).vantage
    expect([at, confidence]).toEqual(['server', 'medium'])
    expect(reasons.at(-1)).toMatch(/^but round-trip time in the handshakes/)
  })

  it('is shown by what was lost after it, without other clues', () => {
    const session = played(inLan(''), ({ control }) => {
      control.unacknowledged('client', 'NOOP\r\n', { attempts: 5 })
    })
    const { at, reasons } = new SessionFacts(session).vantage
    expect(reasons.join()).toContain('retransmitted segments were lost between the observation point and the server')
    expect(at).toBe('client')
  })
})

describe('A clue to the place of capture', () => {
  const factsOf = (place: Place) => new SessionFacts(sessionsOf(place.scene)[0]!)
  const without = (who: 'client' | 'server', place: Place, wanted: (packet: ScenePacket) => boolean = () => true) => {
    place.scene.drop((packet) => packet.source === place[who].address && wanted(packet))
    return place
  }
  const onlySyns = (place: Place, attempts = 2) => {
    place.scene.syn(place.client, 52_228, place.server, 21, { attempts })
    return place
  }

  it('is the hop limit of the side that was captured, if the other one was not', () => {
    const client = (hopLimit: number) => hopClue(factsOf(onlySyns(atClient('', { clientLook: { hopLimit } }))))
    expect(client(64)).toMatchObject({ at: 'client', reason: "the client's TTL of 64 has not been decremented" })
    expect(client(50)).toBeNull()
    const server = (hopLimit: number) =>
      hopClue(new SessionFacts(played(without('client', atClient('', { serverLook: { hopLimit } })), quit)))
    expect(server(57)).toBeNull()
    expect(server(64)).toMatchObject({ at: 'server', reason: "the server's TTL of 64 has not been decremented" })
  })

  it('is called hop limit over IPv6', () => {
    expect(hopClue(factsOf(onlySyns(atClientOverIpv6(''))))?.reason).toBe(
      "the client's hop limit of 64 has not been decremented",
    )
  })

  it('is the hop limit of a data connection, if the control connection had no answer', () => {
    const isControl = ({ tcp }: ScenePacket) => tcp?.sourcePort === 21
    const dialled = (play: (session: FtpSession) => void, missing = isControl) => {
      const place = without('server', atClient(''), missing)
      return hopClue(new SessionFacts(spoken(place, play)))
    }
    const inPassiveMode = (session: FtpSession) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      dial(session, 50_005).server(900).close('server')
    }
    const inActiveMode = (session: FtpSession) => {
      login(session)
      port(session, 52_300)
      listBack(session, 52_300)
    }
    for (const play of [inPassiveMode, inActiveMode])
      expect(dialled(play)?.reason).toContain("the server's TTL of 57 was decremented by 7 routers")
    expect(dialled(inPassiveMode, () => true)?.reason).toBe("the client's TTL of 64 has not been decremented")
  })

  it('counts routers from the nearest common initial value', () => {
    expect([hopsPassed(64), hopsPassed(63), hopsPassed(129), hopsPassed(256)]).toEqual([0, 1, 126, 0])
  })

  /** A command that the network lost here or there: retransmitted three times before it arrives. */
  const lostBehind = ({ control }: FtpSession, who: 'client' | 'server' = 'client') => {
    control.unacknowledged(who, 'NOOP\r\n', { attempts: 3 }).retransmit(who)
  }
  const lostBefore = ({ control }: FtpSession, who: 'client' | 'server' = 'client', times = 3) => {
    for (let i = 0; i < times; i++) {
      control.send(who, 'NOOP\r\n', { captured: false, delivered: false })
      control.send(who, 'NOOP\r\n')
      control.retransmit(who, 1, { skip: 1, think: 300 })
    }
  }

  it('is retransmissions, only if all of them were lost on one side', () => {
    const lost = (play: (session: FtpSession) => void) => lossClue(new SessionFacts(played(inLan(''), play)))
    const behind = lost(lostBehind)
    expect(behind).toMatchObject({
      at: 'client',
      reason: expect.stringMatching(/^3 of 3 .* and the server$/) as string,
    })
    const before = lost(lostBefore)
    expect(before).toMatchObject({
      at: 'server',
      reason: expect.stringMatching(/^3 of 3 .* and the client$/) as string,
    })
    // Both are lost between here and the server.
    expect(
      lost((session) => {
        lostBehind(session)
        lostBefore(session, 'server')
      }),
    ).toMatchObject({ at: 'client' })
    expect(
      lost((session) => {
        lostBefore(session)
        lostBefore(session, 'server', 1)
      }),
    ).toBeNull()
    expect(
      lost((session) => {
        lostBefore(session, 'client', 2)
      }),
    ).toBeNull()
  })

  it('makes the place surer where others agree, and less sure where they contradict it', () => {
    // Hosts so near that the gaps of the handshake tell nothing.
    const near = { client: '198.51.100.7', clientLook: { distance: 0.01 }, serverLook: { distance: 0.02 } }
    const seen = (place: Place, play: (session: FtpSession) => void) => new SessionFacts(played(place, play)).vantage
    expect(seen(atClient('', near), () => undefined).confidence).toBe('high')
    expect(seen(atClient('', near), lostBefore)).toMatchObject({ at: 'client', confidence: 'medium' })
    // Nothing of the server: the client's own hop limit, and what was lost.
    const alone = (play: (session: FtpSession) => void) => seen(without('server', atClient('', near)), play)
    expect(alone(() => undefined)).toMatchObject({ at: 'client', confidence: 'medium' })
    expect(alone(lostBefore)).toMatchObject({ at: 'client', confidence: 'low' })
    expect(alone(lostBehind)).toMatchObject({ at: 'client', confidence: 'high' })
    // Where the addresses alone tell, what was lost makes it surer.
    const lan = { hopLimit: 64, distance: 0.01 }
    const place = () => atClient('', { clientLook: lan, serverLook: lan })
    expect(seen(place(), () => undefined)).toMatchObject({ at: 'client', confidence: 'low' })
    expect(seen(place(), lostBehind)).toMatchObject({ at: 'client', confidence: 'medium' })
  })

  it('is nothing on a host that talks to itself', () => {
    const scene = new Scene()
    const host = scene.host('127.0.0.1')
    const place = { scene, client: host, server: host }
    expect(new SessionFacts(played(place, quit)).vantage).toMatchObject({ at: 'unknown', confidence: 'low' })
  })
})

describe('The latency of commands', () => {
  it('is described in words, with the round-trip time to the server', () => {
    const session = played(atClient(''), (control) => {
      ask(control, 'CWD archive', '250 Directory changed.', { think: 4000 })
      quit(control)
    })
    const latency = new SessionFacts(session).latency!
    expect(latency.commands).toBe(4)
    expect(latency.slowest[0]).toMatchObject({ command: 'CWD' })
    expect(latency.sentence).toMatch(
      /^Median reply time of 4 commands: \d+ ms \(round-trip time to the server: \d+ ms\)\. Slow replies: CWD after 4\.0 s \(#/,
    )
  })
})
