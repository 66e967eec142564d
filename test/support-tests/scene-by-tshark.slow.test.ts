import { describe, expect, it } from 'vitest'
import { epsv, ftpSession, pasv } from '../support/ftp-scene.js'
import { LinkType } from '../support/link-writer.js'
import { Scene } from '../support/scene.js'
import { duplicateAll, fragment, resegment, shuffleWithin, tagVlan } from '../support/transforms.js'
import { FAULTS, hasTshark, tsharkFields } from '../support/tshark.js'
import { healthyScene } from './healthy-scene.js'

describe.skipIf(!hasTshark)('A scene as tshark reads it', () => {
  it.each([
    ['IPv4', '192.168.1.10', '203.0.113.20'],
    ['IPv6', '2001:db8:1::10', '2001:db8:2::20'],
  ])('is a healthy FTP session over %s, without a fault', (_, client, server) => {
    const capture = healthyScene(client, server).toPcap()
    expect(tsharkFields(capture, FAULTS, 'frame.number')).toEqual([])
    expect(
      tsharkFields(capture, 'tcp.analysis.flags && !tcp.analysis.window_update', 'frame.number', '_ws.col.Info'),
    ).toEqual([])
    const passive = client.includes(':') ? 'EPSV' : 'PASV'
    const commands = tsharkFields(capture, 'ftp.request', 'ftp.request.command').flat()
    const active = client.includes(':') ? 'EPRT' : 'PORT'
    expect(commands).toEqual(['USER', 'PASS', passive, 'LIST', passive, 'RETR', active, 'STOR', 'QUIT'])
    expect(new Set(tsharkFields(capture, 'tcp', 'tcp.stream').flat()).size).toBe(4)
    const closes = tsharkFields(capture, 'tcp.flags.syn == 1 || tcp.flags.fin == 1', 'tcp.stream').flat()
    expect(closes.toSorted().join('')).toBe('0000111122223333')
  })

  it('carries every byte of a download in order', () => {
    const capture = healthyScene().toPcap()
    const lengths = tsharkFields(capture, 'tcp.stream == 2 && tcp.srcport == 50005 && tcp.len > 0', 'tcp.len').flat()
    expect(lengths.reduce((sum, length) => sum + Number(length), 0)).toBe(20_000)
  })

  it.each(Object.entries(LinkType).filter(([name]) => name !== 'Ipv6'))(
    'can be written with link type %s',
    (_, linkType) => {
      for (const bigEndian of [false, true]) {
        const scene = healthyScene()
        expect(tsharkFields(scene.toPcap({ linkType, bigEndian }), 'tcp', 'tcp.stream').length).toBe(
          scene.packets.length,
        )
        expect(tsharkFields(scene.toPcapng({ linkType, bigEndian }), FAULTS, 'frame.number')).toEqual([])
      }
    },
  )

  it('keeps its nanoseconds in both formats', () => {
    const scene = healthyScene()
    const times = (capture: Uint8Array) => tsharkFields(capture, 'tcp', 'frame.time_epoch')
    const nanoseconds = times(scene.toPcap({ nanosecond: true, bigEndian: true })).flat()
    expect(times(scene.toPcapng({ nanosecond: true })).flat()).toEqual(nanoseconds)
    expect(nanoseconds[0]).toBe('1709283600.000130000')
    expect(times(scene.toPcap()).flat()[3]).toBe(nanoseconds[3]!.slice(0, -3) + '000')
  })

  it('says what the snap length cut off', () => {
    const scene = healthyScene()
    const rows = tsharkFields(scene.toPcap({ snapLength: 96 }), 'frame.len > frame.cap_len', 'frame.cap_len').flat()
    expect(rows.length).toBeGreaterThan(5)
    expect(new Set(rows)).toEqual(new Set(['96']))
  })

  it('stays one correct stream when fragmented, tagged, cut small, doubled and shuffled', () => {
    const base = healthyScene()
    const cut = healthyScene().apply(resegment(7), fragment(16), tagVlan(100, 7))
    expect(tsharkFields(cut.toPcap(), FAULTS, 'frame.number')).toEqual([])
    expect(tsharkFields(cut.toPcap(), 'ftp.request.command == "RETR"', 'ieee8021ad.id', 'vlan.id')).toEqual([
      ['100', '7'],
    ])
    const doubled = healthyScene().apply(duplicateAll())
    expect(doubled.packets.length).toBe(base.packets.length * 2)
    const mixed = new Scene({ seed: 9 })
    const shuffled = healthyScene().apply(shuffleWithin(4, () => mixed.random()))
    expect(
      tsharkFields(shuffled.toPcap(), 'tcp.analysis.out_of_order || tcp.analysis.lost_segment', 'frame.number').length,
    ).toBeGreaterThan(0)
  })

  it('shows refusals, ICMP errors and UDP noise', () => {
    for (const [client, server, icmp] of [
      ['192.168.1.10', '203.0.113.20', { type: 3, code: 13, from: '192.0.2.1' }],
      ['2001:db8:1::10', '2001:db8:2::20', { type: 1, code: 1, from: '2001:db8:ff::1' }],
    ] as const) {
      const scene = new Scene()
      const a = scene.host(client)
      const b = scene.host(server, { hopLimit: 57 })
      scene.syn(a, 52_228, b, 21, { answer: 'rst' })
      scene.syn(a, 52_229, b, 21, { answer: { icmp } })
      scene.syn(a, 52_230, b, 21, { answer: 'syn-ack' })
      scene.udp(a, 40_000, b, 9, 'noise')
      const capture = scene.toPcap()
      expect(tsharkFields(capture, FAULTS, 'frame.number')).toEqual([])
      expect(tsharkFields(capture, 'tcp.flags.reset == 1', 'tcp.stream')).toEqual([['0']])
      expect(tsharkFields(capture, 'icmp || icmpv6', 'tcp.dstport')).toEqual([['21']])
      expect(tsharkFields(capture, 'tcp.flags == 0x12', 'tcp.stream')).toEqual([['2'], ['2'], ['2']])
      expect(tsharkFields(capture, 'udp', 'udp.dstport')).toEqual([['9']])
    }
  })

  it('announces ports in the words of the RFCs', () => {
    const scene = new Scene()
    const session = ftpSession(scene, scene.host('192.168.1.10'), scene.host('203.0.113.20'))
    pasv(session, 50_005, '10.0.0.21')
    epsv(session, 6446)
    const rows = tsharkFields(
      scene.toPcap(),
      'ftp.response.code',
      'ftp.passive.ip',
      'ftp.passive.port',
      'ftp.epsv.port',
    )
    expect(rows).toEqual([
      ['10.0.0.21', '50005', ''],
      ['', '', '6446'],
    ])
  })
})
