import { everywhere, UNSEEN, type Expectation, type Fault } from '../../scenario.js'
import type { Family } from '../family.js'
import { ACTIVE, each, EXTENDED, PASSIVE, REAL_SERVERS, servers } from '../software.js'
import { SAME_PORTS, VARIATIONS } from '../variations.js'

const NETWORKS = [
  { client: 'nat', server: 'public' },
  { client: 'public', server: 'public' },
  { client: 'private', server: 'private' },
] as const
const clients = [...PASSIVE, ...EXTENDED]

/** The SYN is judged before it reaches the server's own interface, so nothing is seen there. */
const before = ({ faults }: { readonly faults: readonly Fault[] }): boolean => faults.some(({ at }) => at !== 's1')

const none = { attempted: 0, completed: 0 }
const refused: Expectation = {
  outcome: 'failed',
  cause: 'control-refused',
  side: 'server',
  alsoSide: ['server-network', 'path', 'unknown'],
  transfers: none,
}
const unanswered: Expectation = {
  ...refused,
  cause: 'control-unanswered',
}
const unreachable: Expectation = { ...refused, cause: 'control-unreachable' }
const handshake: Expectation = {
  ...refused,
  cause: 'control-handshake-incomplete',
  side: 'path',
  alsoSide: ['client-network', 'server-network', 'server', 'unknown'],
}
const rejected: Expectation = {
  ...refused,
  cause: 'login-rejected',
  side: 'client',
  alsoSide: ['server', 'unknown'],
}
const tls: Expectation = {
  outcome: 'failed',
  cause: 'tls-required',
  also: ['login-rejected'],
  side: 'client',
  alsoSide: ['server', 'unknown'],
}
const reset: Expectation = {
  outcome: 'failed',
  cause: 'control-reset',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
}
const idle: Expectation = {
  outcome: 'degraded',
  alsoOutcome: ['failed', 'ok'],
  cause: 'idle-timeout',
  side: 'server',
  alsoSide: ['client'],
}

const hex = (text: string): string => `0x${Buffer.from(text, 'latin1').toString('hex')}`
/** A box that answers a command with a forged RST to the client. */
const resets = (command: string): readonly Fault[] => [
  { at: 'rs', forward: [`tcp dport 21 @ih,0,${command.length * 8} ${hex(command)} reject with tcp reset`] },
]

