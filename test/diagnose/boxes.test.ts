import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/correlate/model.js'
import { pathMtuBlackhole } from '../../src/diagnose/rules/transfers/path-mtu-blackhole.js'
import type { Flow } from '../../src/tcp/connection.js'
import { ask, dial, pasv } from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { leave, played } from './played.js'
import { SessionBuilder } from './session-builder.js'

describe('path-mtu-blackhole', () => {
  /** A download whose first full-size segment is sent again and again; facts of the sending flow and the taking one. */
  const stuck = (change: (flow: Flow, taker: Flow, session: Session) => void = () => undefined) => {
    const session = played(atServer(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'RETR report.bin', '150 Opening.')
      data.server(4344, { delivered: false }).server(208)
      for (const think of [230, 460, 920, 1840]) data.retransmit('server', 1, { skip: 3, think, delivered: false })
      control.scene.wait(10_000)
      data.fin('client')
      leave(control)
    })
    const { connection } = session.channels[0]!
    change(connection!.flows[1], connection!.flows[0], session)
    return observe(pathMtuBlackhole, session)
  }

  it('is sure where small segments pass and the large one never does', () => {
    const [found] = stuck()
    expect(found).toMatchObject({ confidence: 'high', rivals: [] })
    expect(found?.message).toContain('No ICMP "fragmentation needed" is in the capture')
    expect(found?.evidence.at(-1)?.note).toBe('RETR report.bin')
  })

  it('names the largest segment that came through, and says nothing where one of the same size did', () => {
    const passed = (length: number) =>
      stuck((flow) => {
        flow.sizes = [
          { length, end: 300 },
          { length: 9000, end: 9000 },
        ]
        Object.assign(flow, { acknowledged: 300, stuck: { ...flow.stuck!, offset: 300 } })
      })
    expect(passed(300)[0]?.message).toContain('(the largest that came through has 300 bytes)')
    expect(passed(1448)).toEqual([])
  })

  it('shows the ICMP message that does not reach the sender, and no other', () => {
    const told = (error: { type: number; code: number; quoted: 0 | 1; version?: 4 | 6 }) =>
      stuck((_, __, session) => {
        const sighting = { frame: 30, time: 3e9, from: '198.51.100.1', hopLimit: 60, mtu: 1400, quotesSyn: false }
        session.channels[0]!.connection!.icmpErrors.push({ version: 4, ...sighting, ...error })
      })[0]?.message
    expect(told({ type: 3, code: 4, quoted: 1 })).toContain('198.51.100.1 says that the next link carries 1400 bytes')
    expect(told({ type: 2, code: 0, quoted: 1, version: 6 })).toContain('carries 1400 bytes')
    for (const other of [
      { type: 3, code: 4, quoted: 0 },
      { type: 3, code: 13, quoted: 1 },
      { type: 11, code: 4, quoted: 1 },
    ] as const)
      expect(told(other)).toContain('No ICMP')
  })

  it('needs a sign of life of the receiver: on the same connection, or on the control connection after a handshake', () => {
    const silent = (taker: Flow) => (taker.lastTime = 0)
    const [alive] = stuck((_, taker) => silent(taker))
    expect(alive).toMatchObject({ confidence: 'medium', rivals: ['transfer-stalled'] })
    const dead = stuck((_, taker, session) => {
      silent(taker)
      session.control.flows[0].lastTime = 0
    })
    const unopened = stuck((_, taker, session) => {
      silent(taker)
      session.channels[0]!.connection!.established = null
    })
    const midstream = stuck((_, taker, session) => {
      silent(taker)
      session.channels[0]!.connection!.midstream = true
    })
    expect([dead, unopened, midstream]).toEqual([[], [], []])
  })

  it('asks the server for its sign of life where the client sends', () => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'STOR report.bin', '150 Ok to send data.')
      data.client(4344, { delivered: false }).client(208)
      for (const think of [230, 460, 920, 1840]) data.retransmit('client', 1, { skip: 3, think, delivered: false })
      ask(control, 'NOOP', '200 Ok.', { think: 5000 })
      leave(control)
    })
    session.channels[0]!.connection!.flows[1].lastTime = 0
    expect(observe(pathMtuBlackhole, session)[0]?.message).toContain('Large segments of 192.168.1.10 to 203.0.113.20')
    session.control.flows[1].lastTime = 0
    expect(observe(pathMtuBlackhole, session)).toEqual([])
  })

  it('does not take a receiver that does not read for a matter of sizes', () => {
    expect(stuck((_, taker) => (taker.shutSince = { frame: 20, time: 3e9 }))).toEqual([])
  })

  it('speaks of the control connection where it is that one, and warns only of a file that came later', () => {
    const builder = new SessionBuilder().handshake().login()
    const flow = builder.control.flows[1]
    const sightings = { first: { frame: 9, time: 1e9 }, last: { frame: 12, time: 4e9 } }
    flow.stuck = { offset: flow.end, length: 1448, times: 4, dontFragment: true, ...sightings }
    builder.control.flows[0].lastTime = 5e9
    const [found] = observe(pathMtuBlackhole, builder.judged(9))
    expect(found?.message).toContain('do not arrive on the control connection')
    expect(found?.channel).toBeNull()
    const [good] = stuck((_, __, session) => {
      const { channels } = session
      channels.push({
        ...channels[0]!,
        id: 2,
        connection: null,
        transfer: { ...channels[0]!.transfer!, outcome: 'completed' },
      })
    })
    expect(good?.severity).toBe('warning')
  })

  it('waits three seconds for a hole to be filled before it blames a box behind which it was captured', () => {
    const holed = (wait: number) => {
      const session = played(atClient(''), (control) => {
        pasv(control, 50_005)
        const data = dial(control, 50_005)
        ask(control, 'RETR report.bin', '150 Opening.')
        data.server(4344, { captured: false, delivered: false }).server(208)
        control.scene.wait(wait)
        data.fin('client')
        leave(control)
      })
      return observe(pathMtuBlackhole, session)
    }
    expect(holed(1000)).toEqual([])
    expect(holed(9000)[0]?.message).toContain('4344 bytes from offset 0 on never came')
  })
})
