import type { Topology } from './scenario.js'

/** Addresses that scenario files name. Documentation ranges outside, private ranges inside. */
export const CLIENT_INSIDE = '192.168.1.10'
export const CLIENT_PUBLIC = '198.51.100.130'
export const CLIENT_PRIVATE = '10.1.0.2'
export const SERVER_INSIDE = '10.0.0.21'
export const SERVER2_INSIDE = '10.0.0.22'
export const SERVER_OUTSIDE = '203.0.113.20'
export const SERVER_PUBLIC = '203.0.113.130'
export const SERVER2_PUBLIC = '203.0.113.131'
export const SERVER_V6 = '2001:db8:2::21'

interface Lan {
  readonly network: string
  readonly gateway: string
  readonly prefix: number
  readonly hosts: readonly string[]
}

export interface Addresses {
  readonly client: string
  /** Where the client's router reaches it, on that router's inside. */
  readonly clientLan: Lan
  readonly server: string
  readonly serverLan: Lan
  /** What the client dials. */
  readonly dial: string
}

const CLIENT_LANS: Record<'nat' | 'public' | 'private', Lan> = {
  nat: { network: '192.168.1.0', gateway: '192.168.1.1', prefix: 24, hosts: [CLIENT_INSIDE] },
  public: { network: '198.51.100.128', gateway: '198.51.100.129', prefix: 25, hosts: [CLIENT_PUBLIC] },
  private: { network: '10.1.0.0', gateway: '10.1.0.1', prefix: 24, hosts: [CLIENT_PRIVATE] },
}
const INSIDE: Lan = {
  network: '10.0.0.0',
  gateway: '10.0.0.1',
  prefix: 24,
  hosts: [SERVER_INSIDE, SERVER2_INSIDE, '10.0.0.50'],
}
const PUBLIC: Lan = {
  network: '203.0.113.128',
  gateway: '203.0.113.129',
  prefix: 25,
  hosts: [SERVER_PUBLIC, SERVER2_PUBLIC, '203.0.113.150'],
}

export function addressesOf(topology: Topology): Addresses {
  const clientLan = CLIENT_LANS[topology.client === 'lan' ? 'nat' : topology.client]
  const serverLan = topology.server === 'public' ? PUBLIC : INSIDE
  const server = serverLan.hosts[0] ?? ''
  const outside = topology.server === 'nat' && topology.client !== 'lan'
  return {
    client: topology.client === 'lan' ? (serverLan.hosts[2] ?? '') : (clientLan.hosts[0] ?? ''),
    clientLan,
    server,
    serverLan,
    dial: topology.family === 6 ? SERVER_V6 : outside ? SERVER_OUTSIDE : server,
  }
}
