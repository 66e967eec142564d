import { describe, expect, it } from 'vitest'
import { packetLoss } from '../../src/diagnose/rules/transfers/packet-loss.js'
import { transferSlow } from '../../src/diagnose/rules/transfers/transfer-slow.js'
import { zeroWindow } from '../../src/diagnose/rules/transfers/zero-window.js'
import type { Conversation } from '../support/conversation.js'
import { ask, command, dial, pasv, quit, reply, type FtpSession, type SessionOptions } from '../support/ftp-scene.js'
import { atClient, atServer, inLan, type Place, type PlaceOptions } from '../support/places.js'
import { clonePacket } from '../support/scene-packet.js'
import { observed, played } from './played.js'
import { observe } from './observe.js'

type Play = (data: Conversation, session: FtpSession) => void

/** A download that the server confirms after this happened to its data connection. */
const retrieving =
  (play: Play, options: SessionOptions = {}) =>
  (session: FtpSession) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005, options)
    ask(session, 'RETR report.bin', '150 Opening BINARY mode data connection.')
    play(data, session)
    data.close('server')
    reply(session, '226 Transfer complete.')
    quit(session)
  }

const storing = (play: Play) => (session: FtpSession) => {
  pasv(session, 50_005)
  const data = dial(session, 50_005)
  ask(session, 'STOR report.bin', '150 Ok to send data.')
  play(data, session)
  data.close('client')
  reply(session, '226 Transfer complete.')
  quit(session)
}

/** Segments that arrive at the second attempt, one in ten. */
const lossy: Play = (data) => {
  for (let round = 0; round < 10; round++) {
    data.server(13_032).server(1448, { delivered: false })
    data.retransmit('server', 1, { think: 400 })
  }
}

/** A segment every 75 ms. */
const steady: Play = (data) => {
  for (let round = 0; round < 80; round++) data.server(1448, { think: 75 })
}
/** One segment at a time; the next one follows an acknowledgment that comes 200 ms late. */
const oneAtATime: Play = (data, { scene }) => {
  for (let round = 0; round < 20; round++) {
    data.server(536, { ack: false })
    scene.wait(200)
    data.acknowledge('client')
  }
}

describe('transfer-slow', () => {
  const slow = (play: Play, place: Place = atServer(''), options: SessionOptions = {}) =>
    observed(transferSlow, place, retrieving(play, options), options)

  /** A receiver with a window of 16 kB, or a larger one, 100 ms away. */
  const away = (window: number, options: PlaceOptions = {}) =>
    atServer('', { clientLook: { hopLimit: 50, distance: 100, window, windowScale: null }, ...options })
  /** Ten segments each round trip. */
  const inRounds: Play = (data) => {
    for (let round = 0; round < 20; round++) data.server(14_480)
  }

  it.each<[string, Play, Place, object]>([
    [
      'a late start',
      (data, { scene }) => {
        scene.wait(6000)
        data.server(9000)
      },
      atClient(''),
      { fact: { kind: 'late-start', sender: '203.0.113.20' }, side: 'server' },
    ],
    [
      'a shut window',
      (data, { scene }) => {
        data.server(9000).acknowledge('client', { window: 0 })
        scene.wait(4000)
        data.acknowledge('client', { window: 64_240 }).server(9000)
      },
      atClient(''),
      { fact: { kind: 'window-shut', receiver: '192.168.1.10' }, side: 'client' },
    ],
    ['loss', lossy, atServer(''), { fact: { kind: 'loss', retransmissions: 10, segments: 110 }, side: 'path' }],
    [
      'pauses',
      (data, { scene }) => {
        for (let round = 0; round < 5; round++) {
          data.server(1448)
          scene.wait(1000)
        }
      },
      atServer(''),
      { fact: { kind: 'pauses', pauses: 4 }, side: 'server' },
    ],
    [
      'the receive window',
      inRounds,
      away(16_384),
      { fact: { kind: 'receive-window', windowBytes: 16_384 }, side: 'client' },
    ],
    [
      "the sender's window",
      inRounds,
      away(64_240),
      { fact: { kind: 'send-window', windowBytes: 14_480 }, side: 'server' },
    ],
  ])('names %s as the limiter', (_, play, place, expected) => {
    expect(slow(play, place)[0]).toMatchObject({ confidence: 'high', ...expected })
  })

  it('tells its times and shares', () => {
    const [late] = slow((data, { scene }) => {
      scene.wait(6000)
      data.server(9000)
    }, atClient(''))
    expect(late?.message).toMatch(/a late start: the first byte was sent \d\.\d s after the command, \d+ % of the time/)
    const [paused] = slow((data, { scene }) => {
      for (let round = 0; round < 5; round++) {
        data.server(1448)
        scene.wait(1000)
      }
    })
    expect(paused?.message).toMatch(
      /the sender: 203\.0\.113\.20 paused 4 times for \d\.\d s in total \(\d\d % of the time\)/,
    )
    expect(slow(inRounds, away(64_240))[0]?.message).toMatch(/allows \d+ kB\/s at a round-trip time of 200 ms/)
    expect(slow(lossy)[0]?.message).toMatch(/\(9\.1 %\) were retransmitted, at a round-trip time of \d+ ms/)
    expect(slow(lossy, inLan(''))[0]?.message).toMatch(/at a round-trip time of 0\.\d ms/)
  })

  it('names a receiver that delays each ACK, and a sender that waits for it, at either end', () => {
    for (const place of [atClient(''), atServer('')]) {
      const [found] = slow(oneAtATime, place)
      expect(found).toMatchObject({
        fact: { kind: 'delayed-ack', oneSegment: true, inFlightBytes: 536 },
        side: 'server',
        confidence: 'high',
      })
      expect(found?.message).toMatch(/keeps one segment in flight \(536 bytes\), and \S+ delays the ACK by 2\d\d ms/)
      expect(found?.remedy[0]).toContain('two segments in flight')
    }
  })

  it('measures a pause from the acknowledgment that came before it', () => {
    const [found] = slow((data, { scene }) => {
      for (let round = 0; round < 10; round++) {
        data.server(1448, { ack: false })
        scene.wait(200)
        data.acknowledge('client')
        scene.wait(800)
      }
    }, atServer(''))
    const fact = found?.fact as { kind: string; pauseNs: number; pauses: number }
    expect(fact).toMatchObject({ kind: 'pauses', pauses: 9 })
    expect(fact.pauseNs / fact.pauses).toBeLessThan(0.85e9)
  })

  it('is not sure where nothing in the packets limits it', () => {
    const [found] = slow(steady, atClient(''))
    expect(found).toMatchObject({ fact: { kind: 'unknown' }, side: 'path', confidence: 'low' })
    expect(found?.message).toContain('the capacity of the path')
  })

  it('knows no round trip where no handshake was captured, and leaves it out', () => {
    const [found] = slow(lossy, atServer(''), { captured: false })
    expect(found?.fact).toMatchObject({ kind: 'loss', roundTripNs: null })
    expect(found?.message).toMatch(/were retransmitted\.$/)
    const [windowed] = slow(steady, atClient(''), { captured: false })
    expect(windowed).toMatchObject({ fact: { kind: 'unknown' }, confidence: 'low' })
  })

  it('says nothing of a transfer without a byte, or of one that is over soon', () => {
    expect(
      slow((_, { scene }) => {
        scene.wait(5000)
      }),
    ).toEqual([])
    expect(slow((data) => data.server(9000))).toEqual([])
  })
})

