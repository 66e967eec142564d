import { describe, expect, it } from 'vitest'
import { Direction } from '../../src/tcp/connection.js'
import { Attention } from '../../src/tcp/attention.js'
import { Scene } from '../support/scene.js'
import { track, trackOne } from './track.js'

function stage() {
  const scene = new Scene()
  const client = scene.host('192.168.1.10', { maximumSegmentSize: 1400, windowScale: 8 })
  const server = scene.host('203.0.113.20', { hopLimit: 57 })
  return { scene, client, server }
}

describe('handshake', () => {
  it('gives attempts, options, round trip of the whole path and who is who', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 21, { rtt: 30, capturedAt: 'server' })
    const { connection } = trackOne(scene.toPcap())
    expect(connection.initiator).toEqual({ address: '192.168.1.10', port: 50_000 })
    expect(connection.responder).toEqual({ address: '203.0.113.20', port: 21 })
    expect(connection).toMatchObject({ version: 4, tcpStream: 0, synAttempts: 1, synAckAttempts: 1, midstream: false })
    expect([connection.syns[0]?.frame, connection.synAcks[0]?.frame, connection.established?.frame]).toEqual([1, 2, 3])
    expect(connection.roundTrip! / 1e6).toBeCloseTo(30, 0)
    expect(connection.flows[0]).toMatchObject({ maximumSegmentSize: 1400, windowScale: 8, hopLimit: 64, end: 0 })
    expect(connection.flows[1]).toMatchObject({ maximumSegmentSize: 1460, windowScale: 7, hopLimit: 57, end: 0 })
    expect(connection.closed).toBe(false)
    expect(connection.closedBy).toBeNull()
  })

  it('is the same over IPv6', () => {
    const scene = new Scene()
    scene.connect(scene.host('2001:db8:1::10'), 50_000, scene.host('2001:db8:2::20'), 21)
    const { connection } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({
      version: 6,
      initiator: { address: '2001:db8:1::10', port: 50_000 },
      responder: { address: '2001:db8:2::20', port: 21 },
      synAttempts: 1,
    })
  })

  it('counts every SYN of an attempt that stays unanswered', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 50_000, server, 21, { attempts: 5 })
    const { connection } = trackOne(scene.toPcap())
    expect(connection.synAttempts).toBe(5)
    expect(connection.syns.map(({ frame }) => frame)).toEqual([1, 2, 3, 4, 5])
    expect(connection.established).toBeNull()
    expect(connection.roundTrip).toBeNull()
  })

  it('gives no round trip when a SYN was repeated, since the answer may be to either', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 21, { attempts: 2 })
    const { connection } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ synAttempts: 2, synAckAttempts: 1, roundTrip: null })
    expect(connection.established?.frame).toBe(4)
  })

  it('counts SYN,ACKs that are retransmitted because the last packet of the handshake never arrives', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 50_000, server, 21, { answer: 'syn-ack', attempts: 3 })
    const { connection } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ synAttempts: 3, synAckAttempts: 3, established: null })
  })

  it('distinguishes a RST that answers the SYN from one that ends a connection', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 50_000, server, 21, { answer: { rst: { hopLimit: 61, identification: 77, window: 512 } } })
    const open = scene.connect(client, 50_001, server, 21)
    open.server('220 hello\r\n').reset('server')
    const [refused, reset] = track(scene.toPcap()).connections
    expect(refused!.resets).toMatchObject([
      { answersSyn: true, direction: Direction.FromResponder, hopLimit: 61, identification: 77, window: 512, frame: 2 },
    ])
    expect(reset!.resets).toMatchObject([{ answersSyn: false, direction: Direction.FromResponder }])
  })

  it('does not take a RST for the answer to the SYN when only the SYN,ACK is missing from the capture', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 21).server('220 hello\r\n').reset('server')
    scene.drop((packet) => packet.tcp!.flags === 0x12)
    const { connection } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ synAttempts: 1, synAckAttempts: 0, resets: [{ answersSyn: false }] })
  })

  it('gives a direction its place by its SYN,ACK though acknowledgments of later bytes were captured before', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 21).server('220 hello\r\n')
    // SYN, acknowledgment of the greeting, SYN,ACK, greeting.
    scene.apply(([syn, synAck, , greeting, acknowledgment]) => [syn!, acknowledgment!, synAck!, greeting!])
    const { connection, delivered } = trackOne(scene.toPcap())
    expect(connection.flows[1]).toMatchObject({ end: 11, acknowledged: 11, retransmissions: 0, missingBytes: 0 })
    expect(delivered).toEqual(['S: 220 hello\r\n'])
  })

  it('counts all RSTs of a client that is refused again and again', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 50_000, server, 21, { answer: 'rst', attempts: 3, interval: 500 })
    const { connection } = trackOne(scene.toPcap())
    expect(connection).toMatchObject({ synAttempts: 3, resetCount: 3 })
    expect(connection.resets.map(({ answersSyn }) => answersSyn)).toEqual([true, true, true])
  })
})

