import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Records of 60 zero bytes, which are not IP: more of them than a pipe holds without a reader. */
const PADDING_RECORDS = 40_000

/** A classic little-endian capture with padding after its last record. */
function padded(capture: Buffer): Buffer {
  const record = Buffer.alloc(16 + 60)
  capture.copy(record, 0, 24, 32)
  record.writeUInt32LE(60, 8)
  record.writeUInt32LE(60, 12)
  return Buffer.concat([capture, ...Array.from({ length: PADDING_RECORDS }, () => record)])
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  'reports what a live pipe has delivered when %s ends it, and exits with 0',
  async (signal) => {
    const capture = padded(readFileSync(`${ROOT}samples/lab/passive-healthy.client.pcap`))
    const program = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', '--format', 'json', '-'], {
      cwd: ROOT,
    })
    let out = ''
    let err = ''
    program.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    program.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    program.stdin.on('error', (error) => (err += error.message))
    // The pipe stays open, like that of a running tcpdump. Once it has taken all bytes, the program is reading.
    await new Promise((resolve) => program.stdin.write(capture, resolve))
    expect(out).toBe('')
    program.kill(signal)
    const [status] = (await once(program, 'close')) as [number | null]
    expect([status, err]).toEqual([0, 'ftpscope: Interrupted: the report covers what was read so far\n'])
    const analysis = JSON.parse(out) as Analysis
    expect(analysis.capture.frames).toBeGreaterThan(47)
    expect(analysis.sessions.map(({ user, verdict }) => [user, verdict.outcome])).toEqual([['alice', 'ok']])
  },
)
