import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { describe, expect, it } from 'vitest'
import { ConnectionRegistry } from '../../src/tcp/connection-registry.js'

/** Registers a connection between two hosts, one for each port, that begins at a time of its own. */
function registered(connections: ConnectionRegistry, port: number): number {
  const address = (last: number) => connections.addresses.intern(Uint8Array.of(10, 0, 0, last), 0, 4)
  const row = connections.table.add(address(1), port, address(2), 21)
  connections.table.begin(row, port, port, port * 1e6)
  return row
}

/** Ports of the connections that are followed when those from `atLeast` on are asked for, in their order. */
function followedFrom(connections: ConnectionRegistry, atLeast: number): number[] {
  const ports: number[] = []
  connections.followRecent(
    ({ initiatorPort }, firstTime) => initiatorPort >= atLeast && firstTime === initiatorPort * 1e6,
    (connection, ends) => {
      expect(ends.initiatorPort).toBe(connection.initiator.port)
      ports.push(connection.initiator.port)
    },
  )
  return ports
}

describe('ConnectionRegistry', () => {
  it('follows connections late that were ignored, the newest first, and each once', () => {
    const connections = new ConnectionRegistry(100, new AnomalyLog())
    for (let port = 1; port <= 5; port++) connections.ignore(registered(connections, port))
    expect(followedFrom(connections, 4)).toEqual([5, 4])
    expect(followedFrom(connections, 3)).toEqual([3])
  })

  it('finds the latest 1024 of those that were ignored', () => {
    const connections = new ConnectionRegistry(5000, new AnomalyLog())
    for (let port = 1; port <= 1500; port++) connections.ignore(registered(connections, port))
    const ports = followedFrom(connections, 1)
    expect([ports.length, ports[0], ports.at(-1)]).toEqual([1024, 1500, 1500 - 1023])
  })

  it('gives the slot of a released connection to the next, and ignores a second release', () => {
    const connections = new ConnectionRegistry(100, new AnomalyLog())
    const [first, second] = [registered(connections, 1), registered(connections, 2)]
    const { connection } = connections.follow(first)
    connections.release(connection)
    connections.release(connection)
    expect(connections.table.followed(first)).toBe(-1)
    const followed = connections.follow(second)
    expect(connections.followed).toEqual([followed])
    expect(connections.table.followed(second)).toBe(0)
  })
})
