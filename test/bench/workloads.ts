import { type ByteSink, CaptureWriter } from './capture-writer.js'
import { type Fate, type FtpPlan, ftpSession, otherConnection, truthOf } from './ftp-script.js'
import { ftpsSession, type KeyLog } from './ftps-script.js'
import { type Host, Network } from './network.js'
import { Schedule, type Script } from './schedule.js'
import { MICROSECOND, MILLISECOND, SECOND, TcpScript } from './tcp-script.js'
import type { SessionTruth, Truth } from './truth.js'

export const WORKLOADS = [
  'bulk',
  'many',
  'spread',
  'packed',
  'noise',
  'hard',
  'huge',
  'crowd',
  'ftps',
  'ftps-clear',
] as const
export type Workload = (typeof WORKLOADS)[number]

const FAILURES: readonly Fate[] = ['passive-unanswered', 'active-unanswered', 'passive-refused', 'control-refused']
const MEGABYTE = 1 << 20

/** Makes a workload's capture, `scale` times as large as usual, and says what is in it. */
export function generate(workload: Workload, scale: number, sink: ByteSink): Truth {
  const writer = new CaptureWriter(workload === 'hard' ? 'pcapng' : 'pcap', sink)
  const network = new Network(writer)
  const schedule = new Schedule(network)
  const sessions: SessionTruth[] = []
  const keys: KeyLog = { lines: '' }
  schedule.start(SCRIPTS[workload](network, schedule, scale, sessions, keys))
  schedule.run()
  writer.flush()
  return {
    packets: writer.frames,
    bytes: writer.written,
    connections: network.connections,
    sessions,
    keyLog: keys.lines,
  }
}

type Director = (network: Network, schedule: Schedule, scale: number, sessions: SessionTruth[], keys: KeyLog) => Script

const SCRIPTS: Record<Workload, Director> = {
  /** 8 sessions of 64 MB each. */
  bulk: (network, schedule, scale, sessions) =>
    transfers(network, schedule, sessions, 8, Math.round(64 * MEGABYTE * scale)),
  /** As bulk, 20 GB in all. */
  huge: (network, schedule, scale, sessions) => transfers(network, schedule, sessions, 8, Math.round(2500e6 * scale)),
  /** 50,000 sessions of one small transfer each. */
  many: (network, schedule, scale, sessions) => smallTransfers(network, schedule, sessions, 50_000 * scale),
  /** The same by users, who take a second for each command: about 20 at the same time, for hours. */
  spread: (network, schedule, scale, sessions) =>
    smallTransfers(network, schedule, sessions, 50_000 * scale, { each: 300 * MILLISECOND, pause: SECOND }),
  /** The same within five seconds. */
  packed: (network, schedule, scale, sessions) =>
    smallTransfers(network, schedule, sessions, 50_000 * scale, { each: 100 * MICROSECOND, pause: 0 }),
  /** 500 sessions, each tenth failing, among 200,000 connections of other applications. */
  *noise(network, schedule, scale, sessions) {
    let failing = 0
    for (let n = 0; n < 200_000 * scale; n++) {
      schedule.start(otherConnection(network, ...otherEnds(n), 1 + (n % 6)))
      if (n % 400 === 0) {
        const session = n / 400
        const plan = { ...plainPlan(session), mode: session % 2 ? 'active' : 'passive', bytes: 20_000 } as const
        if (session % 10 !== 7) start(network, schedule, sessions, plan)
        else {
          const fate = FAILURES[failing++ % FAILURES.length]!
          start(network, schedule, sessions, {
            ...plan,
            fate,
            mode: fate === 'active-unanswered' ? 'active' : 'passive',
          })
        }
      }
      yield 500 * MICROSECOND
    }
  },
  /** 400 sessions with segments out of order, repeated and fragmented, in VLANs, over IPv4 and IPv6. */
  *hard(network, schedule, scale, sessions) {
    for (let n = 0; n < 400 * scale; n++) {
      start(network, schedule, sessions, {
        ...plainPlan(n),
        ...(n % 3 === 2 && { client: host6(1, n), server: host6(2, n % 10) }),
        mode: n % 2 ? 'active' : 'passive',
        bytes: 2 * MEGABYTE,
        pace: 100 * MICROSECOND,
        vlan: n % 2 ? 100 + (n % 50) : 0,
        trouble: { swapEach: 40, repeatEach: 500, fragmentEach: 25 },
      })
      yield 50 * MILLISECOND
    }
  },
  /** A million connections of other applications that stay open, and one session behind them. */
  *crowd(network, schedule, scale, sessions) {
    for (let n = 0; n < 1_000_000 * scale; n++) {
      schedule.start(new TcpScript(network, ...otherEnds(n), 443).open())
      yield 10 * MICROSECOND
    }
    start(network, schedule, sessions, { ...plainPlan(0), bytes: 20_000 })
  },
  /** 1,000 sessions of one download under TLS, and the same in clear text. */
  ftps: secured,
  'ftps-clear': (network, schedule, scale, sessions) => secured(network, schedule, scale, sessions, null),
}

