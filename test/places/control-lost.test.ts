import { describe, expect, it } from 'vitest'
import { type SplitPlace, translated } from '../paths/split.js'
import { login, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import type { SessionReport } from '../../src/report/contract.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '192.168.1.10'
const OUTSIDE = '198.51.100.77'
const LOST_PORT = 52_100
const NEAR: SplitPlace = { name: 'client.pcap', away: 0, hops: 0 }
const FAR: SplitPlace = { name: 'server.pcap', away: 8, hops: 7, clock: { seconds: -40, ppm: 100 } }
const FAR_WITHOUT: SplitPlace = { ...FAR, change: (packet) => (isOfLost(packet) ? [] : [packet]) }

/** Sessions of the same hosts, and between them SYNs to the same port that nothing answers. */
function scene({ before = true, after = true } = {}): ScenePacket[] {
  const { scene: made, client, server } = atClient('')
  const whole = (clientPort: number): void => {
    const session = openControl({ scene: made, client, server }, { clientPort })
    login(session)
    quit(session)
    made.wait(5000)
  }
  if (before) whole(52_000)
  made.syn(client, LOST_PORT, server, 21)
  made.wait(5000)
  if (after) whole(52_200)
  return made.packets
}

function isOfLost({ tcp }: ScenePacket): boolean {
  return tcp?.sourcePort === LOST_PORT || tcp?.destinationPort === LOST_PORT
}

describe('SYNs whose answers are lost on their way back', () => {
  it('were answered, and the sentence does not say that nothing was captured', () => {
    const { scene: made, client, server } = atClient('')
    const session = openControl({ scene: made, client, server }, { clientPort: 52_000 })
    login(session)
    quit(session)
    made.wait(5000)
    made.syn(client, LOST_PORT, server, 21, { answer: 'syn-ack' })
    const near: SplitPlace = {
      ...NEAR,
      change: (packet) => (packet.tcp?.destinationPort === LOST_PORT ? [] : [packet]),
    }
    for (const order of [
      [near, FAR],
      [FAR, near],
    ]) {
      const { paths, sessions } = analyzePlaces(made.packets, CLIENT, order)
      const { id, verdict } = paths!.find((path) => path.verdict.cause === 'control-unanswered')!
      expect(verdict).toMatchObject({ confidence: 'high', settledBy: null })
      expect(verdict.sentence).toMatch(
        /; no answer arrived\. The server's SYN,ACK from port 21 left the server \(server\.pcap #\d+\) and never came back/,
      )
      expect(verdict.sentence).not.toContain('captured')
      const finding = sessions.find(({ path }) => path === id)!.findings.find(({ id: rule }) => rule === verdict.cause)!
      expect(finding.facts).toMatchObject({ answerLost: true })
    }
  })
})

describe('A capture without any TCP connection', () => {
  const advice = (places: SplitPlace[]): string => {
    const { scene: made, client, server } = atClient('')
    made.syn(client, LOST_PORT, server, 21, { answer: { rst: { hopLimit: 59 } } })
    const [{ findings }] = analyzePlaces(made.packets, CLIENT, places).sessions as [SessionReport]
    return findings.find(({ id }) => id === 'control-refused')!.remedy.join('\n')
  }
  const middle: SplitPlace = { ...FAR, name: 'middle.pcap', away: 3, hops: 2 }

  it('is told of, instead of asking for the capture that it may be', () => {
    const asked = 'a capture on the server shows whether the SYN arrives there'
    expect(advice([NEAR, middle])).toContain(asked)
    const other = (packet: ScenePacket, index: number): ScenePacket[] =>
      index === 0 ? [clonePacket(packet, { tcp: null, protocol: 17 })] : []
    const given = advice([NEAR, middle, { ...FAR, change: other }])
    expect(given).not.toContain(asked)
    expect(given).toContain('server.pcap has no TCP connection: if it was taken there, nothing arrived')
  })
})

describe('SYNs to a server that one place saw, and the next one did not', () => {
  it('were lost between the two, if another session of the hosts passed both', () => {
    const { summary, sessions, paths } = analyzePlaces(scene(), CLIENT, [NEAR, FAR_WITHOUT])
    expect(summary.sessions).toBe(3)
    const [lost, ...others] = paths!.filter(({ verdict }) => verdict.cause === 'control-unanswered')
    expect(others).toEqual([])
    expect(lost!.places.map(({ file }) => file)).toEqual(['client.pcap', 'server.pcap'])
    expect(lost!.verdict).toMatchObject({ confidence: 'high', settledBy: null })
    expect(lost!.verdict.sentence).toMatch(/left the client \(client\.pcap #\d+\) and never reached server\.pcap/)
    expect(new Set(lost!.fates.map(({ kind, packet }) => `${kind} ${packet}`))).toEqual(new Set(['lost SYN']))
    expect(sessions.filter(({ path }) => path === lost!.id)).toHaveLength(1)
  })

  it('are followed across a translator', () => {
    const far: SplitPlace = {
      ...FAR,
      change: (packet) => (isOfLost(packet) ? [] : [translated(packet, CLIENT, OUTSIDE)]),
    }
    const { paths } = analyzePlaces(scene(), CLIENT, [NEAR, far])
    expect(paths!.map(({ verdict }) => verdict.cause)).toContain('control-unanswered')
  })

  it('are nothing but unanswered if no session shows where they should have passed', () => {
    const { scene: made, client } = atClient('')
    const [other, third] = ['203.0.113.30', '203.0.113.40'].map((address) => made.host(address, { hopLimit: 57 }))
    for (const server of [other!, third!]) {
      const session = openControl({ scene: made, client, server }, { clientPort: server === other ? 52_000 : 52_200 })
      login(session)
      quit(session)
      if (server === other) made.syn(client, LOST_PORT, made.host('203.0.113.20', { hopLimit: 57 }), 21)
      made.wait(5000)
    }
    const { paths } = analyzePlaces(made.packets, CLIENT, [NEAR, FAR_WITHOUT])
    expect(paths!.map(({ verdict }) => verdict.cause)).not.toContain('control-unanswered')
  })

  it('are not lost where the other capture ended before, or began later', () => {
    for (const part of [{ after: false }, { before: false }]) {
      const { paths } = analyzePlaces(scene(part), CLIENT, [NEAR, FAR_WITHOUT])
      expect(paths).toHaveLength(1)
    }
  })

  it('are not lost if the other place has a connection that may be the same', () => {
    // Proxied: nothing of the original is left but the time and the port of the server.
    const proxied: SplitPlace = {
      ...FAR,
      change: (packet) => {
        if (!isOfLost(packet) || !packet.tcp) return [packet]
        const there = clonePacket(packet, { identification: packet.identification ^ 0x1234 })
        Object.assign(there.tcp!, { sourcePort: 61_000, sequence: packet.tcp.sequence ^ 0x5a5a5a, options: {} })
        return [there]
      },
    }
    const { summary, paths } = analyzePlaces(scene(), CLIENT, [NEAR, proxied])
    expect(summary.sessions).toBe(4)
    for (const path of paths!) expect(path.fates).toEqual([])
  })
})
