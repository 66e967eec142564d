import { describe, expect, it } from 'vitest'
import { Direction } from '../../src/tcp/connection.js'
import { Scene } from '../support/scene.js'
import { trackOne } from './track.js'

function stage() {
  const scene = new Scene()
  const client = scene.host('192.168.1.10')
  const server = scene.host('203.0.113.20', { hopLimit: 57 })
  const connection = scene.connect(client, 50_000, server, 21)
  return { scene, connection }
}

describe('close', () => {
  it.each(['client', 'server'] as const)('names the %s that sent its FIN first', (who) => {
    const { scene, connection } = stage()
    connection.server('220 hello\r\n').close(who)
    const { connection: tracked, tracked: all } = trackOne(scene.toPcap())
    const direction = who === 'client' ? Direction.FromInitiator : Direction.FromResponder
    expect(tracked.closedBy).toEqual({ direction, how: 'fin' })
    expect(tracked.closed).toBe(true)
    expect(tracked.flows[1]).toMatchObject({ finOffset: 11, end: 11, acknowledgedUnseen: 0, missingBytes: 0 })
    expect(all.closed).toEqual([0])
    expect(all.finished).toEqual([0])
  })

  it('is attributed to the side that reset the connection, and reported once', () => {
    const { scene, connection } = stage()
    connection.server('220 hello\r\n').reset('client').reset('client')
    const { connection: tracked, tracked: all } = trackOne(scene.toPcap())
    expect(tracked.closedBy).toEqual({ direction: Direction.FromInitiator, how: 'rst' })
    expect(tracked.resetCount).toBe(2)
    expect(all.closed).toEqual([0])
  })

  it('is that of the FIN when a RST follows it', () => {
    const { scene, connection } = stage()
    connection.fin('server').reset('client')
    expect(trackOne(scene.toPcap()).connection.closedBy).toEqual({ direction: Direction.FromResponder, how: 'fin' })
  })

  it('is not reached while one side only has sent its FIN, and the other goes on', () => {
    const { scene, connection } = stage()
    connection.fin('client').server('226 late\r\n')
    const { connection: tracked, delivered, tracked: all } = trackOne(scene.toPcap())
    expect(tracked.closed).toBe(false)
    expect(all.closed).toEqual([])
    expect(delivered).toEqual(['S: 226 late\r\n'])
  })

  it('does not hold back a reply that acknowledges the FIN of its command', () => {
    const { scene, connection } = stage()
    connection.client('QUIT\r\n', { fin: true }).server('221 bye\r\n').server('421 still here\r\n')
    const { delivered } = trackOne(scene.toPcap())
    expect(delivered).toEqual(['C: QUIT\r\n', 'S: 221 bye\r\n', 'S: 421 still here\r\n'])
  })

  it('puts bytes that arrive after a FIN out of order in their place', () => {
    const { scene, connection } = stage()
    connection.server('220 one\r\n').server('220 two\r\n', { fin: true })
    scene.apply((packets) => {
      const at = packets.findIndex((packet) => packet.payload.length > 0)
      const [first] = packets.splice(at, 1)
      packets.splice(packets.findIndex((packet) => packet.payload.length > 0) + 1, 0, first!)
      return packets
    })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(delivered).toEqual(['S: 220 one\r\n', 'S: 220 two\r\n'])
    expect(tracked.flows[1]).toMatchObject({ missingBytes: 0, finOffset: 18 })
  })

  it('reads what a server sends after its own FIN, though no TCP would', () => {
    const { scene, connection } = stage()
    connection.fin('server').raw({ from: 'server', payload: 'more' })
    const { connection: tracked, delivered } = trackOne(scene.toPcap())
    expect(delivered.at(-1)).toBe('S: more')
    expect(tracked.flows[1].finOffset).toBe(0)
  })
})
