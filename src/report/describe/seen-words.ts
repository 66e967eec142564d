/** Names of protocols by their numbers, and what they mean to whoever looks for FTP. */
import { ARP } from '../../wire/ether-type.js'

/** What a protocol is to somebody who expected FTP: the end of a sentence. */
const MEANING: Readonly<Record<string, string>> = {
  SSH: 'files go over SFTP or SCP there, not FTP',
  SMB: 'Windows file sharing',
  WebDAV: 'files go over HTTP there',
  rsync: 'another file transfer protocol',
  TFTP: 'another file transfer protocol, without login',
  NFS: 'a network file system',
  ESP: 'an IPsec tunnel, and what is inside it cannot be seen: capture where it ends',
  WireGuard: 'a VPN tunnel, and what is inside it cannot be seen: capture where it ends',
  OpenVPN: 'a VPN tunnel, and what is inside it cannot be seen: capture where it ends',
  'IPsec over UDP': 'a tunnel, and what is inside it cannot be seen: capture where it ends',
  L2TP: 'a VPN tunnel: capture where it ends',
}

export function meaningOf(protocol: string): string | null {
  return MEANING[protocol] ?? null
}

/** Protocols that move files, or hide whatever moves them: they are told first. */
export function isOfInterest(protocol: string | null): boolean {
  return protocol !== null && (protocol in MEANING || protocol === 'FTP' || protocol === 'TLS for FTP')
}

/** By port number (IANA), where no payload shows the protocol. */
export const TCP_PORTS: Readonly<Record<number, string>> = {
  20: 'FTP data',
  22: 'SSH',
  23: 'Telnet',
  25: 'SMTP',
  53: 'DNS',
  80: 'HTTP',
  110: 'POP3',
  139: 'SMB',
  143: 'IMAP',
  443: 'HTTPS',
  445: 'SMB',
  465: 'SMTP over TLS',
  587: 'SMTP',
  636: 'LDAP over TLS',
  853: 'DNS over TLS',
  873: 'rsync',
  989: 'FTPS data',
  993: 'IMAP over TLS',
  995: 'POP3 over TLS',
  2049: 'NFS',
  3389: 'RDP',
  5061: 'SIP over TLS',
  8443: 'HTTPS',
}

export const UDP_PORTS: Readonly<Record<number, string>> = {
  53: 'DNS',
  67: 'DHCP',
  69: 'TFTP',
  123: 'NTP',
  137: 'NetBIOS',
  138: 'NetBIOS',
  161: 'SNMP',
  443: 'QUIC',
  500: 'IKE',
  514: 'syslog',
  546: 'DHCPv6',
  1194: 'OpenVPN',
  1701: 'L2TP',
  1900: 'SSDP',
  2049: 'NFS',
  4500: 'IPsec over UDP',
  5353: 'mDNS',
  5355: 'LLMNR',
  51820: 'WireGuard',
}

/** IP protocols (https://www.iana.org/assignments/protocol-numbers). */
export const IP_PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  47: 'GRE',
  50: 'ESP',
  58: 'ICMPv6',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
}

/** EtherTypes (https://www.iana.org/assignments/ieee-802-numbers). */
export const ETHER_TYPES: Readonly<Record<number, string>> = {
  [ARP]: 'ARP',
  0x88cc: 'LLDP',
  0x888e: 'IEEE 802.1X',
  0x88e5: 'MACsec',
  0x8863: 'PPPoE discovery',
  0x8809: 'LACP',
  0x88a2: 'ATA over Ethernet',
  0x88f7: 'PTP',
}
