import { describe, expect, it } from 'vitest'
import type { ComparisonReport, FateReport } from '../../src/report/compare/contract.js'
import { randomOf } from '../property/disorder.js'
import { SCENES } from '../property/scenes.js'
import { ftpSession, listing, login, quit, retrieve } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { duplicateAll } from '../support/transforms.js'
import { captureAt, compareFiles, comparePlaces, type SplitPlace, translated } from './split.js'

const CLIENT = '192.168.1.10'
const OUTSIDE = '198.51.100.77'
const NEAR: SplitPlace = { name: 'near.pcap', away: 0, hops: 0 }
const FAR: SplitPlace = { name: 'far.pcap', away: 3, hops: 2, clock: { seconds: -40, ppm: 30 } }

const passive = SCENES['passive']!().packets

function fatesOf(report: ComparisonReport): FateReport[] {
  return report.paths.flatMap(({ fates }) => fates)
}

function changing(change: (packet: ScenePacket, index: number) => ScenePacket | ScenePacket[]): SplitPlace {
  return { ...FAR, change: (packet, index) => [change(packet, index)].flat() }
}

/** With other TCP fields. */
function withTcp(packet: ScenePacket, fields: Partial<NonNullable<ScenePacket['tcp']>>): ScenePacket {
  return packet.tcp ? clonePacket(packet, { tcp: { ...packet.tcp, ...fields } }) : packet
}

function textOf({ payload }: ScenePacket): string {
  return new TextDecoder().decode(payload)
}

function withText(packet: ScenePacket, text: string): ScenePacket {
  return clonePacket(packet, { payload: new TextEncoder().encode(text) })
}

