import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { installedBrowser, measureInBrowser } from './browser.js'
import { writeElsewhere } from './elsewhere.js'
import { checkTime, measure, type Measurement, measurePipe, median, medianOf, versionOf } from './measure.js'
import { machine, report, type Results } from './report.js'
import { FTPSCOPE, ftpscopeWith, installedTools, ROOT, type Tool } from './tools.js'
import type { Analysis } from '../../src/report/contract.js'
import type { Truth } from './truth.js'
import { verify } from './verify.js'
import type { Workload } from './workloads.js'

/**
 * Measures ftpscope beside other tools and writes docs/BENCHMARKS.md: `npm run bench`, in about 35 minutes. Some parts,
 * to standard output: `npm run bench -- many noise`. For trying out: `--quick` (a twentieth of the size), `--runs 7`,
 * `--scale 0.2`, `--folder DIR` (captures are made there, about 8 GB, and taken away at the end unless `--keep` is
 * given), `-o FILE`. Other versions of Node are measured, too: `--node PATH`, or their paths in `FTPSCOPE_NODES` with
 * colons between them (`npm install --prefix /tmp/node24 node@24` gives `/tmp/node24/node_modules/node/bin/node`).
 */
const PARTS = [
  ...['bulk', 'many', 'spread', 'noise', 'hard'],
  ...['linear', 'memory', 'nodes', 'huge', 'crowd', 'joined', 'ftps', 'startup', 'browser'],
]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    scale: { type: 'string' },
    folder: { type: 'string' },
    output: { type: 'string', short: 'o' },
    node: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((part) => !PARTS.includes(part))
if (unknown.length > 0) {
  console.error(`No part of the benchmark: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`)
  process.exit(2)
}
const runs = Number(values.runs)
const scale = Number(values.scale ?? (values.quick ? 0.05 : 1))
const folder = values.folder ?? join(tmpdir(), `ftpscope-bench-${process.pid}`)
/** Only the whole benchmark may replace the document. */
const document = values.output ?? (scale === 1 && positionals.length === 0 ? `${ROOT}docs/BENCHMARKS.md` : null)
/** Share of the large workloads that slow tools are measured on. */
const SLOW_SHARE = { bulk: 1, many: 0.25, spread: 0.25, noise: 0.25, hard: 1 }
/** Runs of tools that take a minute and more. */
const SLOW_RUNS = Math.min(runs, 3)
const wanted = (part: string): boolean => positionals.length === 0 || positionals.includes(part)
const nodes = [process.execPath, ...(values.node ?? process.env['FTPSCOPE_NODES']?.split(':') ?? [])]

checkTime()
process.on('exit', () => {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
})
mkdirSync(folder, { recursive: true })
const results: Results = {
  machine: machine(),
  runs,
  scale,
  workloads: [],
  linear: [],
  memory: [],
  nodes: [],
  pipe: null,
  crowd: null,
  joined: null,
  ftps: null,
  startup: null,
  browser: undefined,
}
const tools = installedTools()
for (const workload of ['bulk', 'many', 'spread', 'noise', 'hard'] as const) {
  if (wanted(workload)) results.workloads.push(await compare(workload))
}
if (wanted('linear')) for (const workload of ['many', 'noise'] as const) await measureGrowth(workload)
if (wanted('memory')) for (const workload of ['spread', 'packed'] as const) await measureMemory(workload)
if (wanted('nodes')) await measureNodes()
if (wanted('huge')) results.pipe = await measureHuge()
if (wanted('crowd')) results.crowd = await measureCrowd()
if (wanted('joined')) results.joined = await measureJoined()
if (wanted('ftps')) results.ftps = await measureFtps()
if (wanted('startup')) results.startup = await measureStartup()
// What is measured by now is kept, whatever the browser does.
if (document !== null) writeFileSync(document, report(results))
if (wanted('browser')) results.browser = await measureBrowser()
if (document === null) console.log(report(results))
else writeFileSync(document, report(results))

interface Capture {
  path: string
  truth: Truth
}

/** Makes a capture unless it is there, and brings it into the page cache. */
async function capture(workload: Workload, size: number): Promise<Capture> {
  const path = join(folder, `${workload}-${size}.pcap`)
  if (!existsSync(`${path}.truth`)) {
    say(`making ${path}`)
    await measure(generator(workload, size, '-o', path, '--truth', `${path}.truth`), folder)
  }
  await finished(createReadStream(path, { highWaterMark: 1 << 20 }).resume())
  return { path, truth: JSON.parse(readFileSync(`${path}.truth`, 'utf8')) as Truth }
}

function generator(workload: Workload, size: number, ...options: string[]): string[] {
  return [
    process.execPath,
    '--import',
    'tsx',
    `${ROOT}test/bench/generate.ts`,
    workload,
    '--scale',
    `${size}`,
    ...options,
  ]
}

