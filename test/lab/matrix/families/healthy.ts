import { everywhere, healthy, UNSEEN, type ClientSpec, type Expectations } from '../../scenario.js'
import type { Family } from '../family.js'
import {
  ACTIVE,
  each,
  EXTENDED,
  EXTENDED_ONLY,
  IPV6,
  PASSIVE,
  REAL_SERVERS,
  servers,
  SUBSTITUTING,
  TLS,
  TLS_SERVERS,
} from '../software.js'

const all = ({ client }: { client: ClientSpec }): Expectations => {
  const parallel = client.parallel ?? 1
  return healthy((client.actions?.length ?? 0) * parallel)
}

export const healthyFamilies: readonly Family[] = [
  {
    name: 'passive-healthy',
    title: 'PASV works',
    topologies: [
      { client: 'nat', server: 'public' },
      { client: 'public', server: 'public' },
      { client: 'private', server: 'private' },
    ],
    servers: REAL_SERVERS,
    clients: PASSIVE,
    runs: 24,
    expect: all,
  },
  {
    name: 'extended-passive-healthy',
    title: 'EPSV works',
    topologies: [
      { client: 'nat', server: 'public' },
      { client: 'nat', server: 'nat' },
      { client: 'private', server: 'private' },
    ],
    servers: REAL_SERVERS,
    clients: [...EXTENDED, ...EXTENDED_ONLY],
    runs: 12,
    expect: all,
  },
  {
    name: 'active-healthy',
    title: 'Active mode works',
    topologies: [
      { client: 'public', server: 'public' },
      { client: 'private', server: 'private' },
    ],
    servers: REAL_SERVERS,
    clients: ACTIVE,
    runs: 14,
    expect: all,
  },
  {
    name: 'active-nat-helper-healthy',
    title: 'Active mode through a NAT that reads PORT and EPRT',
    topologies: [{ client: 'nat', server: 'public', clientHelper: true }],
    servers: REAL_SERVERS,
    clients: ACTIVE,
    runs: 10,
    expect: all,
  },
  {
    name: 'ipv6-healthy',
    title: 'IPv6 works',
    topologies: [{ client: 'public', server: 'public', family: 6 }],
    servers: REAL_SERVERS,
    clients: IPV6,
    runs: 10,
    expect: all,
  },
  {
    name: 'nat-server-healthy',
    title: 'A server behind NAT that announces its outside address',
    topologies: [
      { client: 'nat', server: 'nat' },
      { client: 'public', server: 'nat' },
    ],
    servers: servers({ announce: '203.0.113.20' }),
    clients: PASSIVE,
    runs: 10,
    expect: all,
  },
  {
    name: 'nat-server-healthy-helper',
    title: 'A server behind NAT whose NAT reads 227 and 229',
    topologies: [{ client: 'nat', server: 'nat', serverHelper: true, forward: null }],
    servers: REAL_SERVERS,
    clients: [...PASSIVE, ...EXTENDED],
    runs: 10,
    expect: all,
  },
  {
    name: 'passive-private-address-substituted',
    title: 'A server behind NAT announces its inside address; the client dials the control address instead',
    topologies: [{ client: 'nat', server: 'nat' }],
    servers: REAL_SERVERS,
    clients: SUBSTITUTING,
    runs: 8,
    expect: () =>
      everywhere({
        outcome: 'degraded',
        alsoOutcome: ['ok'],
        cause: 'passive-private-address',
        also: [null],
        transfers: { attempted: 1, completed: 1 },
      }),
  },
  {
    name: 'lan-healthy',
    title: 'Client and server in one private network',
    topologies: [{ client: 'lan', server: 'private' }],
    servers: REAL_SERVERS,
    clients: [...PASSIVE, ...ACTIVE],
    runs: 10,
    expect: (combination) => ({ ...all(combination), middle: UNSEEN }),
  },
  {
    name: 'tls-healthy',
    title: 'Explicit TLS works',
    topologies: [
      { client: 'nat', server: 'public' },
      { client: 'private', server: 'private' },
    ],
    servers: TLS_SERVERS,
    clients: TLS,
    runs: 12,
    // pyftpdlib 1.5.7 resets a data connection whose ClientHello comes before the transfer command; lftp and wget wait
    // for 150.
    expect: ({ server, client }) =>
      everywhere(
        server.software === 'pyftpdlib' && ['curl', 'basic-ftp'].includes(client.software)
          ? { outcome: 'failed', cause: 'transfer-reset', side: 'server' }
          : { outcome: 'ok', cause: null },
      ),
  },
  {
    name: 'busy-healthy',
    title: 'Several clients at once on a machine with much to do',
    topologies: [{ client: 'nat', server: 'public' }],
    servers: servers({ files: { 'large.bin': 400_000 } }),
    clients: each(PASSIVE, { parallel: 3, actions: [{ get: 'large.bin' }] }),
    runs: 7,
    expect: all,
  },
  {
    name: 'packet-loss',
    title: 'A line that loses some packets; all is got in the end',
    topologies: [1, 2, 3].map((seed) => ({ client: 'nat', server: 'public', loss: { client: 1.5, seed } }) as const),
    servers: servers({ files: { 'large.bin': 600_000 } }),
    clients: each(PASSIVE, { actions: [{ get: 'large.bin' }], timeout: 25 }),
    runs: 7,
    expect: () =>
      everywhere({
        outcome: 'ok',
        alsoOutcome: ['degraded'],
        cause: null,
        also: ['packet-loss'],
        transfers: { attempted: 1, completed: 1 },
      }),
  },
  {
    name: 'transfer-refused',
    title: '550: the file does not exist',
    topologies: [{ client: 'nat', server: 'public' }],
    servers: REAL_SERVERS,
    clients: each(PASSIVE, { actions: [{ get: 'absent.bin' }] }),
    runs: 7,
    expect: () => everywhere({ outcome: 'failed', cause: 'transfer-refused', also: ['command-refused'] }),
  },
]
