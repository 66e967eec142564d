import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** Return the result of a failing command instead of throwing. */
  readonly mayFail?: boolean
}

/** Runs a command to its end. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Result> {
  const [program = '', ...args] = command
  // In a process group of its own, so that Ctrl-C does not end what sets a network up or takes it down halfway.
  const spawnOptions: SpawnOptions = {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    detached: true,
  }
  if (options.cwd !== undefined) spawnOptions.cwd = options.cwd
  const child = spawn(program, args, spawnOptions)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input ?? '')
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs)
  const code = await exitOf(child)
  clearTimeout(timer)
  if (code !== 0 && options.mayFail !== true) {
    throw new Error(`${command.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`)
  }
  return { code, stdout, stderr }
}

/** Starts a command that keeps running, with its output in a file. */
export function start(command: readonly string[], logFile: string, options: RunOptions = {}): ChildProcess {
  const [program = '', ...args] = command
  const log = openSync(logFile, 'a')
  // A server that finds a socket on its standard input takes itself for a child of inetd.
  const input = options.input === undefined ? 'ignore' : 'pipe'
  const spawnOptions: SpawnOptions = { stdio: [input, log, log], env: { ...process.env, ...options.env } }
  if (options.cwd !== undefined) spawnOptions.cwd = options.cwd
  const child = spawn(program, args, spawnOptions)
  closeSync(log)
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input)
  return child
}

/** The exit status; 128 + n for a signal, 127 when the program could not be started. */
export function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  if (child.signalCode !== null) return Promise.resolve(128)
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(127)
    })
    child.once('close', (code) => {
      resolve(code ?? 128)
    })
  })
}

/** Ends a child, first politely. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM', graceMs = 2000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = exitOf(child)
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