/** All tools on one workload, in turns, so that a busy moment of the machine meets all of them. */
async function compare(workload: keyof typeof SLOW_SHARE): Promise<Results['workloads'][number]> {
  const { path, truth } = await capture(workload, scale)
  const share = SLOW_SHARE[workload]
  const slow = share < 1 && tools.some((tool) => tool.slow) ? await capture(workload, scale * share) : null
  const output = join(folder, 'output')
  for (const format of ['json', 'ndjson'] as const) {
    await measure([...FTPSCOPE, '--quiet', '--format', format, '-o', output, path], folder)
    const wrong = await verify(truth, output, format)
    if (wrong.length > 0) throw new Error(`${workload} as ${format} is not what was made:\n${wrong.join('\n')}`)
  }
  const taken = new Map<Tool, Measurement[]>()
  for (let run = 0; run < runs; run++) {
    for (const tool of tools) {
      if ((workload === 'hard' && !tool.pcapng) || (tool.slow && run >= SLOW_RUNS)) continue
      say(`${workload} ${run + 1}/${runs} ${tool.name}`)
      const list = taken.get(tool) ?? []
      taken.set(tool, list)
      list.push(
        tool.slow && slow
          ? inProportion(await measure(tool.command(slow.path, output), folder), truth.packets / slow.truth.packets)
          : await measure(tool.command(path, output), folder),
      )
      rmSync(`${output}.flows`, { recursive: true, force: true })
    }
  }
  const rows = [...taken].map(([tool, list]) => ({
    tool: tool.name,
    share: tool.slow ? share : 1,
    ...medianOf(list),
  }))
  return { workload, truth, rows }
}

/** Time grows with the packets; the memory is told as it was measured. */
function inProportion({ wall, cpu, memory }: Measurement, factor: number): Measurement {
  return { wall: wall * factor, cpu: cpu * factor, memory }
}

/** In a browser's worker, and in Node for comparison; `null` without a browser. */
async function measureBrowser(): Promise<Results['browser']> {
  const browser = installedBrowser()
  if (!browser) return null
  const { path, truth } = await capture('bulk', scale)
  say('browser')
  const inBrowser = await measureInBrowser(browser.program, path, runs)
  for (const { frames, sessions } of inBrowser) {
    if (frames !== truth.packets || sessions !== truth.sessions.length)
      throw new Error(`bulk in the browser has ${frames} frames and ${sessions} sessions`)
  }
  const node: number[] = []
  const command = [...FTPSCOPE, '--quiet', '--format', 'json', '-o', join(folder, 'output'), path]
  for (let run = 0; run < runs; run++) node.push((await measure(command, folder)).wall)
  return {
    version: browser.version,
    seconds: median(inBrowser.map(({ seconds }) => seconds)),
    node: median(node),
    truth,
  }
}

/** The same traffic in three sizes. */
async function measureGrowth(workload: 'many' | 'noise'): Promise<void> {
  for (const size of [0.01, 0.1, 1]) {
    const { path, truth } = await capture(workload, size * scale)
    const command = [...FTPSCOPE, '--quiet', '--format', 'ndjson', '-o', join(folder, 'output'), path]
    const list: Measurement[] = []
    for (let run = 0; run < (size === 1 ? SLOW_RUNS : runs); run++) list.push(await measure(command, folder))
    say(`${workload} × ${size}`)
    results.linear.push({ workload, size, truth, ...medianOf(list) })
  }
}

/** Peak memory, by format and by number of sessions, and whether anything was given up for want of it. */
async function measureMemory(workload: 'spread' | 'packed'): Promise<void> {
  const output = join(folder, 'output')
  for (const size of [1, 4]) {
    const { path, truth } = await capture(workload, size * scale)
    for (const format of ['ndjson', 'json'] as const) {
      say(`memory: ${workload} × ${size} as ${format}`)
      const measured = await measure([...FTPSCOPE, '--quiet', '--format', format, '-o', output, path], folder)
      const wrong = await verify(truth, output, format)
      if (wrong.length > 0) throw new Error(`${workload} as ${format} is not what was made:\n${wrong.join('\n')}`)
      results.memory.push({ workload, format, truth, ...measured })
    }
    // A gigabyte that no other part reads.
    if (size > 1 && !values.keep) for (const file of [path, `${path}.truth`]) rmSync(file)
  }
}

/** The same on each version of Node, in turns. */
async function measureNodes(): Promise<void> {
  const captures = [await capture('spread', 0.2 * scale), await capture('noise', 0.2 * scale)]
  const output = join(folder, 'output')
  const taken = nodes.map((node) => ({
    node,
    lists: captures.map((): Measurement[] => []),
    start: [] as Measurement[],
  }))
  for (let run = 0; run < runs; run++) {
    for (const { node, lists, start } of taken) {
      say(`nodes ${run + 1}/${runs} ${node}`)
      const command = ftpscopeWith(node)
      for (const [at, { path }] of captures.entries())
        lists[at]!.push(await measure([...command, '--quiet', '--format', 'ndjson', '-o', output, path], folder))
      start.push(await measure([...command, '--version'], folder))
    }
  }
  for (const { node, lists, start } of taken) {
    const [sessions, noise] = lists.map(medianOf) as [Measurement, Measurement]
    results.nodes.push({ version: versionOf(node, '--version') ?? node, sessions, noise, start: medianOf(start) })
  }
}