describe('Two captures of one session', () => {
  it('are put in order, with their clocks, and the routers between', () => {
    const report = comparePlaces(passive, CLIENT, [FAR, NEAR])
    expect(report.places.map(({ name }) => name)).toEqual(['near.pcap', 'far.pcap'])
    const [clock] = report.clocks
    expect(clock!.offsetMs / 1000).toBeCloseTo(-40, 1)
    expect(clock!.uncertaintyMs).toBeLessThan(3.1)
    expect(report.paths[0]!.hops[0]!.routers).toEqual({ toServer: 2, toClient: 2 })
    expect(report.paths.map(({ kind }) => kind)).toEqual(['control', 'data', 'data', 'data', 'data'])
    expect(report.paths.map(({ sessions }) => sessions)).toEqual(Array(5).fill([1, 1]))
  })

  it('state the mapping of a translator once', () => {
    const report = comparePlaces(passive, CLIENT, [NEAR, changing((packet) => translated(packet, CLIENT, OUTSIDE))])
    expect(fatesOf(report)).toEqual([])
    expect(report.paths[0]!.hops[0]!.changes).toEqual([`client: ${CLIENT}:52000 is ${OUTSIDE}:52000`])
  })

  it('are joined if the translator changes ports as well', () => {
    const far = changing((packet) => {
      const there = translated(packet, CLIENT, OUTSIDE)
      const isFrom = packet.source === CLIENT
      const port = isFrom ? packet.tcp!.sourcePort : packet.tcp!.destinationPort
      return withTcp(there, isFrom ? { sourcePort: port ^ 0x1555 } : { destinationPort: port ^ 0x1555 })
    })
    const report = comparePlaces(passive, CLIENT, [NEAR, far])
    expect(fatesOf(report)).toEqual([])
    expect(report.summary.joined).toBe(5)
  })

  it('are joined if a device rewrites IP identifications and removes timestamps and SACK', () => {
    const far = changing((packet) => {
      const { maximumSegmentSize, windowScale } = packet.tcp!.options
      const options = {
        ...(maximumSegmentSize !== undefined && { maximumSegmentSize: Math.min(1300, maximumSegmentSize) }),
        ...(windowScale !== undefined && { windowScale }),
      }
      return clonePacket(withTcp(packet, { options }), { identification: (packet.identification * 7) & 0xffff })
    })
    const report = comparePlaces(passive, CLIENT, [NEAR, far])
    expect(fatesOf(report)).toEqual([])
    const changes = report.paths[0]!.hops[0]!.changes.join('\n')
    expect(changes).toContain('MSS announced by the client: 1460 becomes 1300')
    expect(changes).toContain('MSS announced by the server: 1300 becomes 1460')
    expect(changes).toContain('SACK permitted, timestamps removed')
    expect(changes).toContain('IP identifications of the client: rewritten')
  })

  it('show an announcement in both spellings, and whether lengths were corrected', () => {
    for (const more of [2, 0, 3]) {
      const place = atClient('')
      const session = openControl(place, { clientPort: 52_000 })
      login(session)
      listing(session, { verb: 'PORT', port: 40_001 })
      quit(session)
      const { packets } = place.scene
      const at = packets.findIndex((packet) => textOf(packet).startsWith('PORT '))
      const end = packets[at]!.tcp!.sequence + packets[at]!.payload.length
      const far = changing((packet, index) => {
        const { tcp } = packet
        if (index === at) return withText(packet, textOf(packet).replace('192,168,1,10', '198,51,100,254'))
        if (packet.tcp!.sourcePort === 20 || packet.tcp!.destinationPort === 20) return packet
        if (packet.source === CLIENT && (tcp!.sequence - end) >> 0 >= 0) {
          return withTcp(packet, { sequence: (tcp!.sequence + more) >>> 0 })
        }
        if (packet.source !== CLIENT && tcp!.flags & Flag.Ack && (tcp!.acknowledgment - end) >> 0 >= 0) {
          return withTcp(packet, { acknowledgment: (tcp!.acknowledgment + more) >>> 0 })
        }
        return packet
      })
      const fates = fatesOf(comparePlaces(packets, CLIENT, [NEAR, far]))
      expect(fates.map(({ kind }) => kind)).toEqual(['changed'])
      expect(fates[0]!.what).toContain('"PORT 192,168,1,10,156,65" became "PORT 198,51,100,254,156,65"')
      expect(fates[0]!.what).toContain(
        more === 2 ? 'were corrected for' : more === 0 ? 'were not corrected' : 'were corrected by 3 instead of 2',
      )
    }
  })

  it('compare segments that a network card merged with those on the wire', () => {
    const near = { ...NEAR, change: (packet: ScenePacket) => [packet] }
    const merged = merge(passive)
    expect(merged.length).toBeLessThan(passive.length)
    const files = {
      'near.pcap': captureAt(merged, CLIENT, near).bytes,
      'far.pcap': captureAt(passive, CLIENT, FAR).bytes,
    }
    expect(fatesOf(compareFiles(files))).toEqual([])
  })

  it('say how much of a merged segment was lost', () => {
    const place = atClient('')
    const session = openControl(place, { clientPort: 52_000 })
    login(session)
    retrieve(session, { path: 'a', port: 50_001, data: 40_000 })
    quit(session)
    const { packets } = place.scene
    const merged = merge(packets)
    const lost = packets.findIndex(({ payload, tcp }) => payload.length === 1448 && tcp!.sourcePort === 50_001) + 1
    // Seen merged at the server's side, where the sender's card cuts them after the capture.
    const files = {
      'near.pcap': captureAt(packets.toSpliced(lost, 1), CLIENT, NEAR).bytes,
      'far.pcap': captureAt(merged, CLIENT, FAR).bytes,
    }
    const fates = fatesOf(compareFiles(files))
    expect(fates.map(({ kind }) => kind)).toEqual(['lost'])
    expect(fates[0]!.what).toMatch(/^1,448 of [0-9,]+ bytes left far\.pcap and never reached near\.pcap$/)
  })

  it('name each of the repeated packets that was lost', () => {
    const failing = SCENES['failing']!().packets
    const syns = failing.flatMap((packet, index) => (packet.destination === '10.0.0.21' ? [index] : []))
    const far = changing((packet, index) => (index === syns[1] || index === syns[2] ? [] : packet))
    const fates = fatesOf(comparePlaces(failing, CLIENT, [NEAR, far]))
    expect(fates.map(({ frame, kind }) => [frame, kind])).toEqual([
      [syns[1]! + 1, 'lost'],
      [syns[2]! + 1, 'lost'],
    ])
  })

  it('tell a packet that the capture missed from one that was lost', () => {
    const at = passive.findIndex((packet) => textOf(packet).startsWith('USER'))
    const fates = fatesOf(
      comparePlaces(passive, CLIENT, [NEAR, changing((packet, index) => (index === at ? [] : packet))]),
    )
    expect(fates).toMatchObject([{ kind: 'only-here', reason: 'not-captured', packet: 'USER alice' }])
  })

  it('call nothing lost that passed before the other capture began', () => {
    const far = changing((packet, index) => (index < 20 ? [] : packet))
    const fates = fatesOf(comparePlaces(passive, CLIENT, [NEAR, far]))
    expect(fates.length).toBe(20)
    expect(fates.every(({ reason }) => reason === 'before-start')).toBe(true)
  })

  it('survive five percent loss of either capture', () => {
    const random = randomOf(5)
    const lossy = (place: SplitPlace): SplitPlace => ({
      ...place,
      change: (packet) => (random() < 0.05 ? [] : [packet]),
    })
    const report = comparePlaces(passive, CLIENT, [lossy(NEAR), lossy(FAR)])
    expect(report.summary.joined).toBe(5)
    expect(report.alone).toEqual([])
    const fates = fatesOf(report)
    expect(fates.some(({ kind }) => kind === 'changed' || kind === 'injected')).toBe(false)
    // Whatever carries data was acknowledged, so that only the captures can have missed it.
    expect(fates.filter(({ kind, packet }) => kind === 'lost' && !packet.includes('ACK'))).toEqual([])
  })

  it('compare what a snap length left of the packets', () => {
    const report = comparePlaces(passive, CLIENT, [NEAR, { ...FAR, snapLength: 96 }])
    expect(report.summary.joined).toBe(5)
    expect(fatesOf(report)).toEqual([])
  })

  it('do not show passwords', () => {
    const at = passive.findIndex((packet) => textOf(packet).startsWith('PASS'))
    const places = [NEAR, changing((packet, index) => (index === at ? [] : packet))]
    const hidden = JSON.stringify(comparePlaces(passive, CLIENT, places))
    expect(hidden).toContain('PASS ***')
    expect(hidden).not.toContain('wonderland')
    expect(JSON.stringify(comparePlaces(passive, CLIENT, places, { showSecrets: true }))).toContain('wonderland')
  })

  it('show connections other than those of FTP only on request', () => {
    const place = atClient('')
    const web = place.scene.connect(place.client, 60_000, place.server, 80)
    web.client('GET / HTTP/1.1\r\n\r\n').server(4000).close('server')
    const session = ftpSession(place.scene, place.client, place.server, { clientPort: 52_000 })
    login(session)
    quit(session)
    const { packets } = place.scene
    const kinds = (all: boolean) =>
      comparePlaces(packets, CLIENT, [NEAR, FAR], { allConnections: all }).paths.map(({ kind }) => kind)
    expect(kinds(false)).toEqual(['control'])
    expect(kinds(true)).toEqual(['other', 'control'])
  })
})

