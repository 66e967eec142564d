import { addressesOf } from './addresses.js'
import { rulesOf } from './nat.js'
import type { Fault, Host, Scenario, Topology } from './scenario.js'
import { run, exitOf, sleep, stop, type RunOptions, type Result } from './shell.js'
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const HOSTS: readonly Host[] = ['c', 'rc', 'i', 'rs', 's1', 's2']
const WIRE = fileURLToPath(new URL('wire.py', import.meta.url))
const OFFLOADS = ['rx', 'tx', 'sg', 'tso', 'gso', 'gro'].flatMap((feature) => [feature, 'off'])

let count = 0

/** The namespaces of one scenario, their lines and addresses. */
export class Network {
  readonly #id = `ftl${process.pid}x${count++}`
  readonly #scenario: Scenario
  #wire: ChildProcess | undefined

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  namespace(host: Host | 'w'): string {
    return `${this.#id}-${host}`
  }

  get namespaces(): readonly string[] {
    return [...HOSTS, 'w' as const].map((host) => this.namespace(host))
  }

  in(host: Host | 'w', command: readonly string[]): readonly string[] {
    return ['ip', 'netns', 'exec', this.namespace(host), ...command]
  }

  run(host: Host | 'w', command: readonly string[], options?: RunOptions): Promise<Result> {
    return run(this.in(host, command), options)
  }

