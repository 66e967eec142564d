import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { type SplitPlace, translated } from '../paths/split.js'
import { dial, dialBackInVain, dialInVain, hostPort, login, quit, reply } from '../support/ftp-scene.js'
import { lengthened } from '../support/lengthened.js'
import { atClient, atServer, openControl } from '../support/places.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '198.51.100.7'
const OUTSIDE = '203.0.113.20'
const INSIDE = '10.0.0.21'
const PORT = 50_005

interface Case {
  /** What the server announces, and what its client is told. */
  announced: string
  written: string
  /** Routers between the captures. */
  hops?: number
  /** What becomes of the data connection beyond the device. */
  data?: (packet: ScenePacket) => ScenePacket[]
  isAccepted?: boolean
  /** A place whose packets are cut. */
  snapped?: { where: string; snapLength: number }
}

const isOfData = ({ tcp }: ScenePacket): boolean => tcp !== null && tcp.sourcePort !== 21 && tcp.destinationPort !== 21

/** A server behind a device that rewrites its 227, captured on both sides. */
function rewritten({ announced, written, hops = 7, data = () => [], isAccepted = false, snapped }: Case): Analysis {
  const { scene, client, server } = atClient('', { client: CLIENT })
  const session = openControl({ scene, client, server })
  const [, address, dialled] = /^(.*),(\d+,\d+)$/.exec(written) ?? [null, OUTSIDE, '195,85']
  const [first, second] = dialled.split(',').map(Number)
  const to = first! * 256 + second!
  login(session)
  session.control.client('PASV\r\n')
  reply(session, `227 Entering Passive Mode (${written}).`)
  const target = address === OUTSIDE.replaceAll('.', ',') ? server : scene.host(address.replaceAll(',', '.'))
  if (isAccepted) dial(session, to).close('client')
  else dialInVain(session, to, { target })
  scene.wait(5000)
  session.control.client('LIST\r\n')
  reply(session, '425 Failed to establish connection.')
  quit(session)
  const alg = lengthened(scene.packets, {
    inside: OUTSIDE,
    outside: INSIDE,
    words: { inside: written, outside: announced },
    corrected: announced.length - written.length,
  })
  const atServer: SplitPlace = {
    name: 'server.pcap',
    away: 8,
    hops,
    change: (packet, index) => alg(packet, index).flatMap((each) => (isOfData(each) ? data(each) : [each])),
  }
  const places: SplitPlace[] = [{ name: 'client.pcap', away: 0, hops: 0 }, atServer]
  const cut = (place: SplitPlace): SplitPlace =>
    place.name === snapped?.where ? { ...place, snapLength: snapped.snapLength } : place
  return analyzePlaces(scene.packets, CLIENT, places.map(cut))
}

function toPort(from: number, to: number): (packet: ScenePacket) => ScenePacket[] {
  const other = (own: number): number => (own === from ? to : own)
  return (packet) => {
    const { sourcePort, destinationPort } = packet.tcp!
    const ports = { sourcePort: other(sourcePort), destinationPort: other(destinationPort) }
    return [clonePacket(packet, { tcp: { ...packet.tcp!, ...ports } })]
  }
}

const verdictOf = ({ paths }: Analysis) => paths![0]!.verdict

function findingOf({ sessions }: Analysis) {
  return sessions.flatMap(({ findings }) => findings).find(({ id }) => id === 'announcement-rewritten-wrongly')
}

