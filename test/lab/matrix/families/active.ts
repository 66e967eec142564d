import { everywhere, type Expectation, type Fault } from '../../scenario.js'
import type { Family } from '../family.js'
import { ACTIVE, REAL_SERVERS } from '../software.js'

const NETWORKS = [
  { client: 'public', server: 'public' },
  { client: 'private', server: 'private' },
  { client: 'public', server: 'public', middle: 'towards-server' },
] as const
const once = { attempted: 1, completed: 0 }
const SYN = 'tcp flags & (syn|ack) == syn'

const atPort = (cause: 'active-port-unanswered' | 'active-port-refused' | 'active-port-unreachable'): Expectation => ({
  outcome: 'failed',
  cause,
  side: 'client',
  alsoSide: ['client-network', 'path', 'unknown', 'server-network'],
  transfers: once,
})

/** The server's SYN is seen from the server up to the host that stops it. */
function from(faults: readonly Fault[], seen: Expectation, towardsServer: boolean) {
  const at = faults[0]?.at
  const unseen: Expectation = {
    ...seen,
    cause: 'active-not-attempted',
    also: [seen.cause, 'command-unanswered'],
    alsoSide: ['client-network', 'path', 'server', 'server-network', 'unknown'],
  }
  const middle = at === 'c' || at === 'rc' || (at === 'i' && towardsServer) ? seen : unseen
  return { client: at === 'c' ? seen : unseen, middle, server: seen }
}

const stopped = (action: string): readonly (readonly Fault[])[] => [
  [{ at: 'c', input: [`${SYN} ${action}`] }],
  [{ at: 'rc', forward: [`iifname "eth1" ${SYN} ${action}`] }],
  [{ at: 'i', forward: [`iifname "eth1" ${SYN} ${action}`] }],
  [{ at: 'rs', forward: [`iifname "br0" ${SYN} ${action}`] }],
]

const family = (kind: 'unanswered' | 'refused' | 'unreachable', action: string, runs: number): Family => ({
  name: `active-port-${kind}`,
  title: `The server's data connection to the client: ${kind}`,
  topologies: NETWORKS,
  servers: REAL_SERVERS,
  clients: ACTIVE,
  faults: stopped(action),
  runs,
  expect: ({ faults, topology }) => from(faults, atPort(`active-port-${kind}`), topology.middle === 'towards-server'),
})

const inside: Expectation = {
  outcome: 'failed',
  cause: 'active-private-address',
  also: ['active-rejected'],
  side: 'client-network',
  alsoSide: ['client'],
  transfers: once,
}

export const activeFamilies: readonly Family[] = [
  family('unanswered', 'drop', 9),
  family('refused', 'reject with tcp reset', 8),
  family('unreachable', 'reject with icmp type admin-prohibited', 8),
  {
    name: 'active-private-address',
    title: 'PORT from behind a NAT without helper',
    topologies: [
      { client: 'nat', server: 'public' },
      { client: 'nat', server: 'nat' },
      { client: 'nat', server: 'public', middle: 'towards-server' },
    ],
    servers: [
      ...REAL_SERVERS,
      { software: 'vsftpd', settings: { port_promiscuous: 'YES', connect_from_port_20: 'NO' } },
      { software: 'pyftpdlib', settings: { permit_foreign_addresses: 'true' } },
      { software: 'proftpd', settings: { AllowForeignAddress: 'on' } },
    ],
    clients: ACTIVE,
    runs: 12,
    // A server that dials before it answers (pyftpdlib) shows nothing but silence until then.
    expect: ({ server }) =>
      everywhere(
        server.software === 'pyftpdlib' ? { ...inside, also: ['active-rejected', 'command-unanswered'] } : inside,
      ),
  },
  {
    name: 'active-not-attempted',
    title: "The server's own firewall keeps it from dialling out",
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients: ACTIVE,
    faults: [[{ at: 's1', output: [`${SYN} drop`] }], [{ at: 's1', output: [`${SYN} reject with tcp reset`] }]],
    runs: 6,
    expect: () =>
      everywhere({
        outcome: 'failed',
        cause: 'active-not-attempted',
        also: ['command-unanswered'],
        side: 'server',
        alsoSide: ['server-network', 'path', 'client-network', 'unknown'],
        transfers: once,
      }),
  },
  {
    name: 'active-rejected',
    title: 'The server does not allow active mode',
    topologies: NETWORKS,
    servers: [
      { software: 'vsftpd', settings: { port_enable: 'NO' } },
      { software: 'proftpd', settings: { '<Limit': 'PORT EPRT>\nDenyAll\n</Limit>' } },
    ],
    clients: ACTIVE.filter(({ software }) => software !== 'curl'),
    runs: 5,
    expect: () =>
      everywhere({ outcome: 'failed', cause: 'active-rejected', side: 'server', alsoSide: ['client', 'unknown'] }),
  },
]
