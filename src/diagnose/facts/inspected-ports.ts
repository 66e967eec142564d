/**
 * Ports that firewalls, NATs and providers treat by the protocol registered for them, whatever is carried: a passive
 * port among them can fail while its neighbors work.
 */
export interface Inspected {
  protocol: string
  /** What interferes: an application layer gateway, or a filter against worms and abuse. */
  by: 'alg' | 'filter' | 'proxy'
}

const alg = (protocol: string): Inspected => ({ protocol, by: 'alg' })
const filter = (protocol: string): Inspected => ({ protocol, by: 'filter' })
const proxy = (protocol: string): Inspected => ({ protocol, by: 'proxy' })

/**
 * Those with connection tracking helpers in Linux (nf_conntrack_*) or default inspection in Cisco ASA and similar
 * firewalls, those that web proxies intercept, and those that providers filter.
 */
const INSPECTED: ReadonlyMap<number, Inspected> = new Map([
  [69, alg('TFTP')],
  [111, alg('ONC RPC')],
  [135, filter('Microsoft RPC')],
  [139, filter('NetBIOS')],
  [445, filter('SMB')],
  [512, filter('rexec')],
  [513, filter('rlogin')],
  [514, alg('RSH')],
  [554, alg('RTSP')],
  [1080, filter('SOCKS')],
  [1433, filter('Microsoft SQL Server')],
  [1434, filter('Microsoft SQL Server')],
  [1503, alg('T.120')],
  [1521, alg('SQL*Net')],
  [1718, alg('H.323')],
  [1719, alg('H.323')],
  [1720, alg('H.323')],
  [1723, alg('PPTP')],
  [1863, alg('MSNP')],
  [1900, filter('SSDP')],
  [2000, alg('SCCP (Skinny)')],
  [2049, filter('NFS')],
  [2427, alg('MGCP')],
  [2727, alg('MGCP')],
  [2748, alg('CTIQBE')],
  [3128, proxy('HTTP')],
  [3389, filter('RDP')],
  [4444, filter('worms')],
  [5060, alg('SIP')],
  [5061, alg('SIP')],
  [5190, alg('OSCAR')],
  [5554, filter('worms')],
  [6566, alg('SANE')],
  [6667, alg('IRC')],
  [6668, alg('IRC')],
  [6669, alg('IRC')],
  [6881, filter('BitTorrent')],
  [8000, proxy('HTTP')],
  [8080, proxy('HTTP')],
  [8554, alg('RTSP')],
  [10080, alg('Amanda')],
  [12345, filter('NetBus')],
  [31337, filter('Back Orifice')],
])

/** What devices on the path take a port for; `null` for a port that they treat like any other. */
export function inspectedPort(port: number): Inspected | null {
  return INSPECTED.get(port) ?? null
}

/** Whether a range of ports contains one of these. */
export function containsInspected(low: number, high: number): boolean {
  for (const port of INSPECTED.keys()) if (port >= low && port <= high) return true
  return false
}
