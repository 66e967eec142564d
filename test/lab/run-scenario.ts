import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { addAccounts, removeAccounts } from './accounts.js'
import { addressesOf } from './addresses.js'
import { capture, firstSegment, stopCaptures } from './capture.js'
import { DEFAULT_PASSWORD, DEFAULT_USER } from './clients/client.js'
import { CLIENTS } from './clients/index.js'
import { fillHome, fillUploads } from './home.js'
import { DEFAULT_PASSIVE_RANGE } from './nat.js'
import { Network } from './network.js'
import type { Fault, Host, Scenario, ServerSpec } from './scenario.js'
import { SERVERS } from './servers/index.js'
import { exitOf, run, sleep, start, stop } from './shell.js'
import { gatherKeys, keyLogIn, withKeyLog } from './tls/key-log.js'
import { truthOf } from './truth.js'

/** How long a program may take on a busy machine before it dials. */
const SLOW_START_MS = 15_000

/** Runs one scenario and leaves captures, logs and truth.json in `output`. */
export async function runScenario(
  scenario: Scenario,
  output: string,
  keep: boolean,
  abort: AbortSignal,
): Promise<void> {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const scratch = mkdtempSync(join(tmpdir(), 'ftpscope-lab-'))
  chmodSync(scratch, 0o755)
  const network = new Network(scenario)
  const one = new Run(scenario, network, output, scratch)
  try {
    await one.perform(abort)
  } finally {
    await one.cleanUp()
    if (!keep) rmSync(scratch, { recursive: true, force: true })
  }
}

class Run {
  readonly #scenario: Scenario
  readonly #network: Network
  readonly #output: string
  readonly #scratch: string
  readonly #children: ChildProcess[] = []
  readonly #mounts: string[] = []

  constructor(scenario: Scenario, network: Network, output: string, scratch: string) {
    this.#scenario = scenario
    this.#network = network
    this.#output = output
    this.#scratch = scratch
  }

