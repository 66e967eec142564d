import { describe, expect, it } from 'vitest'
import { exchange, ftpSession } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import type { SplitPlace } from '../paths/split.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '198.51.100.7'
const TAKER = '203.0.113.99'

/** What one server sends to another looks like a third host's attack beside the other. */
function exchanged(): { packets: ScenePacket[]; sender: string } {
  const place = atClient('', { client: CLIENT })
  const other = place.scene.host(TAKER, { hopLimit: 60 })
  exchange(openControl(place), ftpSession(place.scene, place.client, other))
  return { packets: place.scene.packets, sender: place.server.address }
}

const between = (packet: ScenePacket, one: string, other: string): boolean =>
  (packet.source === one && packet.destination === other) || (packet.source === other && packet.destination === one)

describe('A transfer between two servers', () => {
  const { packets, sender } = exchanged()
  const client: SplitPlace = {
    name: 'client.pcap',
    away: 0,
    hops: 0,
    change: (packet) => (between(packet, sender, TAKER) ? [] : [packet]),
  }
  const taker: SplitPlace = {
    name: 'taker.pcap',
    away: 8,
    hops: 2,
    change: (packet) => (between(packet, CLIENT, sender) ? [] : [packet]),
  }

  it.each([
    ['first', [client, taker]],
    ['last', [taker, client]],
  ] as const)('is no attack beside the second one where the dialogue of the client is given %s', (_, places) => {
    const { sessions, summary } = analyzePlaces(packets, CLIENT, places)
    expect(summary).toMatchObject({ sessions: 2, outcomes: { ok: 2, failed: 0 } })
    expect(sessions.flatMap(({ findings }) => findings.map(({ id }) => id))).not.toContain('data-connection-hijack')
  })

  it('looks like one beside the second server alone', () => {
    const { sessions } = analyzePlaces(packets, CLIENT, [taker])
    expect(sessions.map(({ verdict }) => verdict.cause)).toEqual(['data-connection-hijack'])
  })
})
