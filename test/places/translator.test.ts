import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { captureAt, type SplitPlace, translated } from '../paths/split.js'
import { login, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { analyzeFiles } from './joined.js'

const CLIENT = '192.168.1.10'
const OUTSIDE = '198.51.100.77'
const OLD_PORT = 52_000
const NEW_PORT = 61_007
const NEAR: SplitPlace = { name: 'client.pcap', away: 0, hops: 0 }
const FAR: SplitPlace = { name: 'server.pcap', away: 8, hops: 7, clock: { seconds: -40, ppm: 100 } }

/** A client that says QUIT after a silence, which a RST answers; and the same client's next session. */
function idle(seconds: number): { packets: ScenePacket[]; resumedAt: number } {
  const { scene, client, server } = atClient('')
  const session = openControl({ scene, client, server }, { clientPort: OLD_PORT })
  login(session)
  scene.wait(seconds * 1000)
  const resumedAt = scene.packets.length
  session.control.client('QUIT\r\n', { delivered: false })
  session.control.reset('server')
  scene.wait(5000)
  const again = openControl({ scene, client, server }, { clientPort: OLD_PORT + 50 })
  login(again)
  quit(again)
  return { packets: scene.packets, resumedAt }
}

function isOnPort({ tcp }: ScenePacket, port: number): boolean {
  return tcp !== null && (tcp.sourcePort === port || tcp.destinationPort === port)
}

/** Behind a translator that gives what comes after a silence the new port. */
function remapped(resumedAt: number): SplitPlace['change'] {
  return (packet, index) => {
    const there = translated(packet, CLIENT, OUTSIDE)
    if (index < resumedAt || !isOnPort(packet, OLD_PORT)) return [there]
    const tcp = there.tcp!
    const isFrom = tcp.sourcePort === OLD_PORT
    const ports = isFrom ? { sourcePort: NEW_PORT } : { destinationPort: NEW_PORT }
    return [clonePacket(there, { tcp: { ...tcp, ...ports } })]
  }
}

describe('A translator that forgets an idle mapping', () => {
  it('is named where the next packet leaves it from another port, and the RST is the server’s own', () => {
    const { packets, resumedAt } = idle(300)
    expect(packets.some(({ tcp }) => tcp && (tcp.flags & Flag.Rst) !== 0)).toBe(true)
    const analysis = analyzeFiles({
      'client.pcap': captureAt(packets, CLIENT, NEAR).bytes,
      'server.pcap': captureAt(packets, CLIENT, { ...FAR, change: remapped(resumedAt)! }).bytes,
    })
    const [path] = analysis.paths!
    expect(path!.verdict).toMatchObject({ cause: 'translator-mapping-expired', confidence: 'high', settledBy: null })
    const finding = analysis.sessions
      .flatMap(({ findings }) => findings)
      .find(({ id }) => id === 'translator-mapping-expired')!
    expect(finding.message).toContain(`had shown ${CLIENT}:${OLD_PORT} as ${OUTSIDE}:${OLD_PORT} until then`)
    expect(finding.message).toContain(`left it as ${OUTSIDE}:${NEW_PORT}`)
    expect(finding).toMatchObject({ side: 'client-network', rivals: [] })
    const ids = analysis.sessions.flatMap(({ findings }) => findings).map(({ id }) => id)
    expect(ids).not.toContain('control-reset')
  })

  it('leaves one session, with the rest of it under the new port, beside what the client really began', () => {
    const { packets, resumedAt } = idle(300)
    for (const names of [
      ['client.pcap', 'server.pcap'],
      ['server.pcap', 'client.pcap'],
    ]) {
      const bytes: Record<string, Uint8Array> = {
        'client.pcap': captureAt(packets, CLIENT, NEAR).bytes,
        'server.pcap': captureAt(packets, CLIENT, { ...FAR, change: remapped(resumedAt)! }).bytes,
      }
      const { summary, sessions, paths } = analyzeFiles(Object.fromEntries(names.map((name) => [name, bytes[name]!])))
      expect(summary).toMatchObject({ sessions: 2, outcomes: { ok: 1, failed: 1, undetermined: 0 } })
      const rest = sessions.find(({ client }) => client.port === NEW_PORT)!
      const own = paths!.find(({ sessions: ids }) => ids.includes(rest.id))!
      expect(own.sessions.at(-1)).toBe(rest.id)
      expect(own.places.map(({ session }) => session)).toEqual(own.sessions.slice(0, -1))
      expect(rest).toMatchObject({ path: own.id, verdict: { outcome: 'failed', cause: 'translator-mapping-expired' } })
      expect(rest.findings.map(({ id }) => id)).not.toContain('capture-starts-inside')
    }
  })

  it('is not blamed for a connection that was not idle', () => {
    const { packets, resumedAt } = idle(5)
    const analysis = analyzeFiles({
      'client.pcap': captureAt(packets, CLIENT, NEAR).bytes,
      'server.pcap': captureAt(packets, CLIENT, { ...FAR, change: remapped(resumedAt)! }).bytes,
    })
    const ids = analysis.sessions.flatMap(({ findings }) => findings).map(({ id }) => id)
    expect(ids).not.toContain('translator-mapping-expired')
  })
})

describe('A translator that drops what comes after a silence', () => {
  const AGAIN = 52_900
  const bytes = (name: string) => readFileSync(`samples/made/${name}.pcap`)

  it('is no path that failed, where another session passes it afterwards', () => {
    const analysis = analyzeFiles({
      'client.pcap': bytes('translator-mapping-expired'),
      'server.pcap': bytes('translator-mapping-expired--at-server'),
    })
    expect(analysis.sessions.some(({ client }) => client.port === AGAIN)).toBe(true)
    const finding = analysis.sessions
      .flatMap(({ findings }) => findings)
      .find(({ id }) => id === 'translator-mapping-expired')
    expect(finding).toMatchObject({ confidence: 'high', rivals: [] })
  })
})