  async perform(abort: AbortSignal): Promise<void> {
    const { topology, server, fault = [], linger = 0.3 } = this.#scenario
    await this.#network.setUp()
    await addAccounts(this.#network.namespace('c'), this.#scratch)
    const hosts: Host[] = topology.servers === 2 ? ['s1', 's2'] : ['s1']
    if (server.software !== 'none') for (const host of hosts) await this.#startServer(host)
    const faults: readonly Fault[] = Array.isArray(fault) ? (fault as readonly Fault[]) : [fault as Fault]
    for (const one of faults) if (one.afterMs === undefined) await this.#network.inject(one)
    const files = await this.#startCaptures(hosts)
    abort.throwIfAborted()
    const later = faults.filter((one) => one.afterMs !== undefined)
    const injections = later.map(async (one) => {
      await firstSegment(join(this.#output, 'client.pcap'), SLOW_START_MS)
      await sleep(one.afterMs ?? 0)
      await this.#network.inject(one)
    })
    const copies = Array.from({ length: this.#scenario.client.parallel ?? 1 }, (_, copy) =>
      this.#runClient(copy, abort),
    )
    const exits = await Promise.all(copies)
    await Promise.all(injections)
    await sleep(linger * 1000)
    await stopCaptures(files.children, files.paths)
    const truth = await truthOf(this.#scenario, exits, Object.keys(files.names))
    writeFileSync(join(this.#output, 'truth.json'), JSON.stringify(truth, null, 2) + '\n')
  }

  async cleanUp(): Promise<void> {
    await Promise.all(this.#children.map((child) => stop(child, 'SIGTERM', 500)))
    await this.#network.tearDown()
    for (const namespace of this.#network.namespaces) removeAccounts(namespace)
    for (const mount of this.#mounts) await run(['umount', '-l', mount], { mayFail: true })
    this.#collectLogs()
    gatherKeys(this.#scratch, this.#output)
  }

  async #startServer(host: Host): Promise<void> {
    const { server: spec, topology } = this.#scenario
    if (spec.software === 'none') return
    const folder = join(this.#scratch, host)
    const home = join(folder, 'home')
    mkdirSync(home, { recursive: true })
    if (spec.homeSize !== undefined) {
      await run(['mount', '-t', 'tmpfs', '-o', `size=${spec.homeSize}k`, 'tmpfs', home])
      this.#mounts.push(home)
    }
    fillHome(home, spec.files)
    if (spec.homeMode !== undefined) chmodSync(home, spec.homeMode)
    await addAccounts(this.#network.namespace(host), home, spec)
    const { server, serverLan } = addressesOf(topology)
    const port = spec.port ?? (spec.tls === 'implicit' ? 990 : 21)
    const launch = await SERVERS[spec.software]({
      ...{ spec, port, folder, home },
      address: host === 's2' ? (serverLan.hosts[1] ?? '') : topology.family === 6 ? '::' : server,
      passiveRange: spec.passiveRange ?? DEFAULT_PASSIVE_RANGE,
      family: topology.family ?? 4,
    })
    const log = join(this.#output, host === 's1' ? 'server.log' : 'server2.log')
    const command = usesTls(spec) ? withKeyLog(launch.command, folder) : launch.command
    const child = start(this.#network.in(host, command), log, { cwd: folder, env: launch.env ?? {} })
    this.#children.push(child)
    await this.#listening(host, port, child)
  }

  async #listening(host: Host, port: number, child: ChildProcess): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const { stdout } = await this.#network.run(host, ['ss', '-Hltn', `sport = :${port}`])
      if (stdout !== '') return
      if (child.exitCode !== null) break
      await sleep(40)
    }
    throw new Error(`The server of ${this.#scenario.name} does not listen; see its log`)
  }

  async #startCaptures(hosts: readonly Host[]) {
    const { topology } = this.#scenario
    const names: Record<string, readonly [Host, string]> = { client: ['c', 'eth0'], server: ['s1', 'eth0'] }
    if (topology.client !== 'lan') names['middle'] = ['i', topology.middle === 'towards-server' ? 'eth1' : 'eth0']
    if (topology.captured) names['router'] = [topology.captured, 'any']
    if (hosts.includes('s2')) names['server2'] = ['s2', 'eth0']
    const entries = Object.entries(names)
    const paths = entries.map(([name]) => join(this.#output, `${name}.pcap`))
    const children = await Promise.all(
      entries.map(([, [host, device]], index) => capture(this.#network.in(host, []), device, paths[index] ?? '')),
    )
    this.#children.push(...children)
    return { children, paths, names }
  }

  async #runClient(copy: number, abort: AbortSignal): Promise<number> {
    const { client: spec, topology, server } = this.#scenario
    const folder = join(this.#scratch, `client${copy}`)
    mkdirSync(folder)
    fillUploads(folder, this.#scenario)
    const timeout = spec.timeout ?? 12
    const launch = CLIENTS[spec.software]({
      ...{ spec, folder, timeout, actions: spec.actions ?? [] },
      user: spec.user ?? DEFAULT_USER,
      password: spec.password ?? DEFAULT_PASSWORD,
      host: addressesOf(topology).dial,
      port: server.port ?? (server.tls === 'implicit' ? 990 : 21),
    })
    const env = { HOME: folder, SSLKEYLOGFILE: keyLogIn(folder), LC_ALL: 'C', ...launch.env }
    const log = join(this.#output, copy === 0 ? 'client.log' : `client${copy}.log`)
    const child = start(this.#network.in('c', launch.command), log, {
      cwd: folder,
      env,
      ...(launch.input === undefined ? {} : { input: launch.input }),
    })
    this.#children.push(child)
    const onAbort = () => child.kill('SIGKILL')
    abort.addEventListener('abort', onAbort)
    const ended = exitOf(child)
    await Promise.race([ended, firstSegment(join(this.#output, 'client.pcap'), SLOW_START_MS)])
    const timer = setTimeout(() => child.kill('SIGTERM'), timeout * 1000)
    const hardTimer = setTimeout(() => child.kill('SIGKILL'), timeout * 1000 + 1000)
    const code = await ended
    clearTimeout(timer)
    clearTimeout(hardTimer)
    abort.removeEventListener('abort', onAbort)
    abort.throwIfAborted()
    return code
  }

  #collectLogs(): void {
    for (const folder of readdirSync(this.#scratch)) {
      for (const name of readdirSync(join(this.#scratch, folder))) {
        const wanted = /\.(log|conf)$|^pyftpdlib\.json$|^script\.json$/.test(name)
        const to = join(this.#output, `${folder}-${name}`)
        if (wanted && !existsSync(to)) copyFileSync(join(this.#scratch, folder, name), to)
      }
    }
  }
}

const usesTls = ({ software, tls = 'none' }: ServerSpec): boolean => software === 'strict-tls' || tls !== 'none'
