import { describe, expect, it } from 'vitest'
import type { Conversation } from '../support/conversation.js'
import { Scene } from '../support/scene.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { duplicateAll } from '../support/transforms.js'
import { trackOne } from './track.js'

const LINE = 'the first of many lines of text that a server sends\r\n'

function stage(options: { rtt?: number } = {}): { scene: Scene; connection: Conversation } {
  const scene = new Scene()
  const client = scene.host('192.168.1.10')
  const server = scene.host('203.0.113.20', { hopLimit: 57 })
  const connection = scene.connect(client, 50_000, server, 21, options)
  return { scene, connection }
}

/** Moves the n-th packet with payload `by` packets back, to `later` nanoseconds after the one before its new place. */
function moveData(scene: Scene, n: number, by: number, later: number): void {
  scene.apply((packets) => {
    const data = packets.filter((packet) => packet.payload.length > 0)
    const at = packets.indexOf(data[n]!)
    const [moved] = packets.splice(at, 1)
    packets.splice(at + by, 0, moved!)
    moved!.time = packets[at + by - 1]!.time + later
    for (const packet of packets.slice(at + by)) packet.time = Math.max(packet.time, moved!.time)
    return packets
  })
}

const isData = (packet: ScenePacket) => packet.payload.length > 0

describe('a flow', () => {
  it('counts nothing lost, late or double where nothing was', () => {
    const { scene, connection } = stage()
    for (let i = 0; i < 20; i++) connection.server(LINE).client('NOOP\r\n')
    connection.server(20_000)
    const { flows } = trackOne(scene.toPcap()).connection
    for (const flow of flows) {
      expect(flow).toMatchObject({
        retransmissions: 0,
        outOfOrder: 0,
        duplicates: 0,
        keepAlives: 0,
        missingBytes: 0,
        acknowledgedUnseen: 0,
        snappedBytes: 0,
      })
    }
    expect(flows[0]).toMatchObject({ end: 120, bytes: 120, dataSegments: 20, acknowledged: 120 })
    expect(flows[1].end).toBe(20 * LINE.length + 20_000)
    expect(flows[1].largestSegment).toBe(1448)
  })

  it('counts a segment that is retransmitted, with its frame, and delivers its bytes once', () => {
    const { scene, connection } = stage()
    connection.server(LINE, { ack: false }).retransmit('server', 1, { think: 250 })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ retransmissions: 1, outOfOrder: 0, duplicates: 0, end: LINE.length })
    expect(tracked.flows[1].retransmitted.map(({ frame }) => frame)).toEqual([5])
    expect(delivered).toEqual([`S: ${LINE}`])
  })

  it('takes a segment that was overtaken within a round trip for out of order', () => {
    const { scene, connection } = stage({ rtt: 40 })
    connection.server('one\r\n').server('two\r\n').server('three\r\n')
    moveData(scene, 0, 2, 10_000)
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ retransmissions: 0, outOfOrder: 1, missingBytes: 0 })
    expect(delivered.join('')).toBe('S: one\r\nS: two\r\nS: three\r\n')
  })

  it('takes bytes that fill a hole much later than a round trip for a retransmission', () => {
    const { scene, connection } = stage({ rtt: 40 })
    connection.server('one\r\n', { captured: false, delivered: false })
    connection.server('two\r\n').retransmit('server', 1, { skip: 1, think: 300 })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ retransmissions: 1, outOfOrder: 0, missingBytes: 0 })
    expect(delivered).toEqual(['S: one\r\n', 'S: two\r\n'])
  })

  it('distinguishes a packet that was captured twice from one that was sent twice', () => {
    const { scene, connection } = stage()
    connection.server(LINE, { ack: false }).retransmit('server', 1, { think: 250 }).client('NOOP\r\n')
    const once = trackOne(scene.toPcap()).connection
    const twice = trackOne(scene.apply(duplicateAll()).toPcap()).connection
    for (const direction of [0, 1] as const) {
      const { packets, retransmissions, end, duplicates } = twice.flows[direction]
      expect([packets, retransmissions, end]).toEqual([
        once.flows[direction].packets,
        once.flows[direction].retransmissions,
        once.flows[direction].end,
      ])
      expect(duplicates).toBe(packets)
    }
    expect(twice).toMatchObject({ synAttempts: 1, synAckAttempts: 1 })
    expect(twice.flows[0].firstDuplicate).toBe(2)
  })

  it('recognises the second copies of a burst that arrive after all of it', () => {
    const { scene, connection } = stage({ rtt: 40 })
    connection.end('server').congestionWindow = 200
    connection.server(200_000)
    const twice = trackOne(scene.apply(duplicateAll(2_000_000)).toPcap()).connection
    for (const flow of twice.flows) expect(flow).toMatchObject({ retransmissions: 0, duplicates: flow.packets })
    expect(twice.flows[1].dataSegments).toBeGreaterThan(130)
  })

  it.each([
    ['without payload', 0],
    ['with one byte of payload', 1],
  ])('knows a keep-alive %s from data', (_words, payload) => {
    const { scene, connection } = stage()
    connection.server('220 hello\r\n').client('NOOP\r\n')
    scene.wait(60_000)
    const end = connection.end('client')
    for (let i = 0; i < 3; i++) {
      connection.raw({ from: 'client', sequence: end.sequenceAt(end.next - 1), payload: '\n'.repeat(payload) })
      connection.acknowledge('server')
      scene.wait(60_000)
    }
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[0]).toMatchObject({ keepAlives: 3, retransmissions: 0, dataSegments: 1, end: 6 })
    expect(tracked.flows[1]).toMatchObject({ keepAlives: 0 })
    expect(delivered).toEqual(['S: 220 hello\r\n', 'C: NOOP\r\n'])
  })

  it('takes no acknowledgment for a keep-alive or for data', () => {
    const { scene, connection } = stage()
    connection.server(5000)
    for (let i = 0; i < 5; i++) connection.acknowledge('client', { think: 10 })
    expect(trackOne(scene.toPcap()).connection.flows[0]).toMatchObject({ keepAlives: 0, dataSegments: 0, end: 0 })
  })

  it('takes segments larger than any MTU, as hosts hand them to their network card', () => {
    const { scene, connection } = stage()
    connection.server(200_000, { segment: 60_000 })
    const { flows } = trackOne(scene.toPcap()).connection
    expect(flows[1]).toMatchObject({ end: 200_000, largestSegment: 60_000, dataSegments: 4, missingBytes: 0 })
  })

  it('takes lengths from the headers where packets were cut, and reads what is there', () => {
    const { scene, connection } = stage()
    // 14 + 20 + 32 bytes of headers leave 12 of each payload.
    connection.server('220 hello\r\n').server(3000).server('226 done\r\n')
    const { connection: tracked, delivered } = trackOne(scene.toPcap({ snapLength: 78 }))
    expect(tracked.flows[1]).toMatchObject({ end: 3021, bytes: 3021, missingBytes: 0, acknowledgedUnseen: 0 })
    expect(tracked.flows[1].snappedBytes).toBe(3000 - 3 * 12)
    expect(delivered[0]).toBe('S: 220 hello\r\n')
    expect(delivered.at(-1)).toBe('S: 226 done\r\n')
  })
})

