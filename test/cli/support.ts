/** A process and an analyzer for tests of the command line. */
import { Writable } from 'node:stream'
import { Comparison } from '../../src/compare.js'
import type { ProcessIo } from '../../src/cli/process-io.js'
import { run } from '../../src/cli/run.js'
import type { Dependencies } from '../../src/cli/dependencies.js'
import type { Input } from '../../src/input/input.js'
import type { AnalyzeOptions } from '../../src/options.js'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { analysis, failingSession, session } from '../report/fixtures.js'

/** Collects what is written; `fail` is the error that every write ends with. */
export class Collector extends Writable {
  text = ''
  isTTY?: boolean
  columns?: number
  fail: (Error & { code?: string }) | null = null

  constructor(part: Partial<Pick<Collector, 'isTTY' | 'columns' | 'fail'>> = {}) {
    super({ decodeStrings: false })
    Object.assign(this, part)
  }

  override _write(chunk: string | Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (!this.fail) this.text += chunk.toString()
    done(this.fail)
  }
}

export class CaptureFormatError extends Error {
  override name = 'CaptureFormatError'
}

export interface Given {
  /** Chunks of each input by path; an error instead of a chunk ends them early. Other paths cannot be read. */
  files?: Record<string, (string | Uint8Array | Error)[]>
  analysis?: Analysis
  /** Analyses of earlier runs, by path. */
  earlier?: Record<string, Analysis>
  stdout?: Collector
  stderr?: Collector
  env?: Record<string, string>
  /** Where a configuration file is looked for; nowhere if absent. */
  folder?: string
  findings?: URL
  /** Called before each chunk is delivered. */
  beforeChunk?: (interrupt: () => void) => void
}

export interface Ran {
  status: number
  out: string
  err: string
  /** Options that the analyzer was made with. */
  options: AnalyzeOptions | null
  /** Calls of the analyzer. */
  calls: string[]
}

export const DEFAULT_ANALYSIS = (): Analysis =>
  analysis([failingSession(), session({ id: 2, tcpStream: 2, user: 'bob' })])

export async function ftpscope(argv: string[], given: Given = {}): Promise<Ran> {
  const stdout = given.stdout ?? new Collector()
  const stderr = given.stderr ?? new Collector()
  const ran: Ran = { status: -1, out: '', err: '', options: null, calls: [] }
  let interrupt = (): void => undefined
  const io: ProcessIo = {
    stdout,
    stderr,
    ...(given.folder !== undefined && { folder: given.folder }),
    env: given.env ?? {},
    onInterrupt(listener) {
      interrupt = listener
      return () => {
        interrupt = () => undefined
      }
    },
  }
  ran.status = await run(
    argv,
    io,
    fakeDependencies(given, ran, () => {
      interrupt()
    }),
  )
  ran.out = stdout.text
  ran.err = stderr.text
  return ran
}

function fakeDependencies(given: Given, ran: Ran, interrupt: () => void): Dependencies {
  const files = given.files ?? { 'a.pcap': ['chunk'] }
  const value = given.analysis ?? DEFAULT_ANALYSIS()
  return {
    version: '1.2.3',
    findings: given.findings ?? new URL('file:///nonexistent/'),
    page: () => Promise.resolve('<html><template id="ftpscope-slot"></template></html>'),
    utf8: new TextEncoder(),
    createAnalyzer(options, sink) {
      ran.options = options
      const open = new Set(value.sessions)
      const handOut = (session: SessionReport): void => {
        if (open.delete(session)) sink?.session(session)
      }
      return Promise.resolve({
        openFile: (path, compression) => ran.calls.push(`open ${path} ${compression ?? 'plain'}`),
        push: (chunk) => {
          const text = new TextDecoder().decode(chunk)
          if (text.startsWith('not a capture')) throw new CaptureFormatError('no capture: it starts with 6e 6f 74 20')
          if (text.startsWith('bug')) throw new TypeError('cannot read x of undefined')
          ran.calls.push(`push ${text}`)
          if (text.startsWith('session')) handOut(value.sessions[Number(text.slice(8)) - 1]!)
        },
        closeFile: (failure) => {
          ran.calls.push(failure ? `close (${failure})` : 'close')
        },
        end: () => {
          open.forEach(handOut)
          return sink ? { ...value, sessions: [] } : value
        },
      })
    },
    createComparison: (options) => Promise.resolve(new Comparison(options)),
    earlierAnalysis: (path) => Promise.resolve(given.earlier?.[path] ?? null),
    async *inputs(captures, signal, onProblem): AsyncIterable<Input> {
      for (const path of captures) {
        const chunks = files[path]
        if (!chunks) {
          onProblem(new Error(`Cannot read ${path}: no such file or directory`))
          continue
        }
        if (signal.aborted) return
        const compression = path.endsWith('.gz') ? 'gzip' : null
        const input: Input = { path, compression, size: null, bytesRead: 0, chunks: none(), failure: null }
        input.chunks = contents(chunks, input, signal)
        yield input
        await Promise.resolve()
      }
    },
  }

  async function* contents(
    chunks: (string | Uint8Array | Error)[],
    input: Input,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    for (const chunk of chunks) {
      given.beforeChunk?.(interrupt)
      await Promise.resolve()
      if (chunk instanceof Error) {
        input.failure = chunk.message
        return
      }
      yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
      if (signal.aborted) return
    }
  }
}

/** No chunks at all. */
export async function* none(): AsyncIterable<Uint8Array> {
  // Nothing to hand out.
}
