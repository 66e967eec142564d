import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import type { Analysis, SessionPathReport } from '../../src/report/contract.js'
import { captureAt, type SplitPlace, translated } from '../paths/split.js'
import { randomOf } from '../property/disorder.js'
import { SCENES } from '../property/scenes.js'
import { ask, dialInVain, listing, login, quit } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { duplicateAll } from '../support/transforms.js'
import { analyzeFiles, analyzePlaces } from './joined.js'

const CLIENT = '192.168.1.10'
const OUTSIDE = '198.51.100.77'
const NEAR: SplitPlace = { name: 'client.pcap', away: 0, hops: 0 }
const FAR: SplitPlace = { name: 'server.pcap', away: 8, hops: 7, clock: { seconds: -40, ppm: 100 } }
const MIDDLE: SplitPlace = { name: 'middle.pcap', away: 4, hops: 3, clock: { seconds: 3600, ppm: -100 } }

const passive = SCENES['passive']!().packets
const { outcome: OUTCOME } = analyzePlaces(passive, CLIENT, [NEAR]).sessions[0]!.verdict

/** A passive data connection of which the client's side saw nothing but SYNs. */
function filtered(): ScenePacket[] {
  const { scene, client, server } = atClient('')
  const session = openControl({ scene, client, server }, { clientPort: 52_000 })
  login(session)
  ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,80).')
  session.control.client('RETR report.bin\r\n')
  dialInVain(session, 50_000)
  quit(session)
  return scene.packets
}

function isDataSyn({ tcp }: ScenePacket): boolean {
  return tcp?.destinationPort === 50_000 && (tcp.flags & Flag.Syn) !== 0
}

function without(place: SplitPlace, isDropped: (packet: ScenePacket, index: number) => boolean): SplitPlace {
  return { ...place, change: (packet, index) => (isDropped(packet, index) ? [] : [packet]) }
}

function pathOf(analysis: Analysis): SessionPathReport {
  expect(analysis.paths).toHaveLength(1)
  return analysis.paths![0]!
}

