import { describe, expect, it } from 'vitest'
import type { SplitPlace } from '../paths/split.js'
import { ask, dial, login, pasv } from '../support/ftp-scene.js'
import { atServer, openControl } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '198.51.100.7'

interface Cut {
  packets: ScenePacket[]
  /** Index of the first packet that does not pass. */
  at: number
}

/** A download during which both hosts go on sending; the client also on the control connection. */
function download(quietMs = 0): Cut {
  const { scene, client, server } = atServer('')
  const session = openControl({ scene, client, server })
  login(session)
  pasv(session, 50_005)
  const data = dial(session, 50_005)
  ask(session, 'RETR long.bin', session.dialect.opening('long.bin', 200_000))
  data.server(4344)
  scene.wait(quietMs)
  const at = scene.packets.length
  scene.meanwhile(() => {
    data.unacknowledged('server', 1448, { attempts: 6 })
  })
  session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
  scene.wait(30_000)
  return { packets: scene.packets, at }
}

/** Both captures have what their own host sends in vain. */
function places({ at }: Cut, passes: (packet: ScenePacket) => boolean = () => false): SplitPlace[] {
  const passed = (from: 'client' | 'server') => (packet: ScenePacket, index: number) =>
    index < at || passes(packet) || (packet.source === CLIENT) === (from === 'client') ? [packet] : []
  return [
    { name: 'client.pcap', away: -13.9, hops: -14, clock: { seconds: 7, ppm: 100 }, change: passed('client') },
    { name: 'server.pcap', away: 0, hops: 0, change: passed('server') },
  ]
}

describe('A path on which nothing passes any more', () => {
  it('is the cause where both captures have packets that the other has not', () => {
    const cut = download()
    for (const order of [places(cut), places(cut).toReversed()]) {
      const { paths, sessions, summary } = analyzePlaces(cut.packets, CLIENT, order)
      expect(summary.sessions).toBe(1)
      expect(paths![0]!.verdict).toMatchObject({ cause: 'path-outage', confidence: 'high', settledBy: null })
      const finding = sessions[0]!.findings.find(({ id }) => id === 'path-outage')!
      expect(finding).toMatchObject({ side: 'path', rivals: [] })
      expect(finding.message).toMatch(
        /^Between client\.pcap and server\.pcap nothing passed any more, in either direction, on the data and on the control connection: 6 packets of the client and 6 of the server were lost in /u,
      )
    }
  })

  it('is not the cause where one direction still passes, or after a silence in which a timer may have expired', () => {
    const cut = download()
    const oneWay = analyzePlaces(
      cut.packets,
      CLIENT,
      places(cut, ({ source }) => source === CLIENT),
    )
    const late = download(300_000)
    const idle = analyzePlaces(late.packets, CLIENT, places(late))
    for (const { sessions } of [oneWay, idle]) {
      const outages = sessions.flatMap(({ findings }) => findings).filter(({ id }) => id === 'path-outage')
      expect(outages.map(({ message }) => message).filter((text) => text.startsWith('Between '))).toEqual([])
    }
  })
})

describe('A path that fails, where the capture at the server ends before the client says anything more', () => {
  /** The server retransmits in vain; afterwards the client closes both connections, and says so again. */
  function given(): Cut {
    const { scene, client, server } = atServer('')
    const session = openControl({ scene, client, server })
    login(session)
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR long.bin', session.dialect.opening('long.bin', 200_000))
    data.server(4344)
    const at = scene.packets.length
    data.unacknowledged('server', 1448, { attempts: 6 })
    session.control.unacknowledged('client', 'ABOR\r\n', { attempts: 3 })
    return { packets: scene.packets, at }
  }
  const isClients = ({ source }: ScenePacket) => source === CLIENT
  /** The server's capture ends with the server's last packet. */
  function ended({ at, packets }: Cut, passes: (packet: ScenePacket) => boolean): SplitPlace[] {
    const last = packets.findLastIndex((packet) => !isClients(packet))
    const [near, far] = places({ at, packets }, passes)
    const change: SplitPlace['change'] = (packet, index, ...rest) =>
      index > last ? [] : far!.change!(packet, index, ...rest)
    return [near!, { ...far!, change }]
  }

  it('is the cause: what one host sent was lost, and nothing answers the other', () => {
    const cut = given()
    for (const order of [ended(cut, () => false), ended(cut, () => false).toReversed()]) {
      const { paths, sessions } = analyzePlaces(cut.packets, CLIENT, order)
      expect(paths![0]!.verdict).toMatchObject({ cause: 'path-outage', confidence: 'high', settledBy: null })
      const finding = sessions[0]!.findings.find(({ id }) => id === 'path-outage')!
      expect(finding).toMatchObject({ side: 'path', rivals: [], facts: { lostOf: 'server', lost: 6, unanswered: 3 } })
      expect(finding.message).toContain('6 packets of the server were lost, and nothing answered 3 of the client')
    }
  })

  it('is not the cause where the client’s packets still pass, or the server’s small ones', () => {
    const cut = given()
    for (const shown of [
      places(cut, isClients),
      places(cut, ({ payload, tcp }) => tcp !== null && payload.length < 1000),
    ]) {
      const { sessions } = analyzePlaces(cut.packets, CLIENT, shown)
      const outages = sessions.flatMap(({ findings }) => findings).filter(({ id }) => id === 'path-outage')
      expect(outages.map(({ message }) => message).filter((text) => text.startsWith('Between '))).toEqual([])
    }
  })
})
