import { everywhere, type Expectation, type Fault } from '../../scenario.js'
import type { Family } from '../family.js'
import { each, EXTENDED, EXTENDED_ONLY, PASSIVE, REAL_SERVERS, servers, TRUSTING } from '../software.js'
import { SAME_PORTS } from '../variations.js'

const NETWORKS = [
  { client: 'nat', server: 'public' },
  { client: 'public', server: 'public' },
  { client: 'private', server: 'private' },
] as const
const clients = [...PASSIVE, ...EXTENDED_ONLY]
const once = { attempted: 1, completed: 0 }

const atPort = (
  cause: 'passive-port-unanswered' | 'passive-port-refused' | 'passive-port-unreachable',
): Expectation => ({
  outcome: 'failed',
  cause,
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown', 'client-network'],
  transfers: once,
})

/** Where the SYN does not come by, only that there is none can be said. */
function upTo(fault: readonly Fault[], seen: Expectation) {
  const at = fault[0]?.at
  const unseen: Expectation = {
    ...seen,
    cause: 'passive-not-attempted',
    also: [seen.cause],
    alsoSide: ['client', 'client-network', 'path', 'server', 'unknown'],
  }
  return { client: seen, middle: at === 'rc' ? unseen : seen, server: at === 's1' ? seen : unseen }
}

const away: Expectation = {
  outcome: 'failed',
  cause: 'passive-private-address',
  side: 'server-network',
  alsoSide: ['server'],
  transfers: once,
}