  async setUp(): Promise<void> {
    const { topology } = this.#scenario
    await run(['ip', '-batch', '-'], { input: linkCommands(topology, (host) => this.namespace(host)).join('\n') })
    await Promise.all(HOSTS.map((host) => this.#configure(host, topology)))
    await this.run('w', ['sh', '-c', wireInterfaces()])
    await this.#startWire(topology)
    await Promise.all(HOSTS.map((host) => this.#load(host, rulesOf(this.#scenario, host))))
  }

  async inject(fault: Fault): Promise<void> {
    const table = fault.input ?? fault.output ?? fault.forward ?? fault.dnat ?? fault.snat
    if (table) await this.#load(fault.at, faultRules(fault))
    for (const command of fault.commands ?? []) await this.run(fault.at, ['sh', '-c', command])
  }

  /** Ends everything that runs inside and removes the namespaces. Never throws. */
  async tearDown(): Promise<void> {
    if (this.#wire) await stop(this.#wire, 'SIGKILL')
    for (const namespace of this.namespaces) {
      const pids = await run(['ip', 'netns', 'pids', namespace], { mayFail: true })
      for (const pid of pids.stdout.split('\n').filter(Boolean)) end(Number(pid))
    }
    await Promise.all(this.namespaces.map((namespace) => run(['ip', 'netns', 'del', namespace], { mayFail: true })))
  }

  async #configure(host: Host, topology: Topology): Promise<void> {
    const quiet = INTERFACES[host]
      .filter((name) => name !== 'br0')
      .map((name) => [`net.ipv6.conf.${name}.accept_dad`, '0'])
    const sysctls = { ...SYSCTLS, ...Object.fromEntries(quiet), ...topology.sysctl?.[host] } as Record<string, string>
    const router = host === 'rc' || host === 'i' || host === 'rs'
    if (router) Object.assign(sysctls, { 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1' })
    await this.run(host, ['sysctl', '-q', '-e', ...Object.entries(sysctls).map(([key, value]) => `${key}=${value}`)])
    const commands = addressCommands(host, topology).join('\n')
    await run(['ip', '-n', this.namespace(host), '-batch', '-'], { input: commands })
    const interfaces = INTERFACES[host].map((name) => ['ethtool', '-K', name, ...OFFLOADS].join(' '))
    await this.run(host, ['sh', '-c', `(${interfaces.join('; ')}) >/dev/null 2>&1; true`])
  }

  async #load(host: Host, ruleset: string): Promise<void> {
    if (ruleset !== '') await this.run(host, ['nft', '-f', '-'], { input: ruleset })
  }

  async #startWire({ delay = {}, loss = {} }: Topology): Promise<void> {
    const line = (a: string, b: string, ms: number, percent: number) => [
      a,
      b,
      `${ms}`,
      `${percent}`,
      `${loss.seed ?? 1}`,
    ]
    const lines = [
      ...line('a0', 'a1', delay.client ?? 3, loss.client ?? 0),
      ...line('b0', 'b1', delay.server ?? 6, loss.server ?? 0),
    ]
    const [program = '', ...args] = this.in('w', ['/usr/bin/python3', WIRE, ...lines])
    const wire = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#wire = wire
    const ready = new Promise<void>((resolve, reject) => {
      wire.stdout.once('data', () => {
        resolve()
      })
      void exitOf(wire).then(() => {
        reject(new Error('The line between the routers could not be started'))
      })
    })
    await ready
    await sleep(10)
  }
}

/** Ends a process that may have ended by itself meanwhile. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

const SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv6.conf.all.accept_dad': '0',
  'net.ipv6.conf.default.accept_dad': '0',
  'net.ipv6.conf.default.router_solicitations': '0',
  'net.ipv4.tcp_syn_linear_timeouts': '0',
}

const INTERFACES: Record<Host, readonly string[]> = {
  c: ['eth0'],
  rc: ['eth0', 'eth1'],
  i: ['eth0', 'eth1'],
  rs: ['eth0', 'eth1', 'eth2', 'eth3', 'br0'],
  s1: ['eth0'],
  s2: ['eth0'],
}

function linkCommands(topology: Topology, ns: (host: Host | 'w') => string): string[] {
  const link = (host: Host | 'w', name: string, peer: Host | 'w', peerName: string) =>
    `link add ${name} netns ${ns(host)} type veth peer name ${peerName} netns ${ns(peer)}`
  return [
    ...[...HOSTS, 'w' as const].map((host) => `netns add ${ns(host)}`),
    topology.client === 'lan' ? link('c', 'eth0', 'rs', 'eth3') : link('c', 'eth0', 'rc', 'eth0'),
    link('rc', 'eth1', 'w', 'a0'),
    link('w', 'a1', 'i', 'eth0'),
    link('i', 'eth1', 'w', 'b0'),
    link('w', 'b1', 'rs', 'eth0'),
    link('rs', 'eth1', 's1', 'eth0'),
    link('rs', 'eth2', 's2', 'eth0'),
  ]
}

function wireInterfaces(): string {
  const up = ['a0', 'a1', 'b0', 'b1'].map((name) => `ip link set ${name} up; ethtool -K ${name} ${OFFLOADS.join(' ')}`)
  return `sysctl -q net.ipv6.conf.all.disable_ipv6=1; (${up.join('; ')}) >/dev/null 2>&1; true`
}

function addressCommands(host: Host, topology: Topology): string[] {
  const { client, clientLan, server, serverLan } = addressesOf(topology)
  const up = (name: string) => `link set ${name} up`
  const address = (value: string, name: string) => `addr add ${value} dev ${name}${value.includes(':') ? ' nodad' : ''}`
  const lan = topology.client === 'lan'
  const inside = (value: string, v6: string) => [
    up('lo'),
    up('eth0'),
    address(`${value}/${serverLan.prefix}`, 'eth0'),
    address(`2001:db8:2::${v6}/64`, 'eth0'),
    `route add default via ${serverLan.gateway}`,
    `route add ::/0 via 2001:db8:2::1`,
  ]
  switch (host) {
    case 'c':
      if (lan) return inside(client, '50')
      return [
        up('lo'),
        up('eth0'),
        address(`${client}/${clientLan.prefix}`, 'eth0'),
        address('2001:db8:1::10/64', 'eth0'),
        `route add default via ${clientLan.gateway}`,
        'route add ::/0 via 2001:db8:1::1',
      ]
    case 'rc':
      return [
        up('lo'),
        up('eth1'),
        ...(lan ? [] : [up('eth0'), address(`${clientLan.gateway}/${clientLan.prefix}`, 'eth0')]),
        ...(lan ? [] : [address('2001:db8:1::1/64', 'eth0')]),
        ...(topology.uplinks ?? ['198.51.100.2']).map((uplink) => address(`${uplink}/25`, 'eth1')),
        address('2001:db8:c::2/64', 'eth1'),
        'route add default via 198.51.100.1',
        'route add ::/0 via 2001:db8:c::1',
      ]
    case 'i':
      return [
        up('lo'),
        up('eth0'),
        up('eth1'),
        address('198.51.100.1/25', 'eth0'),
        address('203.0.113.1/25', 'eth1'),
        address('2001:db8:c::1/64', 'eth0'),
        address('2001:db8:5::1/64', 'eth1'),
        ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((network) => `route add blackhole ${network}`),
        ...(topology.client === 'nat' ? [] : [`route add ${clientLan.network}/${clientLan.prefix} via 198.51.100.2`]),
        ...(topology.server === 'nat' ? [] : [`route add ${serverLan.network}/${serverLan.prefix} via 203.0.113.20`]),
        'route add 2001:db8:1::/64 via 2001:db8:c::2',
        'route add 2001:db8:2::/64 via 2001:db8:5::2',
      ]
    case 'rs':
      return [
        up('lo'),
        'link add br0 type bridge',
        ...['eth1', 'eth2', ...(lan ? ['eth3'] : [])].flatMap((name) => [`link set ${name} master br0`, up(name)]),
        up('br0'),
        address(`${serverLan.gateway}/${serverLan.prefix}`, 'br0'),
        address('2001:db8:2::1/64', 'br0'),
        up('eth0'),
        ...(topology.mtu === undefined ? [] : [`link set eth0 mtu ${topology.mtu}`]),
        address('203.0.113.20/25', 'eth0'),
        address('2001:db8:5::2/64', 'eth0'),
        'route add default via 203.0.113.1',
        'route add ::/0 via 2001:db8:5::1',
      ]
    case 's1':
      return inside(server, '21')
    case 's2':
      return inside(serverLan.hosts[1] ?? '', '22')
  }
}

function faultRules({ at, forward, input, output, dnat, snat }: Fault): string {
  const chain = (name: string, type: string, rules: readonly string[] | undefined) =>
    rules ? `chain ${name} {\n type ${type} ;\n ${rules.join('\n ')}\n}\n` : ''
  const filters =
    chain('forward', 'filter hook forward priority -5', forward) +
    chain('input', 'filter hook input priority -5', input) +
    chain('output', 'filter hook output priority -5', output)
  const nats =
    chain('destination', 'nat hook prerouting priority -105', dnat) +
    chain('source', 'nat hook postrouting priority 95', snat)
  const name = `fault_${at}_${count++}`
  return (filters && `table inet ${name} {\n${filters}}\n`) + (nats && `table ip ${name}_nat {\n${nats}}\n`)
}
