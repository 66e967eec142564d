/** IP protocol numbers that can lead to TCP, or quote it (https://www.iana.org/assignments/protocol-numbers). */
export const IpProtocol = {
  HopByHopOptions: 0,
  Icmp: 1,
  IpInIp: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Ipv6Routing: 43,
  Ipv6Fragment: 44,
  Gre: 47,
  AuthenticationHeader: 51,
  Icmpv6: 58,
  DestinationOptions: 60,
  Mobility: 135,
  HostIdentity: 139,
  Shim6: 140,
} as const

/** Not an IP protocol: returned for a packet that is a fragment, described by the cursor. */
export const Fragment = 256

/** Whether a fragmented datagram of this protocol is worth reassembling. */
export function canCarryTcp(protocol: number): boolean {
  switch (protocol) {
    case IpProtocol.Tcp:
    case IpProtocol.Udp: // VXLAN
    case IpProtocol.IpInIp:
    case IpProtocol.Ipv6:
    case IpProtocol.Gre:
    case IpProtocol.AuthenticationHeader:
    case IpProtocol.DestinationOptions:
    case IpProtocol.Ipv6Routing:
      return true
    default:
      return false
  }
}
