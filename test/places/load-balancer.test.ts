import { describe, expect, it } from 'vitest'
import { type SplitPlace, translated } from '../paths/split.js'
import { dialInVain, login, pasv, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '192.168.1.10'
const VIRTUAL = '203.0.113.20'
const PORT = 50_005
const AT_CLIENT: SplitPlace = { name: 'client.pcap', away: 0, hops: 0 }

/** A refused data connection; its RST looks like those of the server. */
function refused(): ScenePacket[] {
  const { scene, client, server } = atClient('')
  const session = openControl({ scene, client, server })
  login(session)
  pasv(session, PORT)
  dialInVain(session, PORT, { answer: { rst: {} } })
  scene.wait(100)
  quit(session)
  return scene.packets
}

const isOfData = ({ tcp }: ScenePacket): boolean => tcp?.sourcePort === PORT || tcp?.destinationPort === PORT

/** A real server behind the balancer, which gets what `takes` says. */
const realServer = (name: string, address: string, hops: number, takes: (packet: ScenePacket) => boolean) =>
  ({
    name,
    away: 8,
    hops,
    clock: { seconds: 3, ppm: 50 },
    change: (packet) => (takes(packet) ? [translated(packet, VIRTUAL, address)] : []),
  }) satisfies SplitPlace

describe('A load balancer that sends control and data connections to different servers', () => {
  it('is proved by the captures of both servers, even where their answers look alike', () => {
    const places = [
      AT_CLIENT,
      realServer('first.pcap', '10.0.0.21', 7, (packet) => !isOfData(packet)),
      realServer('second.pcap', '10.0.0.22', 7, isOfData),
    ]
    for (const order of [places, places.toReversed()]) {
      const { paths, sessions, summary } = analyzePlaces(refused(), CLIENT, order)
      expect(summary.sessions).toBe(1)
      expect(paths![0]!.verdict).toMatchObject({ cause: 'load-balancer-split', confidence: 'high', settledBy: null })
      const finding = sessions.flatMap(({ findings }) => findings).find(({ id }) => id === 'load-balancer-split')!
      expect(finding.message).toBe(
        'The control connection reached 10.0.0.21 (first.pcap), the data connection to 203.0.113.20:50005 reached ' +
          '10.0.0.22:50005 (second.pcap): a load balancer sent the two to different servers.',
      )
      expect(finding.rivals).toEqual([])
    }
  })

  it('is not where the refusal came from further away than the capture of the data connection', () => {
    const places = [
      AT_CLIENT,
      realServer('server.pcap', '10.0.0.21', 7, (packet) => !isOfData(packet)),
      realServer('between.pcap', '10.0.0.1', 4, isOfData),
    ]
    const { paths } = analyzePlaces(refused(), CLIENT, places)
    expect(paths![0]!.verdict.cause).not.toBe('load-balancer-split')
  })

  it('is not where one server got both', () => {
    const places = [AT_CLIENT, realServer('server.pcap', '10.0.0.21', 7, () => true)]
    const { paths } = analyzePlaces(refused(), CLIENT, places)
    expect(paths![0]!.verdict.cause).toBe('passive-port-refused')
  })
})
