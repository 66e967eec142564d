import { cpus, release, totalmem, type } from 'node:os'
import { type Measurement, versionOf } from './measure.js'
import { totals, type Truth } from './truth.js'

export interface Results {
  machine: string[]
  runs: number
  scale: number
  workloads: { workload: string; truth: Truth; rows: ({ tool: string; share: number } & Measurement)[] }[]
  linear: ({ workload: string; size: number; truth: Truth } & Measurement)[]
  pipe: ({ truth: Truth; samples: number[] } & Measurement) | null
  crowd: ({ truth: Truth } & Measurement) | null
  startup: { node: number; version: number } | null
  /** Seconds of an analysis of *bulk*; `null` where no browser is installed, `undefined` when not asked for. */
  browser: { version: string; seconds: number; node: number; truth: Truth } | null | undefined
}

const CONTENT: Record<string, string> = {
  bulk: '8 sessions that move 64 MB each',
  many: '50,000 sessions of one small transfer, active and passive in turns',
  noise: '500 sessions, one in ten failing, among 200,000 other TCP connections',
  hard: 'segments out of order, repeated and fragmented, VLANs, IPv6, pcapng with nanoseconds',
}

export function machine(): string[] {
  const versions = [
    ['Node', process.version],
    ['tshark', versionOf('tshark', '--version')],
    ['tcpdump', versionOf('tcpdump', '--version')],
    ['tcpflow', versionOf('tcpflow', '--version')],
  ]
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB`,
    `${type()} ${release()}`,
    ...versions.map(([name, version]) => `${name}: ${version ?? 'not installed'}`),
  ]
}

/** docs/BENCHMARKS.md */
export function report(results: Results): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; do not edit. Captures are made by `test/bench/generate.ts`, the same on every machine, and lie in the',
    'page cache. Each analysis is compared with what the generator knows of its capture: sessions, outcomes, transfers and bytes are equal.',
    'A tool marked `(on 25 %)` was measured on a capture of the same kind with that share of its sessions and connections; its times are',
    'those times the packets that the whole has more, its memory is that of the part.',
    `Tools take turns; each figure is the median of ${results.runs} runs of the whole process.`,
    'The floor is a bare walk over records and TCP headers in Node.',
    ...(results.scale === 1
      ? []
      : ['', `Captures were made ${results.scale} times as large as usual: figures are for trying out only.`]),
    '',
    ...results.machine.map((line) => `- ${line}`),
    ...results.workloads.flatMap(workloadTable),
    ...linearTable(results.linear),
    ...pipeLines(results.pipe),
    ...crowdLines(results.crowd),
    ...startupLines(results.startup),
    ...browserLines(results.browser),
    '',
  ].join('\n')
}

function workloadTable({ workload, truth, rows }: Results['workloads'][number]): string[] {
  const { sessions, outcomes, transfers, bytes } = totals(truth.sessions)
  const floor = rows.find(({ tool }) => tool === 'floor')!
  const tshark = rows.find(({ tool }) => tool === 'tshark')
  return [
    '',
    `## ${workload}: ${CONTENT[workload]}`,
    '',
    `${number(truth.packets)} packets, ${number(truth.bytes / 1e6)} MB, ${number(truth.connections)} connections; ` +
      `${number(sessions)} sessions (${number(outcomes.ok)} ok, ${number(outcomes.failed)} failed), ` +
      `${number(transfers)} transfers of ${number(bytes)} bytes in all.`,
    '',
    ...table(
      ['tool', 'wall s', 'CPU s', 'peak MB', 'packets/s', 'MB/s', '× floor', 'tshark takes × its time'],
      rows.map(({ tool, share, wall, cpu, memory }) => [
        share === 1 ? tool : `${tool} (on ${share * 100} %)`,
        wall.toFixed(2),
        cpu.toFixed(2),
        number(memory),
        number(truth.packets / wall),
        number(truth.bytes / 1e6 / wall),
        (wall / floor.wall).toFixed(1),
        tshark ? (tshark.wall / wall).toFixed(1) : '',
      ]),
    ),
  ]
}

function linearTable(rows: Results['linear']): string[] {
  if (rows.length === 0) return []
  return [
    '',
    '## Cost by size',
    '',
    'As ndjson. What a start of the program takes is in each of them.',
    '',
    ...table(
      ['workload', 'size', 'packets', 'connections', 'sessions', 'wall s', 'CPU s', 'µs/packet', 'peak MB'],
      rows.map(({ workload, size, truth, wall, cpu, memory }) => [
        workload,
        `${size * 100} ×`,
        number(truth.packets),
        number(truth.connections),
        number(truth.sessions.length),
        wall.toFixed(2),
        cpu.toFixed(2),
        ((wall / truth.packets) * 1e6).toFixed(2),
        number(memory),
      ]),
    ),
  ]
}

function pipeLines(pipe: Results['pipe']): string[] {
  if (!pipe) return []
  const { truth, wall, cpu, memory, samples } = pipe
  const tenths = Array.from({ length: 10 }, (_, i) => samples[Math.floor(((i + 0.5) / 10) * samples.length)] ?? 0)
  return [
    '',
    '## huge: through a pipe',
    '',
    `${number(truth.packets)} packets, ${number(truth.bytes / 1e6)} MB, ${truth.sessions.length} sessions, made while they are read:`,
    `${wall.toFixed(1)} s wall, ${cpu.toFixed(1)} s CPU of ftpscope, ${number(truth.bytes / 1e6 / wall)} MB/s, peak ${number(memory)} MB.`,
    `Resident MB at each tenth of the way: ${tenths.map(number).join(', ')}.`,
  ]
}

function crowdLines(crowd: Results['crowd']): string[] {
  if (!crowd) return []
  const { truth, wall, memory } = crowd
  return [
    '',
    '## crowd: connections that stay open',
    '',
    `${number(truth.connections)} connections, ${number(truth.packets)} packets: ${wall.toFixed(2)} s wall, peak ${number(memory)} MB.`,
  ]
}

function startupLines(startup: Results['startup']): string[] {
  if (!startup) return []
  const { node, version } = startup
  return [
    '',
    '## Start',
    '',
    `\`ftpscope --version\` ${milliseconds(version)}, \`node -e 0\` ${milliseconds(node)}: ${(version / node).toFixed(2)} ×.`,
  ]
}

function browserLines(browser: Results['browser']): string[] {
  const head = ['', '## Browser', '']
  if (browser === undefined) return []
  if (!browser) return [...head, 'Left out: chromium is not installed.']
  const { version, seconds, node, truth } = browser
  return [
    ...head,
    `*bulk* from a Blob in a worker of ${version}, from the first byte to the report: ${seconds.toFixed(2)} s, ` +
      `${number(truth.packets / seconds)} packets/s; ftpscope json in Node, the whole process: ${node.toFixed(2)} s. ` +
      `The browser takes ${(seconds / node).toFixed(2)} × that time.`,
  ]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(heads), rule, ...rows.map(line)]
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`
}
