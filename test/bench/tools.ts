import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { versionOf } from './measure.js'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const FTPSCOPE = ftpscopeWith(process.execPath)

/** The command, run by that Node. */
export function ftpscopeWith(node: string): readonly string[] {
  return [node, `${ROOT}dist/cli/main.js`]
}

/** A row of the tables. */
export interface Tool {
  name: string
  /** `output` is a file that may be written. */
  command(capture: string, output: string): readonly string[]
  /** Reads pcapng, too. */
  pcapng: boolean
  /**
   * It is so slow that the large workloads are measured on a smaller capture of the same kind, and its time given in
   * proportion.
   */
  slow?: true
}

/** What an analysis needs of each packet, so that tshark has to dissect as far as we do. */
const FIELDS = [
  ...['frame.number', 'frame.time_epoch', 'tcp.stream', 'ip.src', 'ipv6.src', 'tcp.srcport', 'ip.dst', 'ipv6.dst'],
  ...['tcp.dstport', 'tcp.flags', 'tcp.len', 'tcp.analysis.retransmission', 'tcp.analysis.lost_segment'],
  ...['ftp.request.command', 'ftp.request.arg', 'ftp.response.code', 'ftp.response.arg'],
]

/** The tools that are installed, the floor first. */
export function installedTools(): Tool[] {
  const [floor, walk] = ['floor', 'pcap-parser-walk'].map(compiled) as [string, string]
  const tools: (Tool & { version: string | null })[] = [
    { name: 'floor', version: '', pcapng: true, command: (capture) => [process.execPath, floor, capture] },
    ...(['json', 'ndjson'] as const).map((format) => ({
      name: `ftpscope ${format}`,
      version: '',
      pcapng: true,
      command: (capture: string, output: string) => [...FTPSCOPE, '--quiet', '--format', format, '-o', output, capture],
    })),
    {
      name: 'tcpdump',
      version: versionOf('tcpdump', '--version'),
      pcapng: true,
      slow: true,
      command: (capture) => ['tcpdump', '-n', '-q', '-r', capture],
    },
    {
      name: 'tcpflow',
      version: versionOf('tcpflow', '--version'),
      pcapng: false,
      slow: true,
      command: (capture, output) => ['tcpflow', '-q', '-o', `${output}.flows`, '-r', capture, 'port', '21'],
    },
    { name: 'pcap-parser', version: '', pcapng: false, command: (capture) => [process.execPath, walk, capture] },
    {
      name: 'tshark',
      version: versionOf('tshark', '--version'),
      pcapng: true,
      slow: true,
      command: (capture) => [
        'tshark',
        '-n',
        '-r',
        capture,
        '-T',
        'fields',
        ...FIELDS.flatMap((field) => ['-e', field]),
      ],
    },
  ]
  return tools.filter(({ version }) => version !== null)
}

/** Node runs the floor as it runs ftpscope: as plain JavaScript. */
function compiled(name: string): string {
  const source = readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8')
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext }
  mkdirSync(`${ROOT}dist/bench`, { recursive: true })
  const path = `${ROOT}dist/bench/${name}.js`
  writeFileSync(path, ts.transpileModule(source, { compilerOptions: options }).outputText)
  return path
}
