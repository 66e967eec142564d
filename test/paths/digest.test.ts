import { describe, expect, it } from 'vitest'
import { DigestBudget } from '../../src/paths/digest/digest-budget.js'
import { PartAnalyzer } from '../../src/analyze.js'
import { PlaceDigests } from '../../src/paths/place-digests.js'
import { noise, SCENES } from '../property/scenes.js'
import { ftpSession, login, quit, retrieve } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { duplicateAll } from '../support/transforms.js'
import { toPcap } from '../support/pcap-writer.js'
import { captureAt, compareFiles } from './split.js'

const ROLES = { responderPorts: new Set([21]), initiatorPorts: new Set([20]) }

function read(capture: Uint8Array, budget = new DigestBudget()) {
  return readAll([capture], budget)[0]!.digest
}

function readAll(captures: readonly Uint8Array[], budget: DigestBudget) {
  const packets = new PlaceDigests(0, ROLES, budget)
  const analyzer = new PartAnalyzer({ packets }, () => undefined)
  for (const capture of captures) {
    analyzer.openFile('x.pcap')
    analyzer.push(capture)
    analyzer.closeFile()
  }
  const { files, epoch } = analyzer.endPart()
  return packets.places(files, epoch)
}

describe('PlaceDigest', () => {
  it('numbers connections as Wireshark does, and keeps every packet once', () => {
    const scene = SCENES['passive']!()
    const once = read(scene.toPcap())
    expect(once.observations.map(({ stream }) => stream)).toEqual([0, 1, 2, 3, 4])
    expect(once.observations.reduce((sum, { log }) => sum + log.size, 0)).toBe(scene.packets.length)
    const twice = read(toPcap(duplicateAll()(scene.packets), { start: scene.start }))
    expect(twice.observations.map(({ log }) => log.size)).toEqual(once.observations.map(({ log }) => log.size))
    expect(twice.observations.every(({ log, duplicates }) => duplicates === log.size)).toBe(true)
  })

  it('keeps no more than the budget, drops other connections first, and counts what it left out', () => {
    const place = atClient('')
    for (let i = 0; i < 30; i++) {
      const other = place.scene.host(`198.51.100.${i + 1}`, { hopLimit: 57 })
      place.scene
        .connect(place.client, 40_000 + i, other, 80)
        .client('GET /')
        .server(20_000)
        .close('server')
    }
    const session = ftpSession(place.scene, place.client, place.server, { clientPort: 52_000 })
    login(session)
    retrieve(session, { path: 'a', port: 50_001, data: 20_000 })
    quit(session)
    const capture = place.scene.toPcap()
    const whole = new DigestBudget()
    read(capture, whole)
    const budget = new DigestBudget({ bytes: Math.floor(whole.used * 0.6) })
    const digest = read(capture, budget)
    expect(budget.used).toBeLessThanOrEqual(budget.limit)
    const ofFtp = digest.observations.filter(({ responder }) => responder.address === '203.0.113.20')
    expect(ofFtp.map(({ log }) => log.dropped)).toEqual([0, 0])
    expect(digest.forgotten).toBeGreaterThan(0)
  })

  it('keeps no more of one connection than it may, which the comparison says', () => {
    const { packets } = SCENES['passive']!()
    const near = captureAt(packets, '192.168.1.10', { name: '', away: 0, hops: 0 }).bytes
    const far = captureAt(packets, '192.168.1.10', { name: '', away: 2, hops: 2 }).bytes
    const report = compareFiles({ 'near.pcap': near, 'far.pcap': far }, { limits: { bytesPerConnection: 2000 } })
    expect(report.limits).toHaveLength(2)
    expect(report.limits[0]).toMatch(/^near\.pcap: \d+ packets not compared/)
    expect(report.paths.flatMap(({ fates }) => fates.filter(({ kind }) => kind !== 'only-here'))).toEqual([])
  })

  it('begins another place with a file that overlaps those before it', () => {
    const places = readAll([SCENES['failing']!().toPcap(), noise().toPcap()], new DigestBudget())
    expect(places.map(({ files, digest }) => [files.length, digest.observations[0]!.stream])).toEqual([
      [1, 0],
      [1, 3],
    ])
  })
})
