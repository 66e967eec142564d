/** What passes into a sanitized copy, frame by frame and block by block. */
import { describe, expect, it } from 'vitest'
import { join, Pcapng, text } from '../../capture/build.js'
import { read } from '../../capture/read.js'
import {
  authenticated,
  bytes,
  ethernetFrame,
  ipv4Packet,
  ipv6Packet,
  label,
  pppoeSession,
  tagged,
  tcpSegment,
  udpDatagram,
  vxlanDatagram,
} from '../../wire/build.js'
import { sanitized } from './sanitized.js'

const MARK = 'marked-Secret'
const SECRET = text(MARK)
const ng = new Pcapng()

/** The copy of one frame, and all that was written. */
function copyOf(frame: Uint8Array, linkType = 1): { frame: Buffer; whole: string; counts: object } {
  const { copy, sanitizer } = sanitized([join(ng.section(), ng.nic(linkType), ng.packet(1n, frame))])
  const [only] = read([copy]).frames
  expect(only!.data).toHaveLength(frame.length)
  return { frame: Buffer.from(only!.data), whole: Buffer.from(copy).toString('latin1'), counts: sanitizer.counts }
}

const segment = tcpSegment({ destinationPort: 8080 }, SECRET)

describe('Of a frame', () => {
  it.each<[string, Uint8Array, number?]>([
    ['of an unknown link type', bytes(SECRET), 147],
    ['of an unknown EtherType', ethernetFrame(0x88cc, SECRET)],
    ['of a spanning tree', ethernetFrame(SECRET.length, SECRET)],
    ['with a trailer', ethernetFrame(0x0800, bytes(ipv4Packet({}, tcpSegment({})), SECRET))],
    ['of TCP that is no FTP', ethernetFrame(0x0800, ipv4Packet({}, segment))],
    ['of UDP', ethernetFrame(0x0800, ipv4Packet({ protocol: 17 }, udpDatagram(53, SECRET)))],
    ['of another IP protocol', ethernetFrame(0x0800, ipv4Packet({ protocol: 89 }, SECRET))],
    ['of ICMP', ethernetFrame(0x0800, ipv4Packet({ protocol: 1 }, bytes(8, 0, 0, 0, 0, 1, 0, 1, SECRET)))],
    ['of IPv6', ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 17 }, udpDatagram(53, SECRET)))],
    ['with an authentication header', ethernetFrame(0x0800, ipv4Packet({ protocol: 51 }, authenticated(6, segment)))],
    [
      'in VXLAN',
      ethernetFrame(
        0x0800,
        ipv4Packet({ protocol: 17 }, vxlanDatagram(ethernetFrame(0x0800, ipv4Packet({}, segment)))),
      ),
    ],
    ['in VLAN and MPLS', ethernetFrame(0x8100, tagged(7, 0x8847, label(5, true, ipv4Packet({}, segment))))],
    ['in PPPoE', ethernetFrame(0x8864, pppoeSession(bytes(0, 0x21, ipv4Packet({}, segment))))],
    [
      'in a fragment',
      ethernetFrame(0x0800, ipv4Packet({ fragmentation: 0x2000 }, bytes(SECRET, SECRET).subarray(0, 24))),
    ],
  ])('%s the content is zeros', (_, frame, linkType) => {
    expect(Buffer.from(frame).toString('latin1')).toContain(MARK)
    const { whole, frame: copy } = copyOf(frame, linkType)
    expect(whole).not.toContain(MARK)
    expect(copy.toString('latin1')).not.toMatch(/marked|Secret/)
  })

  it('of ARP the addresses are those of other frames', () => {
    const arp = bytes(
      [0, 1, 8, 0, 6, 4, 0, 1],
      [2, 0, 0, 0, 0, 1],
      [192, 168, 5, 9],
      [0, 0, 0, 0, 0, 0],
      [192, 168, 5, 1],
    )
    const other = copyOf(
      ethernetFrame(0x0800, ipv4Packet({ source: '192.168.5.9', destination: '192.168.5.1' }, tcpSegment({}))),
    ).frame
    const { frame } = copyOf(ethernetFrame(0x0806, arp))
    expect(frame.subarray(14 + 14, 14 + 18)).toEqual(other.subarray(26, 30))
    expect(frame.subarray(14 + 24, 14 + 28)).toEqual(other.subarray(30, 34))
    expect(frame.subarray(14 + 18, 14 + 24)).toEqual(Buffer.alloc(6))
  })

  it('what was not understood is counted', () => {
    expect(copyOf(ethernetFrame(0x88cc, SECRET)).counts).toMatchObject({ unread: 1, unknownLinks: 0 })
    expect(copyOf(bytes(SECRET), 147).counts).toMatchObject({ unread: 0, unknownLinks: 1 })
  })
})

