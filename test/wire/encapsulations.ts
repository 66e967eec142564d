import {
  authenticated,
  be16,
  be32,
  bytes,
  cookedV1,
  cookedV2,
  ethernetFrame,
  extension,
  fragmentHeader,
  ipv4Packet,
  ipv6Packet,
  label,
  le32,
  pppoeSession,
  snap,
  tagged,
  tcpSegment,
  text,
  udpDatagram,
  vxlanDatagram,
} from './build.js'

const segment = tcpSegment({ flags: 0x18 }, text('USER joe\r\n'))
const v4 = ipv4Packet({}, segment)
const v6 = ipv6Packet({}, segment)
const outer = { source: '10.0.0.1', destination: '10.0.0.2' }
const outer6 = { source: 'fd00::1', destination: 'fd00::2' }
const gre = (flags: number, type: number, fields: number[], payload: Uint8Array) =>
  ethernetFrame(0x0800, ipv4Packet({ ...outer, protocol: 47 }, bytes(be16(flags), be16(type), fields, payload)))
const routed = (type: number, payload: Uint8Array, ...addresses: Uint8Array[]) =>
  bytes(6, addresses.length * 2, type, 1, be32(0), ...addresses, payload)
const last6 = v6.subarray(24, 40)
const via6 = Uint8Array.from(last6, (byte, i) => (i === 15 ? 99 : byte))
const viaRouter = { destination: '2001:db8::63', nextHeader: 43 }

export interface Encapsulation {
  name: string
  /** Of the innermost IP packet. */
  version: 4 | 6
  linkType: number
  frame: Uint8Array
}

const four = (name: string, linkType: number, frame: Uint8Array): Encapsulation => ({
  name,
  version: 4,
  linkType,
  frame,
})
const six = (name: string, linkType: number, frame: Uint8Array): Encapsulation => ({
  name,
  version: 6,
  linkType,
  frame,
})

