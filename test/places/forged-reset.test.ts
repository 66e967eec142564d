import { describe, expect, it } from 'vitest'
import type { SplitPlace } from '../paths/split.js'
import { ask, login, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { Flag, type ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '192.168.1.10'
const NEAR: SplitPlace = { name: 'client.pcap', away: 0, hops: 0 }
const FAR: SplitPlace = { name: 'server.pcap', away: 8, hops: 7, clock: { seconds: -40, ppm: 100 } }

/** A session that a RST with the server's address and usual TTL ends; and the client's next session. */
function reset(): ScenePacket[] {
  const { scene, client, server } = atClient('')
  const session = openControl({ scene, client, server }, { clientPort: 52_000 })
  login(session)
  ask(session, 'CWD pub', '250 Directory changed.')
  session.control.client('NLST\r\n')
  session.control.reset('server')
  scene.wait(5000)
  const again = openControl({ scene, client, server }, { clientPort: 52_050 })
  login(again)
  quit(again)
  return scene.packets
}

/** The one RST. */
const isReset = ({ tcp }: ScenePacket): boolean => tcp !== null && (tcp.flags & Flag.Rst) !== 0

describe('A RST', () => {
  it('that the capture at its sender has is the sender’s', () => {
    const { paths, sessions } = analyzePlaces(reset(), CLIENT, [NEAR, FAR])
    expect(paths![0]!.verdict.sentence).not.toContain('forged')
    expect(sessions[0]!.findings.find(({ id }) => id === 'control-reset')).toMatchObject({ side: 'server' })
  })

  it('that its sender never sent is forged, although its TTL is the usual one', () => {
    // The server's identifications do not go on where those of its own packets end.
    const forged = reset().map((packet) => (isReset(packet) ? { ...packet, identification: 0xbeef } : packet))
    const places = [NEAR, { ...FAR, change: (packet: ScenePacket) => (isReset(packet) ? [] : [packet]) }]
    const { paths, sessions } = analyzePlaces(forged, CLIENT, places)
    const { verdict } = paths![0]!
    expect(verdict).toMatchObject({ cause: 'control-reset', confidence: 'high', settledBy: null })
    expect(verdict.sentence).toContain('That host did not send it: a middlebox forged it.')
    expect(verdict.sentence).toMatch(/injected|never sent|never passed/)
    expect(sessions[0]!.findings.find(({ id }) => id === 'control-reset')).toMatchObject({ side: 'path' })
  })
})
