import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { captureAt, type SplitPlace, translated } from '../paths/split.js'
import { dial, dialInVain, login, pasv, quit } from '../support/ftp-scene.js'
import { atClient, atServer, openControl } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { textReport } from '../../src/report/text/report.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { analyzeFiles, analyzePlaces } from './joined.js'

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

/** Of the scenes below, which show what both servers see. */
const OUTSIDE = '198.51.100.7'

/** The captures of the two servers alone; that of the second is `clock` seconds ahead. */
function serversAlone(packets: readonly ScenePacket[], clock = 0.4, second = isOfData) {
  const server = (name: string, address: string, takes: (packet: ScenePacket) => boolean, seconds: number) => ({
    ...realServer(name, address, 0, takes),
    away: 0,
    clock: { seconds, ppm: 0 },
  })
  const places = [
    server('first.pcap', '10.0.0.21', (packet) => !isOfData(packet), 0),
    server('second.pcap', '10.0.0.22', second, clock),
  ]
  const [one, other] = [places, places.toReversed()].map((order) => analyzePlaces(packets, OUTSIDE, order))
  expect(causesOf(other!)).toEqual(causesOf(one!))
  return one!
}

const causesOf = ({ sessions }: Analysis) => sessions.map(({ verdict }) => verdict.cause)

function dialled(isAccepted: boolean): ScenePacket[] {
  const { scene, client, server } = atServer('')
  const session = openControl({ scene, client, server })
  login(session)
  pasv(session, PORT)
  if (isAccepted) dial(session, PORT).close('client')
  else dialInVain(session, PORT, { answer: { rst: {} } })
  scene.wait(100)
  quit(session)
  return scene.packets
}

describe('The captures of two servers without that of the client', () => {
  it('prove that the data connection came to the other server', () => {
    const { paths, sessions, summary } = serversAlone(dialled(false))
    expect(summary.sessions).toBe(1)
    expect(paths![0]!.verdict).toMatchObject({ cause: 'load-balancer-split', confidence: 'high', settledBy: null })
    expect(paths![0]!.places.map(({ file }) => file)).toEqual(['first.pcap', 'second.pcap'])
    const finding = sessions[0]!.findings.find(({ id }) => id === 'load-balancer-split')!
    expect(finding.message).toContain(
      'The control connection reached 10.0.0.21 (first.pcap), the data connection to 203.0.113.20:50005 reached ' +
        '10.0.0.22:50005 (second.pcap)',
    )
    expect(sessions[0]!.findings.map(({ id }) => id)).not.toContain('passive-not-attempted')
  })

  it('are told as what one capture each has, and drawn with the SYN that came to the other server', () => {
    const analysis = serversAlone(dialled(false))
    const text = [...textReport({ ...DEFAULT_OPTIONS, all: true }).end(analysis)].join('')
    expect(analysis.paths![0]!.connections.map(({ verdict }) => verdict)).toEqual([
      'Only first.pcap has the control connection.',
      'Only second.pcap has the data connection.',
    ])
    expect(text).toMatch(/packets {2}each in one capture only/)
    expect(text).toMatch(/data connection 1 {2}Only second\.pcap has the data connection\.[^]*─ SYN ─/)
    expect(text).not.toContain('arrived unchanged')
  })

  it('are told as unanswered where nothing answered', () => {
    const silent = serversAlone(dialled(false), 0.4, (packet) => isOfData(packet) && packet.source === OUTSIDE)
    expect(silent.paths![0]!.connections.at(-1)!.verdict).toBe(
      'Only second.pcap has the data connection, and no answer on it.',
    )
  })

  it('prove less where the other server never answered, or their clocks disagree', () => {
    const silent = serversAlone(dialled(false), 0.4, (packet) => isOfData(packet) && packet.source === OUTSIDE)
    const late = serversAlone(dialled(false), 20)
    for (const { paths } of [silent, late])
      expect(paths![0]!.verdict).toMatchObject({ cause: 'load-balancer-split', confidence: 'medium' })
  })

  it('prove nothing where hours lie between, or the other server accepted the connection', () => {
    for (const analysis of [serversAlone(dialled(false), 7200), serversAlone(dialled(true))])
      expect(causesOf(analysis)).toEqual(['passive-not-attempted'])
  })

  it('prove nothing where the other one is a server that the client uses as well', () => {
    const { scene, client, server } = atServer('')
    const other = scene.host('203.0.113.21', { hopLimit: 64, distance: 0.02 })
    const first = openControl({ scene, client, server })
    login(first)
    const second = openControl({ scene, client, server: other }, { clientPort: 52_900 })
    login(second)
    pasv(first, PORT)
    pasv(second, PORT)
    dialInVain(second, PORT, { answer: { rst: {} } })
    scene.wait(3000)
    quit(first)
    quit(second)
    const capture = (host: { address: string }): Uint8Array => {
      const isOfHost = ({ source, destination }: ScenePacket) => [source, destination].includes(host.address)
      return captureAt(scene.packets.filter(isOfHost), OUTSIDE, { name: '', away: 0, hops: 0 }).bytes
    }
    const analysis = analyzeFiles({ 'first.pcap': capture(server), 'second.pcap': capture(other) })
    expect(causesOf(analysis)).toEqual(['passive-not-attempted', 'passive-port-refused'])
    expect(analysis.paths ?? []).toEqual([])
  })
})
