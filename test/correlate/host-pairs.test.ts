import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { describe, expect, it } from 'vitest'
import { HostPairs } from '../../src/correlate/host-pairs.js'
import { Connection } from '../../src/tcp/connection.js'

const CLIENT = 1
const SERVER = 2

describe('pairs of hosts', () => {
  const sessionOf = (port: number, frame: number) => {
    const server = { address: '203.0.113.20', port }
    const control = new Connection(0, 4, { address: '192.168.1.10', port: 52_228 }, server, { frame, time: 0 })
    return {
      control,
      ftp: { dialogue: { exchanges: [] } },
      clientId: CLIENT,
      endpoint: port,
      summary: null,
      expectations: [],
    }
  }

  it('take the session that was active last for the owner of a connection, and the latest where none was', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>(new AnomalyLog())
    const pair = pairs.join(CLIENT, SERVER)
    expect(pairs.latest(pair)).toBeNull()
    const [a, b, c] = [sessionOf(21, 5), sessionOf(21, 9), sessionOf(21, 7)]
    for (const session of [a, b, c]) pair.sessions.add(session)
    expect(pairs.latest(pair)).toBe(b)
    pair.lastActive = a
    expect(pairs.latest(pair)).toBe(a)
    pairs.leave(pair, a)
    expect(pairs.latest(pair)).toBe(b)
  })

  it('remember the latest 256 sessions, and examine as many open ones', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>(new AnomalyLog())
    const pair = pairs.join(CLIENT, SERVER)
    for (let i = 0; i < 300; i++) pairs.remember(sessionOf(21, i))
    const open = Array.from({ length: 300 }, (_, i) => sessionOf(21, 1000 + i))
    for (const session of open) pair.sessions.add(session)
    expect(pairs.othersOf(open[0]!, pair)).toHaveLength(256 + 255)
    expect(pairs.latest(pair)).toBe(open[255])
  })

  it('are forgotten when more than 4096 others were seen since', () => {
    const pairs = new HostPairs<ReturnType<typeof sessionOf>>(new AnomalyLog())
    const pair = pairs.join(CLIENT, SERVER)
    for (let port = 1; port <= 4097; port++) pairs.remember(sessionOf(port, port))
    expect(pairs.othersOf(sessionOf(1, 9000), pair)).toEqual([])
    expect(pairs.othersOf(sessionOf(4097, 9000), pair)).toHaveLength(1)
  })
})
