import { describe, expect, it } from 'vitest'
import blackHole from '../../samples/made/path-mtu-blackhole.js'
import { type SplitPlace, translated } from '../paths/split.js'
import { SCENES } from '../property/scenes.js'
import { ask, login, pasv, quit, reply } from '../support/ftp-scene.js'
import { atServer, openControl } from '../support/places.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

/** The client of scenes that were captured at the server, as its own capture and the server's show it. */
const CLIENT = '198.51.100.7'
const AT_SERVER: SplitPlace = { name: 'server.pcap', away: 0, hops: 0 }
const AT_CLIENT: SplitPlace = { name: 'client.pcap', away: -13.9, hops: -14, clock: { seconds: 7, ppm: 100 } }

const without = (isDropped: (packet: ScenePacket) => boolean): SplitPlace => ({
  ...AT_CLIENT,
  change: (packet) => (isDropped(packet) ? [] : [packet]),
})

describe('A path MTU black hole', () => {
  it('is proved by the sizes that passed and those that did not', () => {
    const places = [AT_SERVER, without(({ payload }) => payload.length > 1000)]
    const { paths, sessions } = analyzePlaces(blackHole.packets, CLIENT, places)
    expect(paths![0]!.verdict).toMatchObject({ cause: 'path-mtu-blackhole', confidence: 'high', settledBy: null })
    const { message, rivals } = sessions[0]!.findings.find(({ id }) => id === 'path-mtu-blackhole')!
    expect(message).toContain(
      'Between server.pcap and client.pcap the largest that arrived has 208 bytes, ' +
        'the smallest that did not 1448 bytes.',
    )
    expect(rivals).toEqual([])
  })

  it('is none where a segment of the same size arrived', () => {
    let large = 0
    const places = [AT_SERVER, without(({ payload }) => payload.length > 1000 && large++ > 0)]
    const { sessions } = analyzePlaces(blackHole.packets, CLIENT, places)
    const ids = sessions.flatMap(({ findings }) => findings.map(({ id }) => id))
    expect(ids).not.toContain('path-mtu-blackhole')
  })
})

/** A transfer on a connection from another host than the client, which itself never dials. */
function fromOtherHost(): ScenePacket[] {
  const place = atServer('')
  const other = place.scene.host('203.0.113.131', { hopLimit: 64, distance: 0.1 })
  const session = openControl(place)
  login(session)
  pasv(session, 50_005)
  const data = place.scene.connect(other, 54_240, place.server, 50_005)
  ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 2048))
  data.server(2048).close('server')
  reply(session, session.dialect.complete)
  quit(session)
  return place.scene.packets
}

const isOfData = ({ tcp }: ScenePacket): boolean => tcp?.sourcePort === 54_240 || tcp?.destinationPort === 54_240

describe('A data connection from a third host', () => {
  it('is proved to be none of the client’s by the client’s capture', () => {
    const { sessions } = analyzePlaces(fromOtherHost(), CLIENT, [AT_SERVER, without(isOfData)])
    const finding = sessions.flatMap(({ findings }) => findings).find(({ id }) => id === 'data-connection-hijack')
    expect(finding).toMatchObject({ confidence: 'high', rivals: [] })
  })

  it('is the client’s own where a translator gave it another address', () => {
    const atClient: SplitPlace = {
      ...AT_CLIENT,
      change: (packet) => [isOfData(packet) ? translated(packet, '203.0.113.131', CLIENT) : packet],
    }
    const { sessions } = analyzePlaces(fromOtherHost(), CLIENT, [AT_SERVER, atClient])
    const ids = sessions.flatMap(({ findings }) => findings.map(({ id }) => id))
    expect(ids).not.toContain('data-connection-hijack')
  })
})

describe('A session behind two translators', () => {
  it('that change sequence numbers as well is one, in the order of its path', () => {
    const inside = '192.168.1.10'
    const shifted = (packet: ScenePacket, by: number): ScenePacket => {
      const { tcp } = packet
      if (!tcp) return packet
      const isFrom = packet.source !== '203.0.113.20'
      const sequence = isFrom ? (tcp.sequence + by) >>> 0 : tcp.sequence
      const acknowledgment = isFrom || tcp.acknowledgment === 0 ? tcp.acknowledgment : (tcp.acknowledgment + by) >>> 0
      return clonePacket(packet, { tcp: { ...tcp, sequence, acknowledgment } })
    }
    const places: SplitPlace[] = [
      { name: 'client.pcap', away: 0, hops: 0 },
      { name: 'middle.pcap', away: 4, hops: 3, change: (packet) => [translated(packet, inside, '100.64.0.9')] },
      {
        name: 'server.pcap',
        away: 8,
        hops: 7,
        change: (packet) => [shifted(translated(packet, inside, '198.51.100.77'), 0x5a5a1234)],
      },
    ]
    const { summary, paths } = analyzePlaces(SCENES['passive']!().packets, inside, places.toReversed())
    expect(summary.sessions).toBe(1)
    const [path] = paths!
    expect(path!.places.map(({ file, client }) => [file, client!.address])).toEqual([
      ['client.pcap', inside],
      ['middle.pcap', '100.64.0.9'],
      ['server.pcap', '198.51.100.77'],
    ])
    expect(path!.fates).toEqual([])
  })
})