async function measureHuge(): Promise<Results['pipe']> {
  say('huge')
  const path = join(folder, 'huge.truth')
  const output = join(folder, 'output')
  const source = generator('huge', scale, '--truth', path)
  const measured = await measurePipe(
    source,
    [...FTPSCOPE, '--quiet', '--format', 'ndjson', '-o', output, '-'],
    folder,
    250,
  )
  const truth = JSON.parse(readFileSync(path, 'utf8')) as Truth
  const wrong = await verify(truth, output, 'ndjson')
  if (wrong.length > 0) throw new Error(`huge is not what was made:\n${wrong.join('\n')}`)
  return { truth, ...measured }
}

async function measureCrowd(): Promise<Results['crowd']> {
  const { path, truth } = await capture('crowd', scale)
  say('crowd')
  return {
    truth,
    ...(await measure([...FTPSCOPE, '--quiet', '--format', 'json', '-o', join(folder, 'output'), path], folder)),
  }
}

/**
 * The sessions of *noise* as two places saw them, in one analysis, and for comparison those of each place by itself, one
 * after the other, with the floor of both files.
 */
async function measureJoined(): Promise<Results['joined']> {
  const { path, truth } = await capture('noise', scale)
  const there = join(folder, 'elsewhere.pcap')
  writeElsewhere(path, there)
  const output = join(folder, 'output')
  const command = [...FTPSCOPE, '--quiet', '--format', 'json', '-o', output]
  const floor = tools.find(({ name }) => name === 'floor')!
  const lists: [Measurement[], Measurement[], Measurement[]] = [[], [], []]
  for (let run = 0; run < SLOW_RUNS; run++) {
    say(`joined ${run + 1}/${SLOW_RUNS}`)
    const eachOf = (commandOf: (file: string) => readonly string[]) => inTurn([path, there].map(commandOf))
    lists[0].push(await eachOf((file) => floor.command(file, output)))
    lists[1].push(await eachOf((file) => [...command, file]))
    lists[2].push(await measure([...command, path, there], folder))
  }
  const { summary, paths } = JSON.parse(readFileSync(output, 'utf8')) as Analysis
  const { length } = truth.sessions
  if (summary.sessions !== length || paths?.length !== length)
    throw new Error(`${length} sessions at two places are ${summary.sessions}, ${paths?.length ?? 0} of them joined`)
  const [bare, apart, both] = lists
  return { truth, floor: medianOf(bare), apart: medianOf(apart), both: medianOf(both) }
}

/** Commands one after the other: their times together, and the memory of the largest. */
async function inTurn(commands: readonly (readonly string[])[]): Promise<Measurement> {
  const sum: Measurement = { wall: 0, cpu: 0, memory: 0 }
  for (const command of commands) {
    const { wall, cpu, memory } = await measure(command, folder)
    sum.wall += wall
    sum.cpu += cpu
    sum.memory = Math.max(sum.memory, memory)
  }
  return sum
}

/** Sessions under TLS with keys and without, and the same in clear text, in turns. */
async function measureFtps(): Promise<Results['ftps']> {
  const { path, truth } = await capture('ftps', scale)
  const clear = await capture('ftps-clear', scale)
  const output = join(folder, 'output')
  writeFileSync(`${path}.keys`, truth.keyLog)
  const command = [...FTPSCOPE, '--quiet', '--format', 'json', '-o', output]
  const decrypting = [...command, '--keylog', `${path}.keys`, path]
  await measure(decrypting, folder)
  const wrong = await verify(truth, output, 'json')
  if (wrong.length > 0) throw new Error(`ftps is not what was made:\n${wrong.join('\n')}`)
  const lists: [Measurement[], Measurement[], Measurement[]] = [[], [], []]
  for (let run = 0; run < runs; run++) {
    say(`ftps ${run + 1}/${runs}`)
    lists[0].push(await measure([...command, clear.path], folder))
    lists[1].push(await measure([...command, path], folder))
    lists[2].push(await measure(decrypting, folder))
  }
  const [inClear, hidden, decrypted] = lists
  return { truth, clear: medianOf(inClear), hidden: medianOf(hidden), decrypted: medianOf(decrypted) }
}

async function measureStartup(): Promise<Results['startup']> {
  const [node, version]: [number[], number[]] = [[], []]
  for (let run = 0; run < 21; run++) {
    node.push((await measure([process.execPath, '-e', '0'], folder)).wall)
    version.push((await measure([...FTPSCOPE, '--version'], folder)).wall)
  }
  return { node: median(node), version: median(version) }
}

function say(what: string): void {
  console.error(what)
}
