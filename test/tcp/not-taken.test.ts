import { describe, expect, it } from 'vitest'
import { doubtsOf } from '../../src/tcp/doubts.js'
import { Scene } from '../support/scene.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { toPcap } from '../support/pcap-writer.js'
import { Attention } from '../../src/tcp/attention.js'
import { track, trackOne } from './track.js'

function stage() {
  const scene = new Scene()
  const client = scene.host('192.168.1.10')
  const server = scene.host('203.0.113.20', { hopLimit: 57 })
  const control = scene.connect(client, 50_000, server, 21)
  control.server('220 hello\r\n').client('USER a\r\n').server('331 Password\r\n')
  return { scene, client, server, control }
}

const DIALOGUE = ['S: 220 hello\r\n', 'C: USER a\r\n', 'S: 331 Password\r\n']
const kinds = (capture: Uint8Array) =>
  track(capture)
    .anomalies.list()
    .map(({ kind }) => kind)

describe('a RST', () => {
  it.each([-20, 0, 400_000_000])('%i bytes beyond the next is not taken where both hosts go on', (ahead) => {
    const { scene, control } = stage()
    const { next } = control.end('server')
    control.raw({ from: 'server', flags: Flag.Rst, sequence: control.end('server').sequenceAt(next + ahead) })
    control.client('PASS b\r\n').server('230 ok\r\n').client('QUIT\r\n').server('221 bye\r\n').close('server')
    const { connection, tracked } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ resets: [], resetCount: 0, closedBy: { how: 'fin' } })
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-reset-not-taken', count: 1 }])
  })

  it('after which the other host falls silent was taken', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n', { ack: false }).reset('server')
    const { connection, tracked } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ resetCount: 1, resetsOutside: 0, closed: true, closedBy: { how: 'rst' } })
    expect(tracked.anomalies.list()).toEqual([])
  })

  it('outside the window does not close the connection, even where nothing follows', () => {
    const { scene, control } = stage()
    control.raw({ from: 'server', flags: Flag.Rst, sequence: control.end('server').sequenceAt(3) })
    expect(trackOne(scene.toPcap()).connection).toMatchObject({ resetCount: 1, resetsOutside: 1, closed: false })
  })
})

describe('a SYN inside a connection', () => {
  it('is not taken where its sender goes on with the old numbers', () => {
    const { scene, control } = stage()
    control.raw({ from: 'client', flags: Flag.Syn, sequence: 77 })
    control.client('PASS b\r\n').server('230 ok\r\n')
    const { delivered, tracked } = trackOne(scene.toPcap())
    expect(delivered).toEqual([...DIALOGUE, 'C: PASS b\r\n', 'S: 230 ok\r\n'])
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-syn-not-taken', count: 1 }])
  })

  it.each([0, 2])('opens a new connection where it is answered, or repeated %i times', (repeated) => {
    const { scene, client, server } = stage()
    scene.wait(100)
    const again = scene.syn(client, 50_000, server, 21, { attempts: 1 + repeated })
    if (repeated === 0) again.open({ captured: true })
    const { connections } = track(scene.toPcap())
    expect(connections.map(({ midstream }) => midstream)).toEqual([false, false])
    expect(connections.map(({ tcpStream }) => tcpStream)).toEqual([0, 1])
  })

  it('that nothing follows is one that was not answered', () => {
    const { scene, client, server } = stage()
    scene.wait(100)
    scene.syn(client, 50_000, server, 21, { attempts: 1 })
    expect(track(scene.toPcap()).connections.map(({ synAttempts }) => synAttempts)).toEqual([1, 1])
  })
})