describe('A session that several places saw', () => {
  it('counts once, and has one verdict', () => {
    const analysis = analyzePlaces(passive, CLIENT, [NEAR, FAR])
    expect(analysis.summary.sessions).toBe(1)
    const alone = analyzePlaces(passive, CLIENT, [NEAR])
    expect(analysis.summary.outcomes).toEqual(alone.summary.outcomes)
    expect(analysis.summary.transfers).toEqual(alone.summary.transfers)
    const path = pathOf(analysis)
    expect(path.places.map(({ file, at }) => [file, at])).toEqual([
      ['client.pcap', 'client'],
      ['server.pcap', 'server'],
    ])
    expect(analysis.sessions.map((session) => [session.path, session.verdict])).toEqual([
      [1, path.verdict],
      [1, path.verdict],
    ])
    expect(path.places[1]!.clockOffsetMs! / 1000).toBeCloseTo(-40, 1)
    expect(path.fates).toEqual([])
  })

  it('is the same whatever the order of the files', () => {
    const [there, back] = [
      [NEAR, MIDDLE, FAR],
      [FAR, MIDDLE, NEAR],
    ].map((places) => pathOf(analyzePlaces(filtered(), CLIENT, places)))
    expect(back!.verdict.sentence).toBe(there!.verdict.sentence)
    expect(back!.places.map(({ file }) => file)).toEqual(['client.pcap', 'middle.pcap', 'server.pcap'])
    expect(back!.hops).toHaveLength(2)
  })

  it('says where a SYN was dropped', () => {
    const analysis = analyzePlaces(filtered(), CLIENT, [NEAR, without(FAR, isDataSyn)])
    const { verdict, fates } = pathOf(analysis)
    expect(verdict).toMatchObject({ cause: 'passive-port-unanswered', confidence: 'high', settledBy: null })
    expect(verdict.sentence).toMatch(
      /SYN to port 50000 left the client \(client\.pcap #\d+\) and never reached the server \(server\.pcap\)/,
    )
    expect(fates.map(({ kind, packet }) => [kind, packet])).toEqual(Array(3).fill(['lost', 'SYN']))
    // The server's side does not say that the client never tried.
    for (const { findings } of analysis.sessions) {
      expect(findings.map(({ id }) => id)).not.toContain('passive-not-attempted')
      expect(findings.find(({ id }) => id === verdict.cause)).toMatchObject({ side: 'server-network' })
    }
  })

  it('blames the host where the SYN arrived and nothing answered it', () => {
    const { sessions, paths } = analyzePlaces(filtered(), CLIENT, [NEAR, FAR])
    expect(paths![0]!.verdict.sentence).toMatch(/reached the server \(server\.pcap #\d+\), where nothing answers it/)
    expect(sessions[0]!.findings[0]).toMatchObject({ side: 'server', confidence: 'high' })
  })

  it('narrows a loss down to two of three places', () => {
    const places = [NEAR, without(MIDDLE, isDataSyn), without(FAR, isDataSyn)]
    const { verdict } = pathOf(analyzePlaces(filtered(), CLIENT, places))
    expect(verdict.sentence).toContain('never reached middle.pcap')
  })

  it('is joined across a translator, and shows what that rewrites', () => {
    const { scene, client, server } = atClient('')
    const session = openControl({ scene, client, server }, { clientPort: 52_000 })
    login(session)
    listing(session, { verb: 'PORT', port: 40_001 })
    quit(session)
    const far: SplitPlace = {
      ...FAR,
      change: (packet) => {
        const text = new TextDecoder().decode(packet.payload)
        const there = translated(packet, CLIENT, OUTSIDE)
        // As long as the original, so that nothing else changes.
        const written = text.replace('192,168,1,10', '198,51,100,7')
        return [text === written ? there : clonePacket(there, { payload: new TextEncoder().encode(written) })]
      },
    }
    const analysis = analyzePlaces(scene.packets, CLIENT, [NEAR, far])
    expect(analysis.summary.sessions).toBe(1)
    expect(pathOf(analysis).fates.map(({ kind }) => kind)).toEqual(['changed'])
    const rewritten = analysis.sessions[0]!.findings.find(({ id }) => id === 'announcement-rewritten')!
    expect(rewritten.message).toContain('PORT names 192.168.1.10:40001 before it')
  })

  it('is not taken for failed because a capture misses packets', () => {
    for (const lossy of [0, 1]) {
      for (let seed = 1; seed <= 5; seed++) {
        const random = randomOf(seed)
        const places = [NEAR, FAR].map((place, at) => (at === lossy ? without(place, () => random() < 0.05) : place))
        const { summary, paths } = analyzePlaces(passive, CLIENT, places)
        expect([summary.sessions, paths?.[0]?.verdict.outcome]).toEqual([1, OUTCOME])
      }
    }
  })

  it('is joined if one place begins later, or kept the beginning of packets only', () => {
    const late = without(FAR, (_packet, index) => index < 12)
    for (const far of [late, { ...FAR, snapLength: 80 }]) {
      const { summary, paths } = analyzePlaces(passive, CLIENT, [NEAR, far])
      expect(summary.sessions).toBe(1)
      expect(paths![0]!.verdict.outcome).toBe(OUTCOME)
    }
  })

  it('names frames with their files', () => {
    const analysis = analyzePlaces(filtered(), CLIENT, [FAR, NEAR])
    const [first] = analysis.capture.files
    const evidence = analysis.sessions.flatMap(({ findings }) => findings).flatMap((finding) => finding.evidence)
    expect(evidence.length).toBeGreaterThan(0)
    for (const { frame, file, localFrame } of evidence) {
      expect(localFrame).toBe(file === 'server.pcap' ? frame : frame - first!.frames)
    }
    expect(analysis.sessions.map(({ origin }) => origin)).toEqual([
      { file: 'server.pcap', firstFrame: 1, tcpStream: 0 },
      { file: 'client.pcap', firstFrame: 1, tcpStream: 0 },
    ])
    expect(analysis.capture.anomalies).toEqual([])
  })

  it('counts once if the same file is given twice', () => {
    const { bytes } = captureAt(passive, CLIENT, NEAR)
    const analysis = analyzeFiles({ 'a.pcap': bytes, 'b.pcap': bytes })
    expect(analysis.summary.sessions).toBe(1)
    expect(pathOf(analysis).fates).toEqual([])
    expect(analysis.findings.map(({ id }) => id)).not.toContain('capture-duplicates')
  })
})

describe('An input', () => {
  it('of one place has no paths, and names no files', () => {
    const analysis = analyzePlaces(filtered(), CLIENT, [NEAR])
    expect(analysis.paths).toBeUndefined()
    expect(analysis.sessions[0]).not.toHaveProperty('origin')
    expect(analysis.sessions[0]!.findings[0]!.evidence[0]).not.toHaveProperty('file')
  })

  it('of one place that has every packet twice is one of duplicates', () => {
    const analysis = analyzeFiles({
      'any.pcap': captureAt(duplicateAll()(passive), CLIENT, NEAR).bytes,
    })
    expect(analysis.findings.map(({ id }) => id)).toContain('capture-duplicates')
    expect(analysis.paths).toBeUndefined()
  })

  it('is held and joined by hand if the caller says that there are several', () => {
    const analyzer = new Analyzer({ places: 'several' })
    for (const place of [NEAR, { ...FAR, clock: { seconds: 0, ppm: 0 } }]) {
      analyzer.openFile(place.name)
      analyzer.push(captureAt(passive, CLIENT, place).bytes)
      analyzer.closeFile()
    }
    expect(analyzer.end().summary.sessions).toBe(1)
  })
})