/** The same segment with 10 bytes of payload in each encapsulation. */
export const encapsulations: Encapsulation[] = [
  four('Ethernet, IPv4', 1, ethernetFrame(0x0800, v4)),
  six('Ethernet, IPv6', 1, ethernetFrame(0x86dd, v6)),
  four('802.1Q', 1, ethernetFrame(0x8100, tagged(5, 0x0800, v4))),
  four('802.1ad with 802.1Q inside', 1, ethernetFrame(0x88a8, tagged(5, 0x8100, tagged(6, 0x0800, v4)))),
  six('QinQ 9100', 1, ethernetFrame(0x9100, tagged(5, 0x8100, tagged(6, 0x86dd, v6)))),
  four('QinQ 9200', 1, ethernetFrame(0x9200, tagged(5, 0x0800, v4))),
  four('802.3 with SNAP', 1, ethernetFrame(8 + v4.length, snap(0x0800, v4))),
  four('802.3 with the IP service access point', 1, ethernetFrame(3 + v4.length, bytes(6, 6, 3, v4))),
  four('802.1Q with SNAP inside', 1, ethernetFrame(0x8100, tagged(5, 8 + v4.length, snap(0x0800, v4)))),
  four('MPLS', 1, ethernetFrame(0x8847, label(100, true, v4))),
  six('MPLS, three labels, IPv6', 1, ethernetFrame(0x8847, label(16, false, label(17, false, label(18, true, v6))))),
  four('MPLS multicast type', 1, ethernetFrame(0x8848, label(100, true, v4))),
  four(
    'Ethernet pseudowire over MPLS',
    1,
    ethernetFrame(0x8847, label(16, true, bytes(be32(0), ethernetFrame(0x0800, v4)))),
  ),
  four('PPPoE', 1, ethernetFrame(0x8864, pppoeSession(bytes(be16(0x0021), v4)))),
  six('PPPoE, IPv6', 1, ethernetFrame(0x8864, pppoeSession(bytes(be16(0x0057), v6)))),
  four('Linux cooked v1', 113, cookedV1(0x0800, v4)),
  six('Linux cooked v1, VLAN, IPv6', 113, cookedV1(0x8100, tagged(5, 0x86dd, v6))),
  four('Linux cooked v2', 276, cookedV2(0x0800, v4)),
  six('Linux cooked v2, IPv6', 276, cookedV2(0x86dd, v6)),
  four('NULL, little-endian', 0, bytes(le32(2), v4)),
  four('NULL, big-endian', 0, bytes(be32(2), v4)),
  ...[10, 24, 28, 30].map((family) => six(`NULL, IPv6 as family ${family}`, 0, bytes(le32(family), v6))),
  four('LOOP', 108, bytes(be32(2), v4)),
  six('LOOP, IPv6', 108, bytes(be32(24), v6)),
  ...[12, 14, 101, 228].map((linkType) => four(`raw IP ${linkType}`, linkType, v4)),
  ...[12, 14, 101, 229].map((linkType) => six(`raw IP ${linkType}, IPv6`, linkType, v6)),
  four('PPP 9', 9, bytes(be16(0x0021), v4)),
  four('PPP 9 with HDLC framing', 9, bytes(0xff, 3, be16(0x0021), v4)),
  six('PPP 9 with compressed protocol, IPv6', 9, bytes(0xff, 3, 0x57, v6)),
  four('PPP 9 with MPLS', 9, bytes(0xff, 3, be16(0x0281), label(16, true, v4))),
  six('PPP 50 with HDLC framing', 50, bytes(0xff, 3, be16(0x0057), v6)),
  four('PPPoE 51', 51, pppoeSession(bytes(be16(0x0021), v4))),
  six('PPPoE 51, IPv6', 51, pppoeSession(bytes(be16(0x0057), v6))),
  four('Cisco HDLC on 50', 50, bytes(0x0f, 0, be16(0x0800), v4)),

  four('IPv4 in IPv4', 1, ethernetFrame(0x0800, ipv4Packet({ ...outer, protocol: 4 }, v4))),
  six('IPv6 in IPv4', 1, ethernetFrame(0x0800, ipv4Packet({ ...outer, protocol: 41 }, v6))),
  four('IPv4 in IPv6', 1, ethernetFrame(0x86dd, ipv6Packet({ ...outer6, nextHeader: 4 }, v4))),
  six('IPv6 in IPv6', 1, ethernetFrame(0x86dd, ipv6Packet({ ...outer6, nextHeader: 41 }, v6))),
  four('GRE', 1, gre(0, 0x0800, [], v4)),
  six('GRE with checksum, key, sequence, IPv6', 1, gre(0xb000, 0x86dd, [...be32(0), ...be32(9), ...be32(1)], v6)),
  four('GRE with key, Ethernet', 1, gre(0x2000, 0x6558, be32(9), ethernetFrame(0x0800, v4))),
  four('GRE with MPLS', 1, gre(0, 0x8847, [], label(16, true, v4))),
  four(
    'PPTP with acknowledgment',
    1,
    gre(0x3081, 0x880b, [...be32(0x00280001), ...be32(1), ...be32(1)], bytes(be16(0x0021), v4)),
  ),
  four('ERSPAN I', 1, gre(0, 0x88be, [], ethernetFrame(0x0800, v4))),
  four('ERSPAN II', 1, gre(0x1000, 0x88be, [...be32(1), ...be32(0x10000000), ...be32(0)], ethernetFrame(0x0800, v4))),
  four(
    'ERSPAN III',
    1,
    gre(0x1000, 0x22eb, [...be32(1), ...be32(0x20000000), ...be32(0), ...be32(0)], ethernetFrame(0x0800, v4)),
  ),
  six(
    'ERSPAN III with subheader',
    1,
    gre(
      0x1000,
      0x22eb,
      [...be32(1), ...be32(0x20000000), ...be32(0), ...be32(1), ...be32(0), ...be32(0)],
      ethernetFrame(0x86dd, v6),
    ),
  ),
  four(
    'VXLAN',
    1,
    ethernetFrame(0x0800, ipv4Packet({ ...outer, protocol: 17 }, vxlanDatagram(ethernetFrame(0x0800, v4)))),
  ),
  six(
    'VXLAN over IPv6, VLAN inside',
    1,
    ethernetFrame(
      0x86dd,
      ipv6Packet({ ...outer6, nextHeader: 17 }, vxlanDatagram(ethernetFrame(0x8100, tagged(7, 0x86dd, v6)))),
    ),
  ),

  four('IPv4 with options', 1, ethernetFrame(0x0800, ipv4Packet({ options: [0x94, 4, 0, 0, 1, 1, 1, 0] }, segment))),
  four(
    'IPv4 with authentication header',
    1,
    ethernetFrame(0x0800, ipv4Packet({ protocol: 51 }, authenticated(6, segment))),
  ),
  six(
    'IPv6 with hop-by-hop and destination options',
    1,
    ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 0 }, extension(60, 8, extension(6, 24, segment)))),
  ),
  six(
    'IPv6 with authentication header',
    1,
    ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 51 }, authenticated(6, segment))),
  ),
  six(
    'IPv6, atomic fragment',
    1,
    ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 44 }, fragmentHeader(6, 0, false, 77, segment))),
  ),
  six('IPv6, routing header type 0', 1, ethernetFrame(0x86dd, ipv6Packet(viaRouter, routed(0, segment, via6, last6)))),
  six('IPv6, routing header type 2', 1, ethernetFrame(0x86dd, ipv6Packet(viaRouter, routed(2, segment, last6)))),
  six(
    'IPv6, routing header type 4',
    1,
    ethernetFrame(0x86dd, ipv6Packet(viaRouter, bytes(6, 4, 4, 1, 1, 0, 0, 0, last6, via6, segment))),
  ),
]

