import type { Variation } from './family.js'

const ttl = (value: number) => ({ 'net.ipv4.ip_default_ttl': `${value}`, 'net.ipv6.conf.eth0.hop_limit': `${value}` })

export const PLAIN: Variation = { name: 'plain' }

/** Networks of other kinds: far, near, other systems' initial TTLs, TCP without options, other ports. */
export const VARIATIONS: readonly Variation[] = [
  PLAIN,
  { name: 'far', topology: { delay: { client: 35, server: 55 } } },
  { name: 'near', topology: { delay: { client: 0, server: 0.3 } } },
  { name: 'slow-client-line', topology: { delay: { client: 110, server: 2 } } },
  { name: 'server-ttl-128', topology: { sysctl: { s1: ttl(128) } } },
  { name: 'client-ttl-128', topology: { sysctl: { c: ttl(128) } } },
  { name: 'server-ttl-255', topology: { sysctl: { s1: ttl(255) } } },
  {
    name: 'no-timestamps',
    topology: { sysctl: { c: { 'net.ipv4.tcp_timestamps': '0', 'net.ipv4.tcp_sack': '0' } } },
  },
  { name: 'no-window-scale', topology: { sysctl: { s1: { 'net.ipv4.tcp_window_scaling': '0' } } } },
  { name: 'port-2121', port: 2121 },
  { name: 'low-range', passiveRange: [10100, 10140] },
  { name: 'towards-server', topology: { middle: 'towards-server' } },
]

/** What leaves ports alone, for faults that name some. */
export const SAME_PORTS: readonly Variation[] = VARIATIONS.filter(
  ({ port, passiveRange }) => port === undefined && passiveRange === undefined,
)