describe('a gap', () => {
  it('that the peer acknowledges was lost by the capture: it is counted, and the stream goes on after it', () => {
    const { scene, connection } = stage()
    connection.server('one\r\n').lost('server', 'two\r\n').server('three\r\n').client('NOOP\r\n')
    for (let i = 0; i < 70; i++) connection.acknowledge('client', { think: 1 })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ missingBytes: 5, acknowledgedUnseen: 5, end: 17, bytes: 12 })
    expect(delivered).toEqual(['S: one\r\n', 'S: (5 missing)', 'S: three\r\n', 'C: NOOP\r\n'])
  })

  it('is given up after a second of capture time, not only when the connection ends', () => {
    const { scene, connection } = stage()
    connection.lost('server', 'one\r\n').server('two\r\n').client('NOOP\r\n')
    scene.wait(2000)
    connection.client('QUIT\r\n')
    scene.drop((packet, index) => index > 100 && isData(packet))
    const { delivered } = trackOne(scene.toPcap())
    expect(delivered).toEqual(['S: (5 missing)', 'S: two\r\n', 'C: NOOP\r\n', 'C: QUIT\r\n'])
  })

  it('at the end of a stream shows by what the peer acknowledges', () => {
    const { scene, connection } = stage()
    connection.server('one\r\n').lost('server', 'the last words\r\n').client('QUIT\r\n')
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ missingBytes: 16, acknowledgedUnseen: 16, end: 21, bytes: 5 })
    expect(delivered).toEqual(['S: one\r\n', 'S: (16 missing)', 'C: QUIT\r\n'])
  })

  it('is none where nothing but the FIN was not captured', () => {
    const { scene, connection } = stage()
    connection.server('one\r\n').close('server')
    scene.drop((packet) => (packet.tcp!.flags & 1) !== 0)
    const { flows } = trackOne(scene.toPcap()).connection
    expect(flows[1]).toMatchObject({ missingBytes: 0, acknowledgedUnseen: 0, end: 5 })
  })

  it('that is never acknowledged is missing, but not lost by the capture', () => {
    const { scene, connection } = stage()
    connection.server('one\r\n', { captured: false, delivered: false }).server('two\r\n', { ack: false })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(tracked.flows[1]).toMatchObject({ missingBytes: 5, acknowledgedUnseen: 0 })
    expect(delivered).toEqual(['S: (5 missing)', 'S: two\r\n'])
  })

  it('of a direction that was not captured at all still orders the other one', () => {
    const { scene, connection } = stage()
    for (let i = 0; i < 100; i++) connection.client('NOOP\r\n').server('200 ok\r\n')
    scene.drop((packet) => packet.source === '203.0.113.20')
    const { delivered, connection: tracked } = trackOne(scene.toPcap())
    expect(delivered.filter((words) => words === 'C: NOOP\r\n')).toHaveLength(100)
    expect(tracked.flows[1]).toMatchObject({ packets: 0, acknowledgedUnseen: 100 * 8, bytes: 0 })
  })
})

describe('an overlap', () => {
  it('with other bytes is reported, and the first are kept', () => {
    const { scene, connection } = stage()
    const { next } = connection.end('client')
    connection.client('RETR a\r\n')
    connection.raw({ from: 'client', sequence: connection.end('client').sequenceAt(next), payload: 'DELE b\r\n' })
    const { delivered, tracked } = trackOne(scene.toPcap())
    expect(delivered).toEqual(['C: RETR a\r\n'])
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-overlap-conflict', count: 1 }])
  })
})