describe('a segment with a wrong checksum', () => {
  it('gives way to the one that its receiver acknowledges', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n')
    control.raw({ from: 'server', flags: Flag.Ack, payload: '530 Login incorrect.\r\n', checksumError: 9 })
    control.server('230 ok\r\n').client('QUIT\r\n')
    const { delivered, tracked, connection } = trackOne(scene.toPcap())
    expect(delivered).toEqual([...DIALOGUE, 'C: PASS b\r\n', 'S: 230 ok\r\n', 'C: QUIT\r\n'])
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-checksum', count: 1 }])
    expect(doubtsOf(connection)).toEqual([])
  })

  it('gives way though it comes late, after the one that was taken and its acknowledgment', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n').server('230 ok\r\n').client('QUIT\r\n').server('221 bye\r\n').close('server')
    scene.apply((packets) => {
      const at = packets.findIndex((packet) => isText(packet, '230'))
      const forged = damaged(clonePacket(packets[at]!, { payload: new TextEncoder().encode('530 no\r\n') }))
      return packets.flatMap((packet, index) =>
        index === at + 2 ? [packet, { ...forged, time: packet.time + 1000 }] : [packet],
      )
    })
    const { delivered, tracked, connection } = trackOne(scene.toPcap())
    expect(delivered).toEqual([...DIALOGUE, 'C: PASS b\r\n', 'S: 230 ok\r\n', 'C: QUIT\r\n', 'S: 221 bye\r\n'])
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-checksum', count: 1 }])
    expect(doubtsOf(connection)).toEqual([])
  })

  it('gives way though it comes before the bytes in front of it', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n').server('230-a\r\n').server('230 b\r\n').client('QUIT\r\n').close('client')
    scene.apply((packets) => {
      const first = packets.findIndex((packet) => isText(packet, '230-a'))
      const second = packets.findIndex((packet) => isText(packet, '230 b'))
      const forged = damaged(clonePacket(packets[second]!, { payload: new TextEncoder().encode('230-b\r\n') }))
      return packets.flatMap((packet, index) =>
        index === first ? [{ ...forged, time: packet.time - 1000 }, packet] : [packet],
      )
    })
    const { delivered, tracked } = trackOne(scene.toPcap())
    expect(delivered).toEqual([...DIALOGUE, 'C: PASS b\r\n', 'S: 230-a\r\n', 'S: 230 b\r\n', 'C: QUIT\r\n'])
    expect(tracked.anomalies.list()).toMatchObject([{ kind: 'tcp-checksum', count: 1 }])
  })

  it('is no retransmission of bulk data where it repeats bytes that came', () => {
    const scene = new Scene()
    const server = scene.host('203.0.113.20')
    const data = scene.connect(scene.host('192.168.1.10'), 50_001, server, 50_100)
    data.server(30_000).close('server')
    const copied = (packets: ScenePacket[], change: (packet: ScenePacket) => ScenePacket) =>
      packets.flatMap((packet, index) =>
        packet.payload.length > 1000 && index % 5 === 0
          ? [packet, { ...change(packet), time: packet.time + 5e6 }]
          : [packet],
      )
    const original = scene.packets
    const retransmissions = (packets: ScenePacket[]) => {
      const counted = { opened: () => Attention.Counted }
      const tracked = track(toPcap(packets, { start: scene.start }), {}, counted)
      const [connection] = tracked.connections
      return [connection!.flows[1].retransmissions, tracked.anomalies.list().map(({ kind }) => kind)]
    }
    const change = (packet: ScenePacket) => clonePacket(packet, { payload: packet.payload.map((byte) => byte ^ 1) })
    expect(retransmissions(copied(original, (packet) => damaged(change(packet))))).toEqual([0, ['tcp-checksum']])
    expect(retransmissions(copied(original, change))[0]).toBeGreaterThan(2)
  })

  it('was taken where its receiver acknowledges it', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n').server('230 ok\r\n').client('QUIT\r\n').server('221 bye\r\n').close('server')
    scene.apply((packets) => packets.map((packet) => (isText(packet, '230') ? damaged(packet) : packet)))
    const { delivered, connection } = trackOne(scene.toPcap())
    expect(delivered).toContain('S: 230 ok\r\n')
    expect(doubtsOf(connection)).toHaveLength(1)
  })

  it('is nothing special where most of its direction have one: the network card completes them', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n').server('230 ok\r\n').client('QUIT\r\n').server('221 bye\r\n').close('server')
    scene.apply((packets) => packets.map((packet) => (packet.source === '203.0.113.20' ? damaged(packet) : packet)))
    expect(kinds(scene.toPcap())).toEqual([])
    expect(trackOne(scene.toPcap()).delivered).toEqual([
      ...DIALOGUE,
      'C: PASS b\r\n',
      'S: 230 ok\r\n',
      'C: QUIT\r\n',
      'S: 221 bye\r\n',
    ])
  })
})

describe('ports that are used again without a captured SYN', () => {
  const later = (packets: ScenePacket[], from: number, seconds: number) =>
    packets.map((packet, index) => (index < from ? packet : clonePacket(packet, { time: packet.time + seconds * 1e9 })))

  it.each([
    [true, 90, 2],
    [false, 90, 2],
    [false, 5, 1],
  ])('make a new connection after a close (%s) and %i s', (closes, seconds, count) => {
    const { scene, client, server, control } = stage()
    if (closes) control.close('client')
    const first = scene.packets.length
    scene.connect(client, 50_000, server, 21, { captured: false }).server('220 again\r\n').client('NOOP\r\n')
    scene.apply((packets) => later(packets, first, seconds))
    expect(track(scene.toPcap()).connections).toHaveLength(count)
  })
})

describe('a generated capture that does not count the SYN', () => {
  it('keeps the first byte, and all segments where they have one number', () => {
    const { scene, control } = stage()
    control.client('PASS b\r\n').close('client')
    scene.apply((packets) =>
      packets.map((packet) =>
        clonePacket(packet, { tcp: packet.tcp && { ...packet.tcp, sequence: 0, acknowledgment: 0 } }),
      ),
    )
    expect(trackOne(scene.toPcap()).delivered).toEqual([...DIALOGUE, 'C: PASS b\r\n'])
  })
})

function isText({ payload }: ScenePacket, begin: string): boolean {
  return new TextDecoder().decode(payload).startsWith(begin)
}

function damaged(packet: ScenePacket): ScenePacket {
  return clonePacket(packet, { tcp: packet.tcp && { ...packet.tcp, checksumError: 0x111 } })
}