describe('Of a pcapng file', () => {
  const frame = ethernetFrame(0x0800, ipv4Packet({}, tcpSegment({})))
  const named = (type: number, code: number) =>
    ng.block(type, bytes([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], ng.options([[code, SECRET]])))

  it('names, comments, secrets, and what is not known are left out', () => {
    const file = join(
      ng.section([
        [1, SECRET],
        [2, SECRET],
        [3, SECRET],
        [4, SECRET],
      ]),
      ng.nic(1, 65_535, [
        [2, SECRET],
        [3, SECRET],
        [6, SECRET.subarray(0, 6)],
        [11, SECRET],
        [9, Uint8Array.of(9)],
      ]),
      ng.packet(5n, frame, {
        options: [
          [1, SECRET],
          [2, Uint8Array.of(1, 0, 0, 0)],
          [2988, SECRET],
        ],
      }),
      ng.secrets(0x544c534b, SECRET),
      named(5, 1),
      ng.block(0x0bad, bytes([1, 2, 3, 4], SECRET)),
      ng.block(0x7777, SECRET),
    )
    const { copy, sanitizer } = sanitized([file])
    const whole = Buffer.from(copy).toString('latin1')
    expect(whole).not.toContain(MARK.slice(0, 6))
    expect(whole).toContain('sanitized')
    const { frames, files } = read([copy])
    expect(frames).toHaveLength(1)
    expect(files[0]).toMatchObject({ timestampDigits: 9 })
    expect(read([file]).frames[0]!.time).toBe(frames[0]!.time)
    expect(sanitizer.counts).toMatchObject({ blocks: 2, leftOut: 1 })
  })

  it('name records keep their form, with other names for the images of the addresses', () => {
    const record = [1, 0, 17, 0, 192, 168, 5, 9, ...SECRET, ...new Array<number>(3).fill(0)]
    const file = join(ng.section(), ng.nic(), ng.block(4, bytes(record, [0, 0, 0, 0])), ng.packet(5n, frame))
    const names: [string, string][] = []
    const { copy } = sanitized([file])
    const at = Buffer.from(copy).indexOf(Buffer.from([4, 0, 0, 0, 40, 0, 0, 0]))
    expect(at).toBeGreaterThan(0)
    names.push([copy.subarray(at + 12, at + 16).join('.'), Buffer.from(copy.subarray(at + 16, at + 29)).toString()])
    expect(names[0]![0]).toMatch(/^192\.168\.\d\.\d$/)
    expect(names[0]![1]).toMatch(/^[a-z]{6}-[A-Z][a-z]{5}$/)
    expect(names[0]![1]).not.toBe(MARK)
  })

  it('a Simple Packet Block stays one', () => {
    const { copy } = sanitized([join(ng.section(), ng.nic(), ng.simplePacket(frame))])
    const frames = read([copy]).frames
    expect(frames).toHaveLength(1)
    expect(frames[0]!.data).toHaveLength(frame.length)
    expect(frames[0]!.data.slice(0, 12)).not.toEqual([...frame.slice(0, 12)])
  })
})
