/**
 * Wireshark's view of captures. One sharkd (Wireshark's engine behind lines of JSON, installed along with tshark) reads
 * all of them, since a tshark process for each would spend most of its time starting; the result is cached.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './captures.js'

const version = spawnSync('sharkd', ['-v'], { encoding: 'utf8' })

export const hasSharkd = version.status === 0

/** The fields that are compared. Ends are those of the innermost packet. */
const FIELDS = {
  time: 'frame.time_epoch',
  captured: 'frame.cap_len',
  length: 'frame.len',
  stream: 'tcp.stream:-1',
  source4: 'ip.src:-1',
  destination4: 'ip.dst:-1',
  source6: 'ipv6.src:-1',
  destination6: 'ipv6.dst:-1',
  sourcePort: 'tcp.srcport:-1',
  destinationPort: 'tcp.dstport:-1',
  payload: 'tcp.len:-1',
  communityId: 'communityid:-1',
  handshake: 'tcp.analysis.initial_rtt',
  retransmission: 'tcp.analysis.retransmission',
  spurious: 'tcp.analysis.spurious_retransmission',
  outOfOrder: 'tcp.analysis.out_of_order',
  duplicateAck: 'tcp.analysis.duplicate_ack',
  keepAlive: 'tcp.analysis.keep_alive',
  ftp: 'ftp',
  command: 'ftp.request.command',
  commandArgument: 'ftp.request.arg',
  replyArgument: 'ftp.response.arg',
  data: 'ftp-data',
  setupFrame: 'ftp-data.setup-frame',
  commandFrame: 'ftp-data.command-frame',
  /** Number of the column Info among Wireshark's. */
  info: '28',
} as const

type Field = keyof typeof FIELDS
/** A frame as Wireshark shows it; a field that it lacks is an empty text. `info` is its summary. */
export type WiresharkFrame = Record<Field, string> & { number: number }

const NAMES = Object.keys(FIELDS) as Field[]
const COLUMNS = Object.fromEntries(
  NAMES.map((name, i) => [`column${i}`, /:|^\d+$/.test(FIELDS[name]) ? FIELDS[name] : `${FIELDS[name]}:1`]),
)
const CACHE = join(ROOT, 'node_modules/.cache/ftpscope-wireshark')

/** The frames of each capture, decrypted with a key log if there is one. */
export function wiresharkFrames(paths: readonly string[], keyLog = ''): WiresharkFrame[][] {
  const kept = paths.map((path) => join(CACHE, `${keyOf(path, keyLog)}.json`))
  const missing = paths.flatMap((path, i) => (existsSync(kept[i]!) ? [] : [{ path, file: kept[i]! }]))
  if (missing.length > 0) {
    mkdirSync(CACHE, { recursive: true })
    const readings = read(
      missing.map(({ path }) => path),
      keyLog,
    )
    for (const [i, { file }] of missing.entries()) keep(file, readings[i]!)
  }
  return kept.map((file) => JSON.parse(readFileSync(file, 'utf8')) as WiresharkFrame[])
}

function keyOf(path: string, keyLog: string): string {
  const what = [version.stdout.split('\n')[0]!, JSON.stringify(COLUMNS), ...(keyLog === '' ? [] : [keyLog])]
  return createHash('sha256').update(what.join('\n')).update(readFileSync(path)).digest('hex')
}

/** Another process may write the same file at the same time. */
function keep(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(value))
  renameSync(temporary, file)
}

interface Answer {
  id: number
  result?: unknown
  error?: { message: string }
}
interface Shown {
  num: number
  c: string[]
}

/** sharkd numbers requests from one. */
function read(paths: readonly string[], keyLog: string): WiresharkFrame[][] {
  const requests = paths.flatMap((file) => [
    { method: 'load', params: { file } },
    { method: 'frames', params: COLUMNS },
  ])
  const lines = requests.map((request, i) => JSON.stringify({ jsonrpc: '2.0', id: i + 1, ...request }))
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  try {
    // Community IDs are not computed by default.
    writeFileSync(join(folder, 'enabled_protos'), 'communityid\n')
    writeFileSync(join(folder, 'keys'), keyLog)
    writeFileSync(join(folder, 'preferences'), `tls.keylog_file: ${join(folder, 'keys')}\n`)
    const run = spawnSync('sharkd', ['-'], {
      input: lines.join('\n') + '\n',
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { ...process.env, WIRESHARK_CONFIG_DIR: folder },
    })
    const answers = new Map<number, Answer>()
    for (const line of run.stdout.split('\n')) {
      if (!line.startsWith('{')) continue
      const answer = JSON.parse(line) as Answer
      answers.set(answer.id, answer)
    }
    return paths.map((path, i) => {
      const answer = answers.get(2 * i + 2)
      if (!answer?.result) throw new Error(`sharkd gave no frames of ${path}: ${answer?.error?.message ?? run.stderr}`)
      return (answer.result as Shown[]).map(({ num, c }) => ({
        ...(Object.fromEntries(NAMES.map((name, at) => [name, c[at]!])) as Record<Field, string>),
        number: num,
      }))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
