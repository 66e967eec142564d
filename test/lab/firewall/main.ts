/**
 * The rules that `ftpscope firewall` prints, loaded where everything is dropped: real servers and clients must fail
 * without them and work with them. `npm run lab:firewall -- [NAME…] [--jobs N]`; root and Debian 12, like the lab.
 */
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { analyze } from '../../../src/index.js'
import { firewallRules } from '../../../src/report/firewall/firewall-rules.js'
import { install } from '../install.js'
import { pool } from '../pool.js'
import { runScenario } from '../run-scenario.js'
import { type Fault, healthy, type Scenario } from '../scenario.js'
import { CASES, type FirewallCase } from './cases.js'

type Dialect = 'nftables' | 'iptables'

/** Everything is dropped but what IP itself needs: errors, neighbour discovery, and what a host says to itself. */
const DROP: Record<Dialect, readonly string[]> = {
  nftables: [
    `nft '${['input', 'forward', 'output']
      .map(
        (hook) =>
          `table inet filter { chain ${hook} { type filter hook ${hook} priority filter; policy drop; meta l4proto { icmp, ipv6-icmp } accept; }; };`,
      )
      .join(' ')}'`,
  ],
  iptables: ['iptables', 'ip6tables'].flatMap((command) =>
    ['INPUT', 'FORWARD', 'OUTPUT'].flatMap((chain) => [
      `${command} -P ${chain} DROP`,
      `${command} -A ${chain} -p ${command === 'iptables' ? 'icmp' : 'ipv6-icmp'} -j ACCEPT`,
    ]),
  ),
}

const LOAD: Record<Dialect, (file: string) => readonly string[]> = {
  nftables: (file) => [`nft -c -f ${file}`, `nft -f ${file}`, `nft -f ${file}`],
  iptables: (file) =>
    ['iptables', 'ip6tables'].flatMap((command) => [
      `${command}-restore --noflush --test ${file}`,
      `${command}-restore --noflush ${file}`,
    ]),
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { jobs: { type: 'string', default: '3' } },
  })
  if (process.getuid?.() !== 0) throw new Error('This needs root: it makes network namespaces and loads firewall rules')
  await install((line) => {
    console.error(line)
  })
  const cases = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-firewall-'))
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      abort.abort(new Error(`Stopped by ${signal}`))
    })
  }
  try {
    const errors = await pool(cases, Number(values.jobs), async (one) => {
      try {
        await prove(one, folder, abort.signal)
        console.log(`right  ${one.name}`)
      } catch (error) {
        console.log(`WRONG  ${one.name}: ${error instanceof Error ? error.message : String(error)}`)
        throw error
      }
    })
    return errors.some(Boolean) ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prove(one: FirewallCase, folder: string, abort: AbortSignal): Promise<void> {
  const seen = await succeeds(one, [], join(folder, one.name, 'seen'), abort)
  if (seen === (one.brokenBefore ?? false)) throw new Error(`with an open firewall it ${seen ? 'works' : 'fails'}`)
  const capture = join(folder, one.name, 'seen', `${one.vantage}.pcap`)
  const { sessions } = await analyze(createReadStream(capture), { path: capture })
  for (const dialect of ['nftables', 'iptables'] as const) {
    const rules = firewallRules(sessions, { dialect, ...one.options })
    if (rules === null) throw new Error('the capture shows no session')
    const file = join(folder, `${one.name}.${dialect}`)
    writeFileSync(file, rules)
    const closed = await succeeds(one, DROP[dialect], join(folder, one.name, `${dialect}-closed`), abort)
    if (closed) throw new Error(`it works although everything is dropped (${dialect})`)
    const commands = [...DROP[dialect], ...LOAD[dialect](file)]
    const output = join(folder, one.name, dialect)
    if (!(await succeeds(one, commands, output, abort))) {
      throw new Error(
        `with these rules it fails (${dialect}):\n${rules}\n${readFileSync(join(output, 'client.log'), 'utf8')}`,
      )
    }
  }
}

/** One run of server and client; true when the client got what it wanted. */
async function succeeds(
  one: FirewallCase,
  commands: readonly string[],
  output: string,
  abort: AbortSignal,
): Promise<boolean> {
  const { name, topology, server, client, at } = one
  const fault: Fault = { at, commands: [...(one.commands ?? []), ...commands] }
  const scenario: Scenario = { name, title: name, topology, server, client, fault, expect: healthy(1) }
  await runScenario(scenario, output, false, abort)
  const truth = JSON.parse(readFileSync(join(output, 'truth.json'), 'utf8')) as { client: { exits: number[] } }
  return truth.client.exits.every((status) => status === 0)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