describe('ICMP errors', () => {
  it('belong to the connection that they quote, with direction, sender and code', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 49_999, server, 21)
    scene.syn(client, 50_000, server, 21, {
      answer: { icmp: { type: 3, code: 13, from: '198.51.100.1', hopLimit: 250 } },
      attempts: 2,
    })
    const [other, quoted] = track(scene.toPcap()).connections
    expect(other!.icmpErrors).toEqual([])
    expect(quoted!.icmpErrors).toHaveLength(2)
    expect(quoted!.icmpErrors[0]).toMatchObject({
      version: 4,
      type: 3,
      code: 13,
      from: '198.51.100.1',
      hopLimit: 250,
      quoted: Direction.FromInitiator,
      quotesSyn: true,
    })
  })

  it('are read with eight quoted bytes only, as RFC 792 demands no more', () => {
    const { scene, client, server } = stage()
    scene.syn(client, 50_000, server, 21, { answer: { icmp: { type: 3, code: 1, from: '198.51.100.1', quote: 28 } } })
    expect(trackOne(scene.toPcap()).connection.icmpErrors).toMatchObject([{ code: 1, quotesSyn: true }])
  })

  it('are read over IPv6', () => {
    const scene = new Scene()
    scene.syn(scene.host('2001:db8::1'), 50_000, scene.host('2001:db8:2::20'), 21, {
      answer: { icmp: { type: 1, code: 1, from: '2001:db8:9::1' } },
    })
    expect(trackOne(scene.toPcap()).connection.icmpErrors).toMatchObject([
      { version: 6, type: 1, code: 1, from: '2001:db8:9::1', quotesSyn: true },
    ])
  })

  it('that quote a large segment of an open connection do not quote its SYN, and give the MTU', () => {
    const { scene, client, server } = stage()
    const connection = scene.connect(client, 50_000, server, 21)
    connection.server(1400, { delivered: false })
    const packets = scene.packets
    scene.icmp({ type: 3, code: 4, from: '198.51.100.1', mtu: 1280 }, packets.at(-1)!)
    expect(trackOne(scene.toPcap()).connection.icmpErrors).toMatchObject([
      { quoted: Direction.FromResponder, quotesSyn: false, mtu: 1280 },
    ])
  })

  it('show the direction though both ends are one host', () => {
    const scene = new Scene()
    const host = scene.host('127.0.0.1')
    const connection = scene.connect(host, 50_000, host, 21)
    connection.raw({ from: 'server', payload: '220 hello\r\n' })
    scene.icmp({ type: 3, code: 3, from: '127.0.0.1' }, scene.packets.at(-1)!)
    expect(trackOne(scene.toPcap()).connection.icmpErrors).toMatchObject([{ quoted: Direction.FromResponder }])
  })
})

describe('a connection that is followed late', () => {
  it('has a complete handshake, and its reset is no answer to the SYN', () => {
    const { scene, client, server } = stage()
    scene.connect(client, 50_000, server, 4021).server('220 hello\r\n').client('QUIT\r\n').reset('server')
    const recognized = { opened: () => Attention.Ignored, recognise: () => Attention.Read }
    const { connections, delivered } = track(scene.toPcap(), {}, recognized)
    const [connection] = connections
    expect(connection).toMatchObject({ midstream: false, synAttempts: 1, resets: [{ answersSyn: false }] })
    expect(connection!.established).not.toBeNull()
    expect(connection!.flows.map(({ end, missingBytes }) => [end, missingBytes])).toEqual([
      [6, 0],
      [11, 0],
    ])
    expect(delivered.get(connection!)).toEqual(['S: 220 hello\r\n', 'C: QUIT\r\n'])
  })
})
