/**
 * Writes what Suricata makes of every capture at hand to recorded/suricata.json, for the test to compare without
 * Suricata:
 *
 *     npx tsx test/differential/record-suricata.ts           (needs suricata; Debian has it in bookworm-backports)
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readCapture } from '../capture/corpus.js'
import { captures } from '../support/captures.js'

export interface Recorded {
  /** SHA-256 of the capture, its first 16 digits. */
  sha256: string
  /** Verbs of all commands, sorted. */
  commands: string
  /** Connections recorded as ftp_data: both ends, sorted. */
  data: string[]
}

const CONFIGURATION = `%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}, port-groups: {}}
outputs: [{eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [ftp]}}]
app-layer: {protocols: {tls: {enabled: yes, detection-ports: {dp: 443}}, ftp: {enabled: yes}}}
stream: {checksum-validation: no, reassembly: {depth: 0}}
`

interface Event {
  event_type: string
  src_ip: string
  src_port: number
  dest_ip: string
  dest_port: number
  ftp?: { command?: string }
}

export function digestOf(capture: Uint8Array): string {
  return createHash('sha256').update(capture).digest('hex').slice(0, 16)
}

/** The record of one capture from Suricata's eve.json. */
export function recordOf(capture: Uint8Array, eve: string): Recorded {
  const events = eve.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]))
  const commands = events.flatMap(({ ftp }) => (ftp?.command === undefined ? [] : [ftp.command.toUpperCase()]))
  const data = events
    .filter(({ event_type }) => event_type === 'ftp_data')
    .map((event) => endsOf(event.src_ip, event.src_port, event.dest_ip, event.dest_port))
  return { sha256: digestOf(capture), commands: commands.sort().join(' '), data: [...new Set(data)].sort() }
}

/** Suricata writes IPv6 addresses in full. */
function endsOf(a: string, aPort: number, b: string, bPort: number): string {
  const short = (address: string) =>
    address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address
  return [`${short(a)} ${aPort}`, `${short(b)} ${bPort}`].sort().join(' - ')
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-suricata-'))
  try {
    const configuration = join(folder, 'suricata.yaml')
    writeFileSync(configuration, CONFIGURATION)
    const records: Record<string, Recorded> = {}
    for (const path of captures()) {
      const capture = readCapture(path)
      const file = join(folder, 'capture')
      writeFileSync(file, capture)
      execFileSync('suricata', ['-c', configuration, '--runmode', 'single', '-k', 'none', '-r', file, '-l', folder], {
        stdio: 'ignore',
      })
      records[basename(path)] = recordOf(capture, readFileSync(join(folder, 'eve.json'), 'utf8'))
      rmSync(join(folder, 'eve.json'))
    }
    const version = execFileSync('suricata', ['-V'], { encoding: 'utf8' }).replace(/^.*version (\S+).*$/s, '$1')
    writeRecords(version, records)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function writeRecords(version: string, captures: Record<string, Recorded>): void {
  const file = new URL('recorded/suricata.json', import.meta.url)
  const lines = Object.entries(captures).map(([name, record]) => `${JSON.stringify(name)}:${JSON.stringify(record)}`)
  writeFileSync(file, `{"version":${JSON.stringify(version)},"captures":{\n${lines.join(',\n')}\n}}\n`)
}

if (process.argv[1] === import.meta.filename) main()
