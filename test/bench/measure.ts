import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** GNU time, which tells what a process and its threads took. */
const TIME = '/usr/bin/time'

export interface Measurement {
  /** Seconds. */
  wall: number
  /** Seconds of processor time, user and system. */
  cpu: number
  /** Peak resident memory in MB (10^6 bytes). */
  memory: number
}

/** Runs a command to its end; what it prints goes to `output`. */
export async function measure(command: readonly string[], folder: string, output = '/dev/null'): Promise<Measurement> {
  const accounts = join(folder, 'time.txt')
  const file = openSync(output, 'w')
  const started = process.hrtime.bigint()
  const child = spawn(TIME, ['-f', '%U %S %M', '-o', accounts, ...command], { stdio: ['ignore', file, 'ignore'] })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const wall = Number(process.hrtime.bigint() - started) / 1e9
  closeSync(file)
  if (status !== 0) throw new Error(`${command.join(' ')} ended with status ${status}`)
  return { wall, ...readAccounts(accounts) }
}

/** Runs `source | command` and looks at the command's memory every `every` milliseconds. */
export async function measurePipe(
  source: readonly string[],
  command: readonly string[],
  folder: string,
  every: number,
): Promise<Measurement & { samples: number[] }> {
  const accounts = join(folder, 'time.txt')
  const [program, ...options] = source as [string, ...string[]]
  const started = process.hrtime.bigint()
  const writer = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] })
  // For writing only, as a shell does: `ignore` is what a closed standard output looks like.
  const discard = openSync('/dev/null', 'w')
  const reader = spawn(TIME, ['-f', '%U %S %M', '-o', accounts, ...command], {
    stdio: [writer.stdout, discard, 'inherit'],
  })
  writer.stdout.destroy()
  closeSync(discard)
  const samples: number[] = []
  const timer = setInterval(() => {
    const memory = memoryOfChild(reader.pid!)
    if (memory !== null) samples.push(memory)
  }, every)
  const status = await new Promise<number | null>((resolve, reject) => {
    reader.on('error', reject)
    reader.on('close', resolve)
  })
  clearInterval(timer)
  const wall = Number(process.hrtime.bigint() - started) / 1e9
  if (status !== 0) throw new Error(`${command.join(' ')} ended with status ${status}`)
  return { wall, ...readAccounts(accounts), samples }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

/** By each figure alone. */
export function medianOf(runs: readonly Measurement[]): Measurement {
  return {
    wall: median(runs.map((run) => run.wall)),
    cpu: median(runs.map((run) => run.cpu)),
    memory: median(runs.map((run) => run.memory)),
  }
}

/** First line that a program prints, `null` where it is not installed. */
export function versionOf(program: string, ...options: string[]): string | null {
  const { error, stdout, stderr } = spawnSync(program, options, { encoding: 'utf8' })
  return error ? null : (`${stdout}\n${stderr}`.split('\n').find((line) => /\d/.test(line)) ?? '').trim()
}

export function checkTime(): void {
  if (!existsSync(TIME)) throw new Error(`The benchmark needs GNU time as ${TIME}; install the package "time"`)
}

function readAccounts(path: string): { cpu: number; memory: number } {
  const [user, system, kibibytes] = readFileSync(path, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number)
  return { cpu: user! + system!, memory: (kibibytes! * 1024) / 1e6 }
}

/** Resident memory in MB of the process that `time` started; `null` when it is gone. */
function memoryOfChild(pid: number): number | null {
  try {
    const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]
    const [, kibibytes] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${child}/status`, 'utf8')) ?? []
    return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1e6
  } catch {
    return null
  }
}
