import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/correlate/model.js'
import { packetLoss } from '../../src/diagnose/rules/transfers/packet-loss.js'
import { transferSlow } from '../../src/diagnose/rules/transfers/transfer-slow.js'
import { zeroWindow } from '../../src/diagnose/rules/transfers/zero-window.js'
import type { Flow } from '../../src/tcp/connection.js'
import { quit, retrieve, store } from '../support/ftp-scene.js'
import { atClient, inLan } from '../support/places.js'
import { played } from './played.js'

describe('transfer-slow', () => {
  /** A completed download of 500 kB in ten seconds, with these facts of the sending flow and the taking one. */
  const slow = (change: (flow: Flow, taker: Flow, session: Session) => void, path = {}) => {
    const session = played(atClient('', path), (control) => {
      retrieve(control)
      quit(control)
    })
    const { transfer, connection } = session.channels[0]!
    Object.assign(transfer!, { durationMs: 10_000, bytes: 500_000, bytesPerSecond: 50_000 })
    change(connection!.flows[1], connection!.flows[0], session)
    return observe(transferSlow, session)
  }

  it.each([
    [
      'a late start',
      (flow: Flow, _: Flow, session: Session) => {
        flow.firstData = { frame: 9, time: session.control.last.time + 6e9 }
      },
      /a late start: the first byte came \d\.\d s after the command/,
      'server',
    ],
    [
      'a shut window',
      (_: Flow, taker: Flow) => Object.assign(taker, { firstShut: { frame: 9, time: 1e9 }, shutTime: 4e9 }),
      /the receiver: 192\.168\.1\.10 kept its window shut for 4\.0 s, 40 % of the time/,
      'client',
    ],
    [
      'loss',
      (flow: Flow) =>
        Object.assign(flow, { retransmissions: 9, dataSegments: 300, retransmitted: [{ frame: 9, time: 1e9 }] }),
      /loss: 9 of 300 segments \(3\.0 %\) were sent again, at a round trip of \d+(?:\.\d)? ms/,
      'path',
    ],
    [
      'pauses',
      (flow: Flow) =>
        Object.assign(flow, { pauses: 4, pauseTime: 5e9, longestPause: { frame: 9, time: 1e9, length: 2e9 } }),
      /the sender: 203\.0\.113\.20 paused 4 times for 5\.0 s in all \(50 % of the time\)/,
      'server',
    ],
    [
      'the receive window',
      (flow: Flow, taker: Flow) => Object.assign(flow, { mostInFlight: taker.largestWindow * 2 ** taker.windowScale }),
      /the receive window: 192\.168\.1\.10 offers \d+ kB at most/,
      'client',
    ],
    [
      "the sender's window",
      (flow: Flow) => Object.assign(flow, { mostInFlight: 4096, waitTime: 9e9 }),
      /the sender's window: never more than 4096 bytes on the way, .* allows \d+ kB\/s/,
      'server',
    ],
  ] as const)('names %s as the limiter', (_, change, words, side) => {
    const [found] = slow(change)
    expect(found).toMatchObject({ side, confidence: 'high' })
    expect(found?.message).toMatch(words)
  })

  it('is not sure where nothing in the packets limits it', () => {
    const [found] = slow((flow) => (flow.mostInFlight = 0))
    expect(found).toMatchObject({ side: 'path', confidence: 'low' })
    expect(found?.message).toContain('the capacity of the way')
  })

  it('knows no round trip where no handshake was captured, and leaves it out', () => {
    const [found] = slow((flow, _, session) => {
      Object.assign(flow, { retransmissions: 9, dataSegments: 300, retransmitted: [{ frame: 9, time: 1e9 }] })
      for (const connection of [session.control, session.channels[0]!.connection!]) {
        connection.syns = []
        connection.established = null
      }
    })
    expect(found?.message).toMatch(/\(3\.0 %\) were sent again\.$/)
    const [windowed] = slow((flow, taker, session) => {
      Object.assign(flow, { mostInFlight: taker.largestWindow * 2 ** taker.windowScale, waitTime: 9e9, fin: null })
      for (const connection of [session.control, session.channels[0]!.connection!]) connection.syns = []
    })
    expect(windowed?.confidence).toBe('low')
  })

  it('tells a short round trip in tenths of a millisecond', () => {
    const [found] = slow((flow, _, session) => {
      const { syns, established } = session.channels[0]!.connection!
      established!.time = syns[0]!.time + 0.25e6
      Object.assign(flow, { mostInFlight: 4096, waitTime: 9e9 })
    })
    expect(found?.message).toContain('a round trip of 0.3 ms')
  })

  it('says nothing of a transfer without a byte', () => {
    expect(slow((_, __, session) => (session.channels[0]!.transfer!.bytes = 0))).toEqual([])
  })
})

describe('packet-loss', () => {
  const lossy = (...retransmissions: number[]) => {
    const session = played(atClient(''), (control) => {
      retransmissions.forEach((_, index) => retrieve(control, { port: 50_005 + index, path: `${index}` }))
      quit(control)
    })
    retransmissions.forEach((count, index) => {
      const flow = session.channels[index]!.connection!.flows[1]
      const retransmitted = Array.from({ length: Math.min(8, count) }, (_, i) => ({
        frame: 90 + 10 * index + i,
        time: 0,
      }))
      Object.assign(flow, { dataSegments: 300, retransmissions: count, retransmitted })
    })
    return session
  }

  it('sums over the data connections of a session and shows the worst of them', () => {
    const [found] = observe(packetLoss, lossy(0, 3, 9))
    expect(found?.message).toContain('12 of 900 data segments (1.3 %)')
    const [worse] = observe(packetLoss, lossy(4, 3, 9))
    expect(worse?.confidence).toBe('high')
    expect(worse?.evidence[0].frame).toBe(110)
  })

  it('is less sure where the capture holds some packets twice, and silent where it holds many', () => {
    const session = lossy(30)
    session.surroundings.duplicateShare = 0.02
    expect(observe(packetLoss, session)[0]).toMatchObject({ confidence: 'medium', rivals: ['capture-duplicates'] })
    session.surroundings.duplicateShare = 0.4
    expect(observe(packetLoss, session)).toEqual([])
  })
})

describe('zero-window', () => {
  const shut = (side: 0 | 1, upload: boolean) => {
    const session = played(inLan(''), (control) => {
      if (upload) store(control)
      else retrieve(control)
      quit(control)
    })
    const { connection } = session.channels[0]!
    Object.assign(connection!.flows[side], { firstShut: { frame: 9, time: 1e9 }, shuts: 2, shutTime: 3e9 })
    return session
  }

  it('names the program that does not read, on the client or on the server', () => {
    const [client] = observe(zeroWindow, shut(0, false))
    expect(client?.side).toBe('client')
    expect(client?.message).toContain(
      '10.1.0.2 shut its receive window 2 times for 3.0 s in all during "RETR report.bin"',
    )
    const [server] = observe(zeroWindow, shut(1, true))
    expect(server?.side).toBe('server')
    expect(server?.remedy?.[0]).toContain('the FTP server')
  })

  it('does not care for the window of a side that gets no payload', () => {
    expect(observe(zeroWindow, shut(1, false))).toEqual([])
  })

  it('tells of a connection without a transfer, too', () => {
    const session = shut(0, false)
    session.channels[0]!.transfer = null
    expect(observe(zeroWindow, session)[0]?.message).toContain('for 3.0 s in all: the program there')
  })
})