export const passiveFamilies: readonly Family[] = [
  {
    name: 'passive-private-address',
    title: 'The server behind NAT announces its inside address, and the client goes there',
    topologies: [
      { client: 'nat', server: 'nat' },
      { client: 'public', server: 'nat' },
      { client: 'nat', server: 'nat', middle: 'towards-server' },
    ],
    servers: REAL_SERVERS,
    clients: TRUSTING,
    // Silence, or a router on the way that says no.
    faults: [
      [],
      [{ at: 'rc', commands: ['ip route add unreachable 10.0.0.0/8'] }],
      [
        {
          at: 'i',
          forward: ['ip daddr 10.0.0.21 reject with icmp type admin-prohibited'],
          commands: ['ip route replace 10.0.0.0/8 via 203.0.113.20'],
        },
      ],
      [
        {
          at: 'i',
          forward: ['ip daddr 10.0.0.21 reject with tcp reset'],
          commands: ['ip route replace 10.0.0.0/8 via 203.0.113.20'],
        },
      ],
    ],
    runs: 12,
    // At the server a private address is what is to be expected; that no SYN follows shows only that data never
    // arrived.
    expect: () => ({ ...everywhere(away), server: { ...away, also: ['passive-not-attempted'] } }),
  },
  {
    name: 'passive-port-unanswered',
    title: 'Nobody answers on the passive range',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 's1', input: ['tcp dport 50000-50100 drop'] }],
      [{ at: 'rs', forward: ['tcp dport 50000-50100 drop'] }],
      [{ at: 'i', forward: ['tcp dport 50000-50100 drop'] }],
    ],
    runs: 9,
    expect: ({ faults }) => upTo(faults, atPort('passive-port-unanswered')),
  },
  {
    name: 'passive-port-refused',
    title: 'RST to the SYN on the passive range',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 'rs', forward: ['tcp dport 50000-50100 reject with tcp reset'] }],
      [{ at: 's1', input: ['tcp dport 50000-50100 reject with tcp reset'] }],
      [{ at: 'rc', forward: ['tcp dport 50000-50100 reject with tcp reset'] }],
    ],
    runs: 9,
    expect: ({ faults }) => upTo(faults, atPort('passive-port-refused')),
  },
  {
    name: 'passive-port-refused-nat',
    title: 'The NAT before the server forwards the control port only',
    topologies: [
      { client: 'nat', server: 'nat', forward: null },
      { client: 'public', server: 'nat', forward: null },
    ],
    servers: servers({ announce: '203.0.113.20' }),
    clients: PASSIVE,
    faults: [[], [{ at: 'rs', input: ['iifname "eth0" tcp dport 50000-50100 drop'] }]],
    runs: 6,
    expect: ({ faults }) =>
      upTo([{ at: 'rs' }], atPort(faults.length === 0 ? 'passive-port-refused' : 'passive-port-unanswered')),
  },
  {
    name: 'passive-port-unreachable',
    title: 'ICMP to the SYN on the passive range',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 's1', input: ['tcp dport 50000-50100 reject with icmp type host-prohibited'] }],
      [{ at: 'rs', forward: ['tcp dport 50000-50100 reject with icmp type net-unreachable'] }],
      [{ at: 'i', forward: ['tcp dport 50000-50100 reject with icmp type admin-prohibited'] }],
      [{ at: 'rc', forward: ['tcp dport 50000-50100 reject with icmp type port-unreachable'] }],
    ],
    runs: 9,
    expect: ({ faults }) => upTo(faults, atPort('passive-port-unreachable')),
  },
  {
    name: 'passive-not-attempted',
    title: "The client's own firewall keeps it from dialling high ports",
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 'c', output: ['tcp dport 50000-50100 drop'] }],
      [{ at: 'c', output: ['tcp dport 50000-50100 reject with icmp type admin-prohibited'] }],
    ],
    runs: 6,
    expect: () =>
      everywhere({
        outcome: 'failed',
        cause: 'passive-not-attempted',
        side: 'client',
        alsoSide: ['client-network', 'path', 'unknown', 'server-network'],
        transfers: once,
      }),
  },
  {
    name: 'passive-port-unanswered-ipv6',
    title: 'Nobody answers on the passive range over IPv6',
    topologies: [{ client: 'public', server: 'public', family: 6 }],
    servers: REAL_SERVERS,
    clients: [
      { software: 'wget', actions: [{ get: 'report.bin' }] },
      { software: 'ftplib', mode: 'passive', actions: [{ list: '/' }] },
      ...EXTENDED_ONLY,
    ],
    faults: [
      [{ at: 's1', input: ['tcp dport 50000-50100 drop'] }],
      [{ at: 'rs', forward: ['tcp dport 50000-50100 drop'] }],
    ],
    runs: 4,
    expect: ({ faults }) => upTo(faults, atPort('passive-port-unanswered')),
  },
  {
    name: 'extended-passive-to-passive',
    title: 'Neither EPSV nor the PASV that follows gets a data connection',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients: each(EXTENDED, { timeout: 18 }),
    faults: [
      [{ at: 's1', input: ['tcp dport 50000-50100 drop'] }],
      [{ at: 'rs', forward: ['tcp dport 50000-50100 reject with tcp reset'] }],
      [{ at: 'i', forward: ['tcp dport 50000-50100 reject with icmp type admin-prohibited'] }],
    ],
    runs: 6,
    expect: ({ faults }) => {
      const causes = ['passive-port-unanswered', 'passive-port-refused', 'passive-port-unreachable'] as const
      const at = ['s1', 'rs', 'i'].indexOf(faults[0]?.at ?? '')
      return upTo(faults, atPort(causes[at] ?? causes[0]))
    },
  },
  {
    name: 'passive-address-mismatch',
    title: "227 announces a public address that is not the server's",
    topologies: [
      { client: 'nat', server: 'public' },
      { client: 'public', server: 'public' },
    ],
    servers: servers({ announce: '203.0.113.77' }),
    clients: TRUSTING,
    faults: [
      [{ at: 'i', commands: ['ip route add blackhole 203.0.113.77'] }],
      [{ at: 'i', commands: ['ip route add unreachable 203.0.113.77'] }],
    ],
    runs: 5,
    expect: () =>
      everywhere({
        outcome: 'failed',
        cause: 'passive-address-mismatch',
        side: 'server',
        alsoSide: ['server-network'],
        transfers: once,
      }),
  },
  {
    name: 'data-peer-mismatch',
    title: "The client's NAT has two uplinks: the data connection comes from another address",
    topologies: [{ client: 'nat', server: 'public', uplinks: ['198.51.100.2', '198.51.100.3'] }],
    servers: [{ software: 'pyftpdlib' }, { software: 'vsftpd' }, { software: 'pure-ftpd' }],
    clients: PASSIVE.filter(({ actions }) => actions?.every((action) => !('put' in action))),
    runs: 5,
    expect: ({ server }) => {
      const mismatch: Expectation = {
        outcome: 'failed',
        cause: 'data-peer-mismatch',
        side: 'client-network',
        transfers: once,
      }
      // Pure-FTPd closes the data connection without a word; beside the client that looks like any other reset.
      const silent: Expectation = {
        ...mismatch,
        also: [
          'command-unanswered',
          'transfer-incomplete',
          'transfer-reset',
          'transfer-stalled',
          'passive-port-refused',
        ],
        alsoSide: ['server', 'unknown', 'path'],
      }
      return { ...everywhere(mismatch), client: server.software === 'pure-ftpd' ? silent : mismatch }
    },
  },
  {
    name: 'passive-rejected',
    title: 'The server does not allow passive mode',
    topologies: NETWORKS,
    servers: [
      { software: 'vsftpd', settings: { pasv_enable: 'NO' } },
      { software: 'proftpd', settings: { '<Limit': 'PASV EPSV>\nDenyAll\n</Limit>' } },
    ],
    clients: PASSIVE,
    runs: 6,
    variations: SAME_PORTS,
    expect: () => everywhere({ outcome: 'failed', cause: 'passive-rejected', side: 'server', alsoSide: ['unknown'] }),
  },
]
