import { everywhere, type ClientSpec, type Expectation, type Fault } from '../../scenario.js'
import type { Family } from '../family.js'
import { ACTIVE, each, PASSIVE, servers } from '../software.js'
import { SAME_PORTS } from '../variations.js'

const NETWORKS = [
  { client: 'nat', server: 'public' },
  { client: 'public', server: 'public' },
] as const
const once = { attempted: 1, completed: 0 }
const FILES = { 'long.bin': 60_000 }
const downloads = each(PASSIVE, { actions: [{ get: 'long.bin' }], timeout: 10 })
const uploads: readonly ClientSpec[] = each(
  PASSIVE.filter(({ software }) => software !== 'wget'),
  { actions: [{ put: 'new.bin', size: 60_000 }], timeout: 10 },
)

/** A box that lets ten kilobytes of the data connection pass. */
const after = (action: string): readonly Fault[] => [
  {
    at: 'rs',
    forward: [`tcp sport 50000-50100 ct bytes > 10000 ${action}`, `tcp dport 50000-50100 ct bytes > 10000 ${action}`],
  },
]
const anySide: Expectation['alsoSide'] = ['path', 'server-network', 'client-network', 'server', 'client', 'unknown']
const failed = (cause: 'transfer-stalled' | 'transfer-reset' | 'path-mtu-blackhole'): Expectation => ({
  outcome: 'failed',
  cause,
  side: 'path',
  alsoSide: anySide,
  transfers: once,
})

export const transferFamilies: readonly Family[] = [
  {
    name: 'transfer-stalled',
    title: 'A box drops the data connection from the tenth kilobyte on',
    topologies: NETWORKS,
    servers: servers({ files: FILES }),
    clients: [...downloads, ...uploads],
    faults: [after('drop')],
    runs: 8,
    // Where no acknowledgment ever comes back, full-size segments may be what is lost.
    expect: () => everywhere({ ...failed('transfer-stalled'), also: ['path-mtu-blackhole'] }),
  },
  {
    name: 'transfer-reset',
    title: 'A box resets the data connection from the tenth kilobyte on',
    topologies: NETWORKS,
    servers: servers({ files: FILES }),
    clients: [...downloads, ...uploads],
    faults: [after('reject with tcp reset')],
    runs: 8,
    expect: () => everywhere(failed('transfer-reset')),
  },
  {
    name: 'path-mtu-blackhole',
    title: 'Full-size segments of a download vanish, and no ICMP says why',
    topologies: [
      { client: 'nat', server: 'public', mtu: 1400 },
      { client: 'public', server: 'public', mtu: 1300 },
      { client: 'public', server: 'public', mtu: 1480 },
    ],
    servers: servers({ files: FILES }),
    clients: downloads,
    faults: [[{ at: 'rs', output: ['icmp type destination-unreachable drop'] }]],
    runs: 6,
    // Beyond the line only what is missing is seen.
    expect: () => {
      const beyond: Expectation = { ...failed('path-mtu-blackhole'), also: ['transfer-stalled'] }
      return { client: beyond, middle: beyond, server: failed('path-mtu-blackhole') }
    },
  },
  {
    name: 'path-mtu-blackhole-upload',
    title: 'Full-size segments of an upload vanish, and no ICMP says why',
    topologies: NETWORKS,
    servers: servers({}),
    clients: uploads,
    faults: [
      [
        { at: 'i', commands: ['ip link set eth1 mtu 1400'] },
        { at: 'i', output: ['icmp type destination-unreachable drop'] },
      ],
    ],
    runs: 5,
    variations: SAME_PORTS.filter(({ topology }) => topology?.middle === undefined),
    expect: () => {
      const beyond: Expectation = { ...failed('path-mtu-blackhole'), also: ['transfer-stalled'] }
      return { client: failed('path-mtu-blackhole'), middle: failed('path-mtu-blackhole'), server: beyond }
    },
  },
  {
    name: 'storage-full',
    title: 'An upload fills the disk of the server',
    topologies: NETWORKS,
    servers: [
      { software: 'pyftpdlib', homeSize: 64 },
      { software: 'proftpd', homeSize: 64 },
      { software: 'vsftpd', homeSize: 64 },
    ],
    clients: [
      ...each(uploads, { actions: [{ put: 'new.bin', size: 90_000 }] }),
      ...each(
        ACTIVE.filter(({ software }) => software === 'tnftp'),
        { actions: [{ put: 'new.bin', size: 90_000 }] },
      ),
    ],
    runs: 4,
    expect: () =>
      everywhere({
        outcome: 'failed',
        cause: 'storage-full',
        also: ['transfer-reset', 'transfer-aborted', 'transfer-incomplete', 'transfer-stalled', 'transfer-unconfirmed'],
        side: 'server',
        alsoSide: ['unknown'],
        transfers: once,
      }),
  },
]
