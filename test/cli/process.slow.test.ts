/** The program as a process: signals, failing streams, and the files that it leaves. */
import { type ChildProcess, execFileSync, spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'

const SAMPLE = 'samples/lab/passive-private-address.client.pcap'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function start(argv: string[], stdio: StdioOptions): { program: ChildProcess; ended: Promise<Ended> } {
  const program = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...argv], { cwd: ROOT, stdio })
  const told: Ended = { status: null, signal: null, out: '', err: '' }
  program.stdout?.on('data', (chunk: Buffer) => (told.out += chunk.toString()))
  program.stderr?.on('data', (chunk: Buffer) => (told.err += chunk.toString()))
  const ended = once(program, 'close').then(([status, signal]) => {
    return { ...told, status: status as number | null, signal: signal as string | null }
  })
  return { program, ended }
}

interface Ended {
  status: number | null
  signal: string | null
  out: string
  err: string
}

/** Runs the program with one of its streams redirected to a device. */
async function withDevice(argv: string[], stream: 1 | 2, device: string): Promise<Ended> {
  const fd = openSync(device, 'w')
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
    stdio[stream] = fd
    return await start(argv, stdio).ended
  } finally {
    closeSync(fd)
  }
}

/** Waits until the program has its listeners: it opens its output before it reads. */
async function reading(place: string): Promise<void> {
  while (readdirSync(place).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

const PCAP_HEADER = 24
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

describe('a signal', () => {
  it.each(SIGNALS)(
    '%s has the report of a live pipe written to its file, and nothing is left beside it',
    async (name) => {
      const place = mkdtempSync(join(folder, 'live-'))
      const file = join(place, 'report.json')
      const { program, ended } = start(['--format', 'json', '-o', file, '-'], 'pipe')
      await reading(place)
      // More than a pipe holds: when all of it is written, the program has read most of it.
      const sample = readFileSync(join(ROOT, SAMPLE))
      const records = sample.subarray(PCAP_HEADER)
      const capture = Buffer.concat([sample, ...Array.from({ length: Math.ceil(4e6 / records.length) }, () => records)])
      await new Promise((resolve) => program.stdin!.write(capture, resolve))
      program.kill(name)
      expect(await ended).toMatchObject({ status: 0, signal: null })
      expect(readdirSync(place)).toEqual(['report.json'])
      const { sessions } = JSON.parse(readFileSync(file, 'utf8')) as { sessions: unknown[] }
      expect(sessions.length).toBeGreaterThan(0)
    },
  )

  it.each(SIGNALS)('%s received twice ends the program at once, and leaves no incomplete report', async (name) => {
    const place = mkdtempSync(join(folder, 'twice-'))
    const { program, ended } = start(['-o', join(place, 'report.txt'), '-'], 'pipe')
    await reading(place)
    // A pipe has half a second for its last bytes after the first signal.
    let told = ''
    const heard = new Promise<void>((resolve) => {
      program.stderr!.on('data', (chunk: Buffer) => {
        told += chunk.toString()
        if (told.includes('Interrupted')) resolve()
      })
    })
    program.kill(name)
    await heard
    program.kill(name)
    expect(await ended).toMatchObject({ status: null, signal: name })
    expect(readdirSync(place)).toEqual([])
  })

  it.each([1, 2])('SIGINT received %s times leaves nothing of files that are extracted', async (times) => {
    const place = mkdtempSync(join(folder, 'extract-'))
    const { program, ended } = start(['extract', '-', '-o', join(place, 'out')], 'pipe')
    const sample = readFileSync(join(ROOT, SAMPLE.replace('passive-private-address', 'active-healthy')))
    await new Promise((resolve) => program.stdin!.write(sample, resolve))
    while (!existsSync(join(place, 'out'))) await new Promise((resolve) => setTimeout(resolve, 20))
    for (let each = 0; each < times; each++) program.kill('SIGINT')
    const { status, signal, out } = await ended
    expect([out, status === 2 || signal === 'SIGINT']).toEqual(['', true])
    expect(existsSync(join(place, 'out')) ? readdirSync(join(place, 'out')) : []).toEqual([])
  })

  it('SIGUSR1 opens no debugger', async () => {
    const place = mkdtempSync(join(folder, 'debugger-'))
    const { program, ended } = start(['-o', join(place, 'report.txt'), '-'], 'pipe')
    await reading(place)
    program.kill('SIGUSR1')
    // Node's debugger says on which port it listens, and does so within milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 300))
    program.stdin!.end(readFileSync(join(ROOT, SAMPLE)))
    expect(await ended).toMatchObject({ status: 0, err: '' })
  })

  it.skipIf(process.platform === 'win32')('ends the wait for a named pipe without a writer', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const place = mkdtempSync(join(folder, 'wait-'))
    const { program, ended } = start(['-o', join(place, 'report.txt'), pipe], 'pipe')
    await reading(place)
    program.kill('SIGTERM')
    const { status, err } = await ended
    expect(status).toBe(2)
    expect(err).toContain('Interrupted')
    expect(readdirSync(place)).toEqual([])
  })
})

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it.each([
    [[SAMPLE]],
    [['--format', 'json', SAMPLE]],
    [['--format', 'ndjson', SAMPLE]],
    [['--help']],
    [['--version']],
    [['explain', 'passive-private-address']],
    [['completion', 'bash']],
  ])('is reported if the output of %j goes there, with exit status 2', async (argv) => {
    const { status, err } = await withDevice(argv, 1, '/dev/full')
    expect([status, err]).toEqual([2, 'ftpscope: Cannot write to standard output: no space left on device\n'])
  })

  it('does not change the exit status if messages go there', async () => {
    expect((await withDevice(['nonexistent.pcap'], 2, '/dev/full')).status).toBe(2)
  })
})