export const controlFamilies: readonly Family[] = [
  {
    name: 'control-refused',
    title: 'RST to the SYN',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 's1', input: ['tcp dport 21 reject with tcp reset'] }],
      [{ at: 'rs', forward: ['tcp dport 21 reject with tcp reset'] }],
      [{ at: 'i', forward: ['tcp dport 21 reject with tcp reset'] }],
    ],
    runs: 6,
    expect: (combination) => ({ ...everywhere(refused), server: before(combination) ? UNSEEN : refused }),
  },
  {
    name: 'control-unanswered',
    title: 'No answer to the SYN',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 'i', forward: ['tcp dport 21 drop'] }],
      [{ at: 's1', input: ['tcp dport 21 drop'] }],
      [{ at: 's1', commands: ['ip link set eth0 down'] }],
    ],
    runs: 6,
    expect: (combination) => ({
      ...everywhere(unanswered),
      // A router that finds nobody at the address says so in the end.
      ...(combination.faults.some(({ commands }) => commands)
        ? {
            client: { ...unanswered, also: ['control-unreachable'] },
            middle: { ...unanswered, also: ['control-unreachable'] },
            server: UNSEEN,
          }
        : { server: before(combination) ? UNSEEN : unanswered }),
    }),
  },
  {
    name: 'control-unreachable',
    title: 'ICMP to the SYN',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 'rs', forward: ['tcp dport 21 reject with icmp type host-unreachable'] }],
      [{ at: 's1', input: ['tcp dport 21 reject with icmp type admin-prohibited'] }],
      [{ at: 'i', forward: ['tcp dport 21 reject with icmp type net-prohibited'] }],
      [{ at: 'rs', forward: ['tcp dport 21 reject with icmp type port-unreachable'] }],
      [{ at: 's1', input: ['tcp dport 21 reject with icmp type host-prohibited'] }],
      [{ at: 'i', commands: ['ip route replace prohibit 203.0.113.128/25', 'ip route replace prohibit 10.0.0.0/24'] }],
      [{ at: 'rc', forward: ['tcp dport 21 reject with icmp type net-unreachable'] }],
    ],
    runs: 8,
    expect: ({ faults }) => {
      const side: Expectation = { ...unreachable, alsoSide: ['server-network', 'path', 'client-network', 'unknown'] }
      const at = faults[0]?.at
      return {
        client: side,
        middle: at === 'rc' ? UNSEEN : side,
        server: at === 's1' ? side : UNSEEN,
      }
    },
  },
  {
    name: 'control-handshake-incomplete',
    title: 'The handshake is never completed',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients,
    faults: [
      [{ at: 'rs', forward: ['tcp dport 21 tcp flags & syn != syn drop'] }],
      [{ at: 's1', output: ['tcp sport 21 tcp flags & syn == syn drop'] }],
    ],
    runs: 4,
    expect: ({ faults }) =>
      faults[0]?.at === 's1'
        ? everywhere(unanswered)
        : {
            client: { ...handshake, also: ['greeting-missing'] },
            middle: { ...handshake, also: ['greeting-missing'] },
            server: handshake,
          },
  },
  {
    name: 'login-rejected',
    title: 'Wrong password',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients: each(clients, { password: 'mistyped' }),
    runs: 8,
    // inetutils and tnftp go on asking for transfers after the refusal.
    expect: ({ client }) =>
      everywhere(
        client.software === 'inetutils-ftp' || client.software === 'tnftp'
          ? { outcome: 'failed', cause: 'login-rejected', side: 'client', alsoSide: ['server', 'unknown'] }
          : rejected,
      ),
  },
  {
    name: 'tls-required',
    title: 'The server wants TLS, the client does not offer it',
    topologies: NETWORKS,
    servers: servers({ tls: 'explicit', tlsRequired: true }),
    clients,
    runs: 7,
    expect: () => everywhere(tls),
  },
  {
    name: 'control-reset',
    title: 'An inspecting box answers a command with a forged RST',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients: [...each(PASSIVE, { actions: [{ get: 'report.bin' }] })],
    faults: ['PASS', 'TYPE', 'PASV', 'RETR'].map(resets),
    runs: 8,
    variations: SAME_PORTS,
    expect: () => ({
      ...everywhere(reset),
      server: { outcome: 'undetermined', cause: null, visible: false },
    }),
  },
  {
    name: 'idle-timeout',
    title: 'The server ends a session that was silent for its timer',
    topologies: NETWORKS,
    servers: [
      { software: 'pyftpdlib', settings: { timeout: '4' } },
      { software: 'proftpd', settings: { TimeoutIdle: '4' } },
      { software: 'vsftpd', settings: { idle_session_timeout: '4' } },
    ],
    clients: [
      { software: 'lftp', mode: 'passive', actions: [{ get: 'readme.txt' }, { sleep: 6 }, { get: 'report.bin' }] },
      { software: 'ftplib', mode: 'passive', actions: [{ list: '/' }, { sleep: 6 }, { list: '/' }] },
      { software: 'tnftp', mode: 'passive', actions: [{ list: '' }, { sleep: 6 }, { list: '' }] },
      { software: 'basic-ftp', actions: [{ list: '/' }, { sleep: 6 }, { list: '/' }] },
    ],
    runs: 6,
    expect: () => everywhere(idle),
  },
  {
    name: 'announcement-swallowed',
    title: 'A box swallows the announcement',
    topologies: NETWORKS,
    servers: REAL_SERVERS,
    clients: each(PASSIVE, { actions: [{ get: 'report.bin' }] }),
    faults: [[{ at: 'rs', forward: [`tcp sport 21 @ih,0,32 ${hex('227 ')} drop`] }]],
    runs: 5,
    variations: VARIATIONS.filter(({ passiveRange }) => passiveRange === undefined),
    expect: () => {
      const swallowed: Expectation = {
        outcome: 'failed',
        cause: 'announcement-swallowed',
        also: ['command-unanswered'],
        side: 'path',
        alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
      }
      return { ...everywhere(swallowed), server: { ...swallowed, also: [] } }
    },
  },
  {
    name: 'announcement-swallowed-port',
    title: "A box on the client's side swallows PORT",
    topologies: [
      { client: 'public', server: 'public' },
      { client: 'private', server: 'private' },
    ],
    servers: REAL_SERVERS,
    clients: ACTIVE.filter(({ mode }) => mode === 'active'),
    faults: [[{ at: 'rc', forward: [`tcp dport 21 @ih,0,32 ${hex('PORT')} drop`] }]],
    runs: 4,
    variations: SAME_PORTS,
    expect: () => {
      const unseen: Expectation = {
        outcome: 'undetermined',
        alsoOutcome: ['ok', 'failed'],
        cause: null,
        visible: false,
      }
      return {
        client: {
          outcome: 'failed',
          cause: 'announcement-swallowed',
          also: ['command-unanswered'],
          side: 'path',
          alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
        },
        middle: unseen,
        server: unseen,
      }
    },
  },
]