function* secured(
  network: Network,
  schedule: Schedule,
  scale: number,
  sessions: SessionTruth[],
  keys: KeyLog | null,
): Script {
  for (let n = 0; n < 1000 * scale; n++) {
    const plan: FtpPlan = { ...plainPlan(n), bytes: 20_000 }
    sessions.push(truthOf(plan))
    schedule.start(ftpsSession(network, plan, n, keys))
    yield 10 * MILLISECOND
  }
}

/** Sessions that begin each so often, whose clients pause before each command. */
function* smallTransfers(
  network: Network,
  schedule: Schedule,
  sessions: SessionTruth[],
  count: number,
  { each, pause } = { each: 10 * MILLISECOND, pause: 0 },
): Script {
  for (let n = 0; n < count; n++) {
    const plan: FtpPlan = { ...plainPlan(n), mode: n % 2 ? 'active' : 'passive', bytes: 100 + (n % 3000), pause }
    start(network, schedule, sessions, plan)
    yield each
  }
}

function* transfers(
  network: Network,
  schedule: Schedule,
  sessions: SessionTruth[],
  count: number,
  bytes: number,
): Script {
  for (let n = 0; n < count; n++) {
    start(network, schedule, sessions, {
      ...plainPlan(n),
      mode: n % 2 ? 'active' : 'passive',
      bytes,
      pace: 60 * MICROSECOND,
    })
    yield MILLISECOND
  }
}

function start(network: Network, schedule: Schedule, sessions: SessionTruth[], plan: FtpPlan): void {
  sessions.push(truthOf(plan))
  schedule.start(ftpSession(network, schedule, plan))
}

function plainPlan(n: number): FtpPlan {
  return {
    client: { address: Uint8Array.of(198, 51, 100 + ((n >> 8) & 3), n & 0xff) },
    // Two ports each, since the data connection takes the next one.
    clientPort: 10_000 + (n >> 10) * 2 + (n & 1 ? 20_000 : 0),
    server: { address: Uint8Array.of(203, 0, 113, 20 + (n % 10)) },
    mode: 'passive',
    fate: 'ok',
    bytes: 0,
    pace: 100 * MICROSECOND,
    pause: 0,
    vlan: 0,
    trouble: null,
  }
}

function host6(net: number, n: number): Host {
  const address = new Uint8Array(16).fill(1)
  address.set([0x20, 0x01, 0x0d, 0xb8, net, 1])
  address[14] = 1 + (n >> 8)
  address[15] = n
  return { address }
}

function otherEnds(n: number): [client: Host, clientPort: number, server: Host] {
  const client = { address: Uint8Array.of(172, 16 + ((n >> 14) & 15), (n >> 6) & 0xff, 1 + (n & 63)) }
  const server = { address: Uint8Array.of(192, 0, 2, n % 251) }
  return [client, 20_000 + (n % 39_989), server]
}