describe('A chain of places', () => {
  const chain: SplitPlace[] = [
    NEAR,
    { name: 'inside.pcap', away: 1, hops: 1, clock: { seconds: 7, ppm: -80 } },
    {
      name: 'outside.pcap',
      away: 1.2,
      hops: 2,
      clock: { seconds: -3600, ppm: 100 },
      change: (packet) => [translated(packet, CLIENT, OUTSIDE)],
    },
    { name: 'far.pcap', away: 4, hops: 5, change: (packet) => [translated(packet, CLIENT, OUTSIDE)] },
  ]

  it('is in the order of the path, with what lies between each two', () => {
    const shuffled = [chain[2]!, chain[0]!, chain[3]!, chain[1]!]
    const report = comparePlaces(passive, CLIENT, shuffled)
    expect(report.places.map(({ name }) => name)).toEqual(chain.map(({ name }) => name))
    expect(fatesOf(report)).toEqual([])
    const [control] = report.paths
    expect(control!.hops.map(({ routers }) => routers.toServer)).toEqual([1, 1, 3])
    expect(control!.hops.map(({ changes }) => changes.length)).toEqual([0, 1, 0])
  })

  it('names the hop on which a packet was lost', () => {
    const at = passive.findIndex((packet) => textOf(packet).startsWith('QUIT'))
    const places = chain.map((place, index): SplitPlace => {
      const { change = (packet: ScenePacket) => [packet] } = place
      return { ...place, change: (packet, each) => (index > 1 && each >= at ? [] : change(packet, each)) }
    })
    const fates = fatesOf(comparePlaces(passive, CLIENT, places))
    expect(fates[0]).toMatchObject({ file: 'inside.pcap', packet: 'QUIT', place: 1, next: 2 })
  })

  it('has both sides of a translator where one capture saw both', () => {
    const both = [
      ...passive,
      ...passive.map((packet) =>
        translated(clonePacket(packet, { hopLimit: packet.hopLimit - 1, time: packet.time + 50_000 }), CLIENT, OUTSIDE),
      ),
    ]
    both.sort((a, b) => a.time - b.time)
    const files = {
      'near.pcap': captureAt(passive, CLIENT, NEAR).bytes,
      'router.pcap': captureAt(both, CLIENT, { name: 'router.pcap', away: 1, hops: 1 }).bytes,
      'far.pcap': captureAt(passive, CLIENT, {
        ...FAR,
        hops: 4,
        change: (packet) => [translated(packet, CLIENT, OUTSIDE)],
      }).bytes,
    }
    const report = compareFiles(files)
    expect(report.paths[0]!.places.map(({ file }) => file)).toEqual([
      'near.pcap',
      'router.pcap',
      'router.pcap',
      'far.pcap',
    ])
    expect(fatesOf(report)).toEqual([])
  })
})