describe('An ALG that rewrites the 227 wrongly', () => {
  it('is the cause where the server had announced what its client can reach', () => {
    const analysis = rewritten({ announced: hostPort(OUTSIDE, PORT), written: hostPort(INSIDE, PORT) })
    expect(verdictOf(analysis)).toMatchObject({
      cause: 'announcement-rewritten-wrongly',
      confidence: 'high',
      settledBy: null,
    })
    expect(findingOf(analysis)!.message).toBe(
      "A device between server.pcap and client.pcap rewrites the server's answer to PASV: it makes 10.0.0.21:50005 " +
        'of 203.0.113.20:50005. The server is 203.0.113.20 for client.pcap, as it had announced: the data connection ' +
        'is sent elsewhere.',
    )
  })

  it('is the cause where it writes an address that the client cannot reach; less surely a public one', () => {
    const of = (address: string) =>
      verdictOf(rewritten({ announced: hostPort(INSIDE, PORT), written: hostPort(address, PORT) }))
    expect(of('192.168.77.7')).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'high' })
    expect(of('203.0.113.99')).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'medium' })
  })

  it('is the cause where the port that it writes is mapped to another one, or not at all', () => {
    const words = { announced: hostPort(INSIDE, PORT), written: hostPort(OUTSIDE, PORT + 256) }
    const elsewhere = rewritten({ ...words, data: toPort(PORT + 256, PORT + 7) })
    expect(verdictOf(elsewhere)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'high' })
    expect(findingOf(elsewhere)!.message).toContain(`leaves it to port ${PORT + 7}, which nobody announced.`)
    const nowhere = rewritten({ ...words, hops: 1 })
    expect(verdictOf(nowhere)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'high' })
    expect(findingOf(nowhere)!.message).toContain('Of the two numbers of the port it changed the first only.')
    // Any of several routers may have dropped the SYN.
    const somewhere = rewritten(words)
    expect(verdictOf(somewhere)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'medium' })
    expect(findingOf(somewhere)!.rivals).toEqual(['passive-port-unanswered'])
  })

  it('is the cause where what it writes is no announcement', () => {
    const analysis = rewritten({ announced: hostPort(INSIDE, PORT), written: '203,0,113,20,195' })
    expect(verdictOf(analysis)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'high' })
  })

  it('is not the cause where it writes the address and port that the device passes on', () => {
    const words = { announced: hostPort(INSIDE, PORT), written: hostPort(OUTSIDE, PORT + 300) }
    const works = rewritten({ ...words, data: toPort(PORT + 300, PORT), isAccepted: true })
    expect(findingOf(works)).toBeUndefined()
    const refused = rewritten({ ...words, data: toPort(PORT + 300, PORT) })
    expect(findingOf(refused)).toBeUndefined()
    expect(verdictOf(refused).cause).toBe('passive-port-unanswered')
    const blocked = rewritten({ announced: hostPort(INSIDE, PORT), written: hostPort(OUTSIDE, PORT) })
    expect(verdictOf(blocked).cause).toBe('passive-port-unanswered')
  })
})

describe('An ALG that rewrites PORT', () => {
  const inside = '192.168.1.10'

  /** A client behind a device that translates its address, and whose PORT the server gets as `written`. */
  function active(written: string, atClient: (packet: ScenePacket) => ScenePacket[], hops = 14): Analysis {
    const { scene, client, server } = atServer('', { client: CLIENT })
    const session = openControl({ scene, client, server })
    login(session)
    session.control.client(`PORT ${written}\r\n`)
    reply(session, '200 PORT command successful. Consider using PASV.')
    session.control.client('LIST\r\n')
    const [first, second] = written.split(',').slice(4).map(Number)
    dialBackInVain(session, first! * 256 + second!)
    reply(session, '425 Failed to establish connection.')
    quit(session)
    const announced = hostPort(inside, PORT).padEnd(written.length)
    const isPort = ({ payload }: ScenePacket): boolean => new TextDecoder().decode(payload).startsWith('PORT ')
    const change = (packet: ScenePacket): ScenePacket[] => {
      const there = translated(packet, CLIENT, inside)
      if (isOfData(there)) return atClient(there)
      return [
        isPort(there) ? clonePacket(there, { payload: new TextEncoder().encode(`PORT ${announced}\r\n`) }) : there,
      ]
    }
    const near: SplitPlace = { name: 'client.pcap', away: -13.9, hops: -hops, change }
    return analyzePlaces(scene.packets, CLIENT, [near, { name: 'server.pcap', away: 0, hops: 0 }])
  }

  it('wrongly is the cause where the connection comes out of it to another port, or not at all', () => {
    const elsewhere = active(hostPort(CLIENT, 61_000), toPort(61_000, PORT + 1))
    expect(verdictOf(elsewhere)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'high' })
    const nowhere = active(hostPort(CLIENT, 61_000), () => [])
    expect(verdictOf(nowhere)).toMatchObject({ cause: 'announcement-rewritten-wrongly', confidence: 'medium' })
  })

  it('rightly is not the cause where the client does not answer', () => {
    const analysis = active(hostPort(CLIENT, 61_000), toPort(61_000, PORT))
    expect(verdictOf(analysis).cause).toBe('active-port-unanswered')
  })
})

describe('An announcement that a snap length cuts at one place', () => {
  it('is not taken for rewritten', () => {
    // Ethernet, IPv4 and TCP take 54 bytes, or 66 with TCP timestamps; the 227 ends before, in and after its address.
    for (const where of ['client.pcap', 'server.pcap']) {
      for (let snapLength = 70; snapLength <= 112; snapLength++) {
        const words = hostPort(OUTSIDE, PORT)
        const analysis = rewritten({ announced: words, written: words, snapped: { where, snapLength } })
        expect({ snapLength, where, found: findingOf(analysis) }).toEqual({ snapLength, where, found: undefined })
      }
    }
  })
})
