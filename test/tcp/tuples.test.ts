import { describe, expect, it } from 'vitest'
import { Attention } from '../../src/tcp/attention.js'
import { Scene } from '../support/scene.js'
import { track, trackOne } from './track.js'

function stage() {
  const scene = new Scene()
  const client = scene.host('192.168.1.10')
  const server = scene.host('203.0.113.20', { hopLimit: 57 })
  return { scene, client, server }
}

describe('ports that are reused', () => {
  it('make a new connection when the SYN has another initial sequence number, as Wireshark counts', () => {
    const { scene, client, server } = stage()
    for (let i = 0; i < 3; i++) {
      const connection = scene.connect(client, 50_000, server, 21)
      connection.server(`220 number ${i}\r\n`)
      if (i !== 1) connection.close('server')
    }
    const { connections, delivered, finished } = track(scene.toPcap())
    expect(connections.map(({ tcpStream }) => tcpStream)).toEqual([0, 1, 2])
    expect(connections.map((connection) => delivered.get(connection))).toEqual([
      ['S: 220 number 0\r\n'],
      ['S: 220 number 1\r\n'],
      ['S: 220 number 2\r\n'],
    ])
    expect(finished).toEqual([0, 1, 2])
    expect(connections.map(({ closed }) => closed)).toEqual([true, false, true])
  })

  it('make no new connection when the same SYN is retransmitted', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 21, { attempts: 3 })
    expect(trackOne(scene.toPcap()).connection.synAttempts).toBe(3)
  })

  it('turn the ends round when the other side opens the new connection', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 50_021).close('client')
    scene.connect(server, 50_021, client, 50_000).client('from the server\r\n')
    const { connections, delivered } = track(scene.toPcap())
    expect(connections.map((connection) => connection.initiator)).toEqual([
      { address: '192.168.1.10', port: 50_000 },
      { address: '203.0.113.20', port: 50_021 },
    ])
    expect(delivered.get(connections[1]!)).toEqual(['C: from the server\r\n'])
  })

  it('keep the numbering right for connections that are ignored', () => {
    const { scene, client, server } = stage()
    for (let i = 0; i < 4; i++) scene.connect(client, 50_000, server, 8080).close('client')
    scene.connect(client, 50_001, server, 21)
    const opened = ({ responderPort }: { responderPort: number }) =>
      responderPort === 21 ? Attention.Read : Attention.Ignored
    const { connections } = track(scene.toPcap(), {}, { opened })
    expect(connections.map(({ tcpStream }) => tcpStream)).toEqual([4])
  })

  it('stay the same connection when packets arrive after its close', () => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 21)
    connection.close('client').acknowledge('server', { think: 500 }).acknowledge('client', { think: 500 })
    expect(track(scene.toPcap()).connections).toHaveLength(1)
  })
})

describe('a connection captured from its middle', () => {
  it.each([
    ['client', 'C: NOOP\r\n'],
    ['server', 'S: 200 ok\r\n'],
  ] as const)('has the known server port at its server when the %s speaks first', (who, first) => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 21, { captured: false })
    const talk = [() => connection.client('NOOP\r\n'), () => connection.server('200 ok\r\n')]
    if (who === 'server') talk.reverse()
    for (const say of talk) say()
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked).toMatchObject({ midstream: true, synAttempts: 0, established: null, roundTrip: null })
    expect(tracked.responder.port).toBe(21)
    expect(delivered[0]).toBe(first)
    expect(delivered).toHaveLength(2)
    expect(tracked.flows.map(({ end, missingBytes }) => [end, missingBytes])).toEqual([
      [6, 0],
      [8, 0],
    ])
  })

  it('from port 20 was opened by the FTP server', () => {
    const { scene, client, server } = stage()
    scene.connect(server, 20, client, 50_010, { captured: false }).client(3000)
    const { connection } = trackOne(scene.toPcap())
    expect(connection.initiator).toEqual({ address: server.address, port: 20 })
    expect(connection.flows[0].end).toBe(3000)
  })

  it('counts what was acknowledged before its first byte as nothing lost', () => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 50_001, { captured: false })
    connection.lost('server', 100_000, { ack: false }).server(5000)
    const { flows } = trackOne(scene.toPcap()).connection
    expect(flows.map(({ acknowledgedUnseen, missingBytes }) => acknowledgedUnseen + missingBytes)).toEqual([0, 0])
  })
})

describe('sequence numbers', () => {
  it('wrap in the middle of a stream without a gap', () => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 21, { initialSequences: [0xfffffffc, 0xffffff00] })
    connection.client('NOOP one\r\n').server(5000).client('NOOP two\r\n')
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows.map(({ end, missingBytes }) => [end, missingBytes])).toEqual([
      [20, 0],
      [5000, 0],
    ])
    expect(delivered[0]).toBe('C: NOOP one\r\n')
    expect(delivered.at(-1)).toBe('C: NOOP two\r\n')
  })

  it('count past 4 GiB by what lies between them', () => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 50_005, { initialSequences: [1, 2] })
    const end = connection.end('server')
    const piece = 2 ** 30
    for (let offset = 0; offset <= 5 * piece; offset += piece) {
      connection.raw({ from: 'server', sequence: end.sequenceAt(1 + offset), payload: 1000 })
    }
    const { flows } = trackOne(scene.toPcap()).connection
    expect(flows[1].end).toBe(5 * piece + 1000)
    expect(flows[1].bytes).toBe(6000)
  })
})

describe('the table', () => {
  it('forgets the oldest connections at its cap and says so', () => {
    const { scene, client, server } = stage()
    for (let i = 0; i < 20; i++) scene.syn(client, 50_000 + i, server, 8080, { attempts: 1 })
    const { anomalies } = track(scene.toPcap(), { maxConnections: 5 }, { opened: () => Attention.Ignored })
    expect(anomalies.list()).toMatchObject([{ kind: 'connection-table-full' }])
    expect(anomalies.list()[0]!.message).toContain('15 of the oldest')
  })

  it('says so when there is no room beside the connections that are followed', () => {
    const { scene, client, server } = stage()
    for (let i = 0; i < 20; i++) scene.syn(client, 50_000 + i, server, 21, { attempts: 1 })
    const { connections, anomalies } = track(scene.toPcap(), { maxConnections: 5 })
    expect(connections).toHaveLength(5)
    expect(anomalies.list()).toMatchObject([{ kind: 'connection-table-full' }])
  })
})