describe.skipIf(!existsSync('/proc/self/fdinfo'))('a closed standard output', () => {
  const shell = (line: string) => {
    const command = line.replace('ftpscope', `${process.execPath} --import tsx src/cli/main.ts`)
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' })
    return { status, err: stderr }
  }
  const CLOSED =
    'ftpscope: Cannot write to standard output: it is closed; ' +
    'name a file with -o, or discard the report with > /dev/null\n'

  it.each([
    [`ftpscope ${SAMPLE} >&-`],
    [`ftpscope --format ndjson ${SAMPLE} >&-`],
    [`ftpscope -o - ${SAMPLE} >&-`],
    [`ftpscope firewall --for nftables ${SAMPLE} >&-`],
    ['ftpscope --help >&-'],
    ['ftpscope --version >&-'],
    ['ftpscope explain passive-private-address >&-'],
    ['ftpscope completion bash >&-'],
  ])('is an error: %s', (line) => {
    expect(shell(line)).toEqual({ status: 2, err: CLOSED })
  })

  it.each([
    ['with the report in a file', `ftpscope -o /dev/null ${SAMPLE} >&-`, 0],
    ['where the exit status is asked for', `ftpscope --fail-on error ${SAMPLE} >&-`, 1],
    ['that is discarded', `ftpscope ${SAMPLE} > /dev/null`, 0],
  ])('is none %s', (_, line, status) => {
    expect(shell(line)).toEqual({ status, err: '' })
  })

  it('is none for a program that discards all output', () => {
    const argv = ['--import', 'tsx', 'src/cli/main.ts', SAMPLE]
    expect(spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'ignore' }).status).toBe(0)
  })
})

describe('a reader that goes away', () => {
  it.each([
    ['the report', [SAMPLE], 0],
    ['the help', ['--help'], 0],
    ['an error', ['nonexistent.pcap'], 2],
  ])('ends %s silently, with the exit status that it would have had', async (_, argv, expected) => {
    // One pipe for both streams, whose other end is closed.
    const shell = spawn(
      'sh',
      ['-c', '("$0" "$@" 2>&1; echo $? >&3) | true', process.execPath, '--import', 'tsx', 'src/cli/main.ts', ...argv],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    )
    let status = ''
    shell.stdio[3]!.on('data', (chunk: Buffer) => (status += chunk.toString()))
    await once(shell, 'close')
    expect(status.trim()).toBe(String(expected))
  })
})

it('reports that standard input is closed', async () => {
  const { status, err } = await start(['-'], ['ignore', 'pipe', 'pipe']).ended
  expect(status).toBe(2)
  expect(err).toMatch(/^ftpscope: standard input is not a capture file: it is empty; .*\n$/)
})

it('reports that standard input is a directory', async () => {
  const fd = openSync(folder, 'r')
  try {
    const { status, err } = await start(['-'], [fd, 'pipe', 'pipe']).ended
    expect(status).toBe(2)
    expect(err).toBe(
      'ftpscope: Cannot read standard input: is a directory; give the directory as an argument instead\n',
    )
  } finally {
    closeSync(fd)
  }
})

it('says so in one line when an option is wrong, with exit status 2', async () => {
  const ended = await start(['--wrong'], ['ignore', 'pipe', 'pipe']).ended
  expect(ended).toMatchObject({
    status: 2,
    out: '',
    err: "ftpscope: unknown option '--wrong' (see ftpscope --help)\n",
  })
})