describe('packet-loss', () => {
  /** Downloads of 300 segments, of which so many are sent twice. */
  const sentTwice = (...retransmissions: number[]) => {
    return (session: FtpSession) => {
      retransmissions.forEach((count, index) => {
        pasv(session, 50_005 + index)
        const data = dial(session, 50_005 + index)
        ask(session, `RETR ${index}`, '150 Opening.')
        data.server(300 * 1448)
        if (count > 0) data.retransmit('server', count)
        data.close('server')
        reply(session, '226 Transfer complete.')
      })
      quit(session)
    }
  }

  it('sums over the data connections of a session and shows the worst of them', () => {
    const session = played(atServer(''), sentTwice(0, 3, 9))
    const [found] = observe(packetLoss, session)
    expect(found?.fact).toMatchObject({ sender: '203.0.113.20', retransmissions: 12, segments: 912 })
    expect(found?.confidence).toBe('high')
    const worst = session.channels[2]!.connection!
    expect(found!.evidence[0].frame).toBe(worst.flows[1].retransmitted[0]!.frame)
    expect(observed(packetLoss, atServer(''), sentTwice(4, 3, 2))).toEqual([])
  })

  it('is less sure where the capture holds some packets twice, and silent where it holds many', () => {
    const doubled = (share: number) => {
      const place = atServer('')
      place.scene.apply((packets) =>
        packets
          .flatMap((packet, index) =>
            index % Math.round(1 / share) === 0
              ? [packet, clonePacket(packet, { time: packet.time + 5000 })]
              : [packet],
          )
          .sort((a, b) => a.time - b.time),
      )
      return observed(packetLoss, place, sentTwice(30))
    }
    expect(doubled(0.02)[0]).toMatchObject({ confidence: 'medium', rivals: ['capture-duplicates'] })
    expect(doubled(0.25)).toEqual([])
  })
})

describe('zero-window', () => {
  const shut =
    (who: 'client' | 'server'): Play =>
    (data, { scene }) => {
      for (const wait of [2000, 1000]) {
        data.send(who === 'client' ? 'server' : 'client', 1448).acknowledge(who, { window: 0 })
        scene.wait(wait)
        data.acknowledge(who, { window: 64_240 })
      }
    }

  it('names the program that does not read, on the client or on the server', () => {
    const [client] = observed(zeroWindow, inLan(''), retrieving(shut('client')))
    expect(client).toMatchObject({
      fact: { receiver: '10.1.0.2', role: 'client', shuts: 2, command: { command: 'RETR', argument: 'report.bin' } },
      side: 'client',
    })
    expect(client!.fact.shutNs / 1e9).toBeCloseTo(3, 1)
    const [server] = observed(zeroWindow, inLan(''), storing(shut('server')))
    expect(server).toMatchObject({ fact: { receiver: '10.1.0.20', role: 'server' }, side: 'server' })
    expect(server?.remedy[0]).toContain('the FTP server')
  })

  it('tells client and server apart on one host, too', () => {
    const loopback = inLan('', { server: '10.1.0.2' })
    expect(observed(zeroWindow, loopback, storing(shut('server')))[0]?.side).toBe('server')
  })

  it('does not care for the window of a side that gets no payload', () => {
    const idle: Play = (data, { scene }) => {
      data.server(1448).acknowledge('server', { window: 0 })
      scene.wait(3000)
      data.acknowledge('server', { window: 64_240 })
    }
    expect(observed(zeroWindow, inLan(''), retrieving(idle))).toEqual([])
  })

  it('tells of a connection without a transfer, too', () => {
    const [found] = observed(zeroWindow, inLan(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      command(session, 'RETR report.bin', { captured: false })
      shut('client')(data, session)
      quit(session)
    })
    expect(found?.fact.command).toBeNull()
    expect(found?.message).toContain('s in total: the program there')
  })
})
