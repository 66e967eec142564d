/** Names of the link types that are decoded (https://www.tcpdump.org/linktypes.html), as Wireshark's users know them. */
const NAMES: Record<number, string> = {
  0: 'BSD loopback',
  1: 'Ethernet',
  9: 'PPP',
  12: 'raw IP',
  14: 'raw IP',
  50: 'PPP over serial',
  51: 'PPPoE',
  101: 'raw IP',
  108: 'OpenBSD loopback',
  113: 'Linux cooked',
  228: 'raw IPv4',
  229: 'raw IPv6',
  276: 'Linux cooked v2',
}

export function linkTypeName(linkType: number): string {
  return NAMES[linkType] ?? `link type ${linkType}`
}