describe('A capture with every packet twice', () => {
  it('is one place', () => {
    const twice = duplicateAll()(passive)
    const one = captureAt(twice, CLIENT, NEAR).bytes
    const report = compareFiles({ 'twice.pcap': one, 'far.pcap': captureAt(passive, CLIENT, FAR).bytes })
    expect(report.summary.joined).toBe(5)
    expect(fatesOf(report)).toEqual([])
  })
})

describe('A proxy that ends TCP connections', () => {
  it('is recognized by one dialogue in two connections', () => {
    const proxied = passive.map((packet) => {
      const isFrom = packet.source === CLIENT
      const tcp = packet.tcp!
      const sequence = (tcp.sequence + 0x3779b9) >>> 0
      const acknowledgment = tcp.flags & Flag.Ack ? (tcp.acknowledgment + 0x3779b9) >>> 0 : 0
      const options = { ...(tcp.options.maximumSegmentSize !== undefined && { maximumSegmentSize: 1400 }) }
      const ports = isFrom ? { sourcePort: tcp.sourcePort + 333 } : { destinationPort: tcp.destinationPort + 333 }
      return clonePacket(withTcp(packet, { ...ports, sequence, acknowledgment, options }), {
        source: isFrom ? '203.0.113.20' : '10.9.9.9',
        destination: isFrom ? '10.9.9.9' : '203.0.113.20',
        identification: (packet.identification * 31 + 5) & 0xffff,
        time: packet.time + (isFrom ? 1e6 : -1e6),
      })
    })
    const files = {
      'near.pcap': captureAt(passive, CLIENT, NEAR).bytes,
      'far.pcap': captureAt(proxied, CLIENT, NEAR).bytes,
    }
    const [control] = compareFiles(files).paths
    expect(control).toMatchObject({ kind: 'control', hops: [{ relayed: true }] })
    expect(control!.verdict).toContain('proxy between near.pcap and far.pcap')
  })
})

describe('A data connection that one place never saw', () => {
  it('is lost between the places of its control connection', () => {
    const failing = SCENES['failing']!().packets
    const far = changing((packet) => (packet.destination === '10.0.0.21' ? [] : packet))
    const report = comparePlaces(failing, CLIENT, [far, NEAR])
    const data = report.paths.filter(({ kind }) => kind === 'data')
    expect(data.map(({ counts }) => counts.lost)).toEqual([4, 4])
    expect(data[0]!.places.map(({ file, firstFrame }) => [file, firstFrame === null])).toEqual([
      ['near.pcap', false],
      ['far.pcap', true],
    ])
    expect(data[0]!.verdict).toContain('SYN of the client left near.pcap and never reached far.pcap')
  })

  it('may have been filtered out where a capture has nothing but control connections', () => {
    const isControl = ({ tcp }: ScenePacket) => tcp!.sourcePort === 21 || tcp!.destinationPort === 21
    const far = changing((packet) => (isControl(packet) ? packet : []))
    const failed = fatesOf(comparePlaces(SCENES['failing']!().packets, CLIENT, [NEAR, far]))
    expect(failed.map(({ kind, reason }) => `${kind} ${reason!}`)).toEqual(Array(8).fill('lost filtered'))
    expect(failed[0]!.what).toContain('unless a capture filter left only control connections in far.pcap')
    // What worked was there.
    const worked = fatesOf(comparePlaces(passive, CLIENT, [NEAR, far]))
    expect(new Set(worked.map(({ kind, reason }) => `${kind} ${reason!}`))).toEqual(new Set(['only-here filtered']))
  })
})

/** Segments that follow each other immediately become one, up to 64 KB, as receive offloading does. */
function merge(packets: readonly ScenePacket[]): ScenePacket[] {
  const merged: ScenePacket[] = []
  for (const packet of packets) {
    const last = merged.at(-1)
    const follows =
      last?.tcp &&
      packet.tcp &&
      packet.payload.length > 0 &&
      last.payload.length >= 1400 &&
      last.source === packet.source &&
      last.tcp.sourcePort === packet.tcp.sourcePort &&
      (last.tcp.sequence + last.payload.length) >>> 0 === packet.tcp.sequence &&
      last.payload.length + packet.payload.length < 60_000
    if (!follows) {
      merged.push(clonePacket(packet))
      continue
    }
    const payload = new Uint8Array(last.payload.length + packet.payload.length)
    payload.set(last.payload)
    payload.set(packet.payload, last.payload.length)
    last.payload = payload
    last.tcp!.flags |= packet.tcp!.flags
  }
  return merged
}
