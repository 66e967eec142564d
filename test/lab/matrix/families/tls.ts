import { everywhere, type Expectation } from '../../scenario.js'
import type { Family } from '../family.js'
import { each, only, servers, TLS, TLS_SERVERS } from '../software.js'
import { SAME_PORTS } from '../variations.js'

const NETWORKS = [
  { client: 'nat', server: 'public' },
  { client: 'public', server: 'public' },
] as const

const hidden: Expectation = {
  outcome: 'failed',
  cause: 'tls-hides-announcement',
  side: 'server-network',
  alsoSide: ['path', 'client-network', 'server', 'unknown'],
}
const handshake: Expectation = {
  outcome: 'failed',
  cause: 'tls-handshake-failed',
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
}
const interference: Expectation = {
  outcome: 'failed',
  cause: 'tls-interference',
  also: ['control-reset', 'tls-handshake-failed'],
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown'],
}
const mode: Expectation = {
  outcome: 'failed',
  cause: 'tls-mode-mismatch',
  side: 'client',
  alsoSide: ['server'],
  transfers: { attempted: 0, completed: 0 },
}

export const tlsFamilies: readonly Family[] = [
  {
    name: 'tls-hides-announcement',
    title: 'The NAT before the server opens passive ports by reading 227 or 229, which TLS hides from it',
    topologies: [
      { client: 'nat', server: 'nat', serverHelper: true, forward: null },
      { client: 'public', server: 'nat', serverHelper: true, forward: null },
    ],
    servers: TLS_SERVERS.map((server) => ({ ...server, announce: '203.0.113.20' })),
    clients: TLS,
    faults: [[{ at: 'rs', input: ['iifname "eth0" tcp dport > 10000 drop'] }], []],
    runs: 8,
    // Beside the server nothing but the encrypted control connection is seen.
    expect: () => ({ ...everywhere(hidden), server: { ...hidden, alsoOutcome: ['undetermined'], also: [null] } }),
    // The keys show that a port was announced to which no SYN came.
    keyed: { server: { ...hidden, also: ['passive-not-attempted'] } },
  },
  {
    name: 'tls-handshake-failed',
    title: "The client does not trust the server's certificate",
    topologies: NETWORKS,
    servers: servers({ tls: 'explicit' }),
    clients: [
      { software: 'lftp', tls: 'explicit', options: ['ssl:verify-certificate yes'], actions: [{ list: '' }] },
      { software: 'curl', tls: 'explicit', options: ['--no-insecure', '--tls-max', '1.2'], actions: [{ list: '/' }] },
      { software: 'wget', tls: 'explicit', options: ['--check-certificate'], actions: [{ get: 'readme.txt' }] },
    ],
    runs: 6,
    expect: () => everywhere(handshake),
  },
  {
    name: 'tls-interference',
    title: 'An inspecting box resets the control connection when TLS starts',
    topologies: NETWORKS,
    servers: TLS_SERVERS,
    clients: TLS,
    faults: [[{ at: 'rs', forward: ['tcp dport 21 @ih,0,16 0x1603 reject with tcp reset'] }]],
    runs: 4,
    variations: SAME_PORTS,
    expect: () => ({ ...everywhere(interference), server: { ...interference, visible: false } }),
  },
  {
    name: 'tls-mode-mismatch',
    title: 'The client starts with TLS (implicit), the server expects AUTH TLS (explicit)',
    topologies: NETWORKS,
    servers: TLS_SERVERS.map((server) => ({ ...server, port: 21 })),
    clients: each(only(TLS, 'curl', 'lftp', 'basic-ftp'), { tls: 'implicit' }),
    runs: 5,
    variations: SAME_PORTS,
    expect: () => everywhere(mode),
  },
]