/** Frames without a TCP segment, which the decoder ignores silently. */
export const others: { name: string; linkType: number; frame: Uint8Array }[] = [
  { name: 'ARP', linkType: 1, frame: ethernetFrame(0x0806, new Uint8Array(46)) },
  { name: 'spanning tree', linkType: 1, frame: ethernetFrame(38, bytes(0x42, 0x42, 3, new Uint8Array(35))) },
  {
    name: 'UDP',
    linkType: 1,
    frame: ethernetFrame(0x0800, ipv4Packet({ protocol: 17 }, udpDatagram(53, text('query')))),
  },
  {
    name: 'VXLAN port without valid identifier',
    linkType: 1,
    frame: ethernetFrame(0x0800, ipv4Packet({ protocol: 17 }, udpDatagram(4789, new Uint8Array(80)))),
  },
  {
    name: 'echo request',
    linkType: 1,
    frame: ethernetFrame(0x0800, ipv4Packet({ protocol: 1 }, bytes(8, 0, be16(0), be32(1)))),
  },
  {
    name: 'neighbor solicitation',
    linkType: 1,
    frame: ethernetFrame(0x86dd, ipv6Packet({ nextHeader: 58 }, bytes(135, 0, new Uint8Array(22)))),
  },
  { name: 'PPP link control', linkType: 9, frame: bytes(0xff, 3, be16(0xc021), 1, 1, be16(4)) },
  { name: 'PPPoE discovery', linkType: 1, frame: ethernetFrame(0x8863, bytes(0x11, 9, be32(0))) },
  { name: 'AppleTalk on a loopback', linkType: 0, frame: bytes(le32(16), new Uint8Array(8)) },
  {
    name: 'MPLS with a generic associated channel',
    linkType: 1,
    frame: ethernetFrame(0x8847, label(13, true, bytes(0x10, 0, 0, 7, 1))),
  },
  { name: 'PPTP acknowledgment alone', linkType: 1, frame: gre(0x2081, 0x880b, [...be32(1), ...be32(1)], bytes()) },
]
