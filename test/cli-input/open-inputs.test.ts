import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InputError } from '../../src/input/input-error.js'
import { openInputs } from '../../src/cli/input/open-inputs.js'
import { planInputs } from '../../src/cli/input/plan-inputs.js'
import type { InputOptions } from '../../src/cli/input/open-inputs.js'
import { frameBytes, join as joinBytes, pcap, Pcapng } from '../capture/build.js'
import { SCENES } from '../property/scenes.js'
import { toPcap } from '../support/pcap-writer.js'
import { compressed, plain } from './zstd-data.js'

const nothing = () => Readable.from([])
const at = (seconds: number) => pcap([{ seconds, data: frameBytes(60) }])
const isRoot = process.getuid?.() === 0

interface Read {
  path: string
  compression: string | null
  bytes: Uint8Array
  failure: string | null
}

async function readAll(paths: string[], options: Partial<InputOptions> = {}): Promise<Read[]> {
  const all: Read[] = []
  for await (const input of openInputs(paths, { stdin: nothing(), ...options })) {
    const parts: Uint8Array[] = []
    for await (const chunk of input.chunks) parts.push(chunk.slice())
    const { path, compression, failure } = input
    all.push({ path, compression, bytes: joinBytes(...parts), failure })
  }
  return all
}

describe('openInputs', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const put = (name: string, bytes: Uint8Array | string) => {
    const path = join(folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, bytes)
    return path
  }
  const names = (inputs: Read[]) => inputs.map(({ path }) => path.slice(folder.length + 1))

  it('reads a file, plain or compressed, whatever its name', async () => {
    const expected = { bytes: plain, failure: null }
    expect(await readAll([put('a.txt', plain)])).toMatchObject([{ ...expected, compression: null }])
    expect(await readAll([put('b.pcap', gzipSync(plain))])).toMatchObject([{ ...expected, compression: 'gzip' }])
    expect(await readAll([put('c', compressed)])).toMatchObject([{ ...expected, compression: 'zstd' }])
  })

  it('reads the rotated files of two hosts host by host, although their clocks differ by hours', async () => {
    const { packets } = SCENES['passive']!()
    const files = ['client-1.pcap', 'server-1.pcap', 'client-2.pcap.gz', 'server-2.pcap', 'notes.txt']
    const half = (at: number, hours: number) =>
      toPcap(at === 1 ? packets.slice(0, 40) : packets.slice(40), { start: Date.UTC(2024, 2, 1, 9 + hours) })
    put(files[0]!, half(1, 0))
    put(files[1]!, half(1, 3))
    put(files[2]!, gzipSync(half(2, 0)))
    put(files[3]!, half(2, 3))
    put(files[4]!, 'text')
    const plan = await planInputs([folder], new AbortController().signal)
    const inputs = await readAll([folder], plan && { plan })
    expect(names(inputs)).toEqual(['client-1.pcap', 'client-2.pcap.gz', 'server-1.pcap', 'server-2.pcap'])
    expect(plan!.places.map(({ length }) => length)).toEqual([2, 2])
    expect(await planInputs([join(folder, files[0]!)], new AbortController().signal)).toBeUndefined()
  })

  it('reads a file larger than its buffers', async () => {
    const large = joinBytes(
      plain,
      pcap([{ data: frameBytes(250_000) }]).subarray(24),
      new Uint8Array(5_000_000).fill(7),
    )
    const [input] = await readAll([put('large.pcap', large)])
    expect(Buffer.compare(input!.bytes, large)).toBe(0)
  })

  it('counts how much of a file has been read', async () => {
    const path = put('a.gz', gzipSync(plain))
    const inputs = openInputs([path], { stdin: nothing() })
    const { value: input } = await inputs.next()
    for await (const chunk of input!.chunks) expect(chunk.length).toBeGreaterThan(0)
    expect(input).toMatchObject({ size: gzipSync(plain).length, bytesRead: gzipSync(plain).length })
  })

  it('sorts files by the time of their first frame', async () => {
    const ng = new Pcapng()
    const late = put('1.pcapng', joinBytes(ng.section(), ng.nic(), ng.packet(300_000_000n, frameBytes(60))))
    const paths = [put('2.pcap', gzipSync(at(200))), late, put('3.pcap', at(100)), put('4.pcap', pcap([]))]
    expect(names(await readAll(paths))).toEqual(['3.pcap', '2.pcap', '1.pcapng', '4.pcap'])
  })

  it('finds captures in directories by their content', async () => {
    put('day/ftp.pcap2', at(3))
    put('day/deep/er/x', gzipSync(at(1)))
    put('day/deep/y.pcap', 'not a capture')
    put('day/notes.txt.gz', gzipSync('not a capture'))
    put('day/empty.pcap', '')
    put('z', compressed)
    expect(names(await readAll([folder]))).toEqual(['day/deep/er/x', 'day/ftp.pcap2', 'z'])
  })

  it('reads each file once, even if links are circular', async () => {
    const path = put('a/x.pcap', at(1))
    symlinkSync('..', join(folder, 'a/up'))
    symlinkSync('a', join(folder, 'again'))
    symlinkSync('itself', join(folder, 'itself'))
    symlinkSync('nowhere', join(folder, 'dangling'))
    symlinkSync('a/x.pcap', join(folder, 'y.pcap'))
    expect(await readAll([path, folder, path, folder])).toHaveLength(1)
  })

  it('follows links in a directory to files, but not to directories', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'ftpscope-'))
    try {
      writeFileSync(join(outside, 'linked'), at(2))
      mkdirSync(join(outside, 'more'))
      writeFileSync(join(outside, 'more/hidden'), at(3))
      put('a', at(1))
      symlinkSync(join(outside, 'linked'), join(folder, 'b'))
      symlinkSync(join(outside, 'more'), join(folder, 'c'))
      expect(names(await readAll([folder]))).toEqual(['a', 'b'])
      // One that is named as an argument is followed.
      expect(await readAll([join(folder, 'c')])).toHaveLength(1)
    } finally {
      rmSync(outside, { recursive: true })
    }
  })

  it.skipIf(process.platform === 'win32')('ignores pipes and links to devices in a directory', async () => {
    put('a', at(1))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('/dev/zero', join(folder, 'zero'))
    expect(names(await readAll([folder]))).toEqual(['a'])
  })

  it('ends where a file is truncated while it is read', async () => {
    const path = put('a', new Uint8Array(4 << 20).fill(0))
    writeFileSync(path, at(1))
    truncateSync(path, 4 << 20)
    for await (const input of openInputs([path], { stdin: new PassThrough() })) {
      let bytes = 0
      for await (const chunk of input.chunks) {
        bytes += chunk.length
        truncateSync(path, 100)
      }
      expect(input.failure).toBeNull()
      expect(bytes).toBeLessThan(4 << 20)
    }
  })

  it('reads standard input as it comes, after the files', async () => {
    const stdin = Readable.from([compressed.slice(0, 1), compressed.slice(1, 3), compressed.slice(3)])
    const inputs = await readAll(['-', put('a', at(1)), '-'], { stdin })
    expect(inputs).toMatchObject([{ compression: null }, { path: 'standard input', compression: 'zstd', bytes: plain }])
    expect(inputs).toHaveLength(2)
  })

  it.skipIf(process.platform === 'win32')('reads a pipe that is named as a file', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const [inputs] = await Promise.all([readAll([pipe]), writeFile(pipe, plain)])
    expect(inputs).toMatchObject([{ path: pipe, bytes: plain, failure: null }])
  })

  it('passes on the packets of a live pipe one by one and ends when the user interrupts', async () => {
    const stdin = new PassThrough()
    const abort = new AbortController()
    const { value: input } = await first(stdin, abort.signal, plain.slice(0, 100))
    const chunks = input!.chunks[Symbol.asyncIterator]()
    const next = async () => {
      const step = await chunks.next()
      if (step.done) return 'end'
      expect(Buffer.compare(step.value, plain.slice(from, from + 100))).toBe(0)
      return (from += 100)
    }
    let from = 0
    expect(await next()).toBe(100)
    const waiting = next()
    stdin.write(plain.slice(100, 200))
    expect(await waiting).toBe(200)
    const last = next()
    abort.abort()
    // What the capturing program writes when it is interrupted as well still belongs to the input.
    stdin.write(plain.slice(200, 300))
    expect(await last).toBe(300)
    expect(await next()).toBe('end')
    expect(input!.failure).toBeNull()
    expect(stdin.destroyed).toBe(true)
  })

  it('ends a live pipe at once if the capturing program exits as well', async () => {
    const stdin = new PassThrough()
    const abort = new AbortController()
    const { value: input } = await first(stdin, abort.signal, plain)
    // With a stopped clock, waiting for the end of the grace period would never end.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      abort.abort()
      expect(vi.getTimerCount()).toBe(1)
      stdin.end()
      const chunks: Uint8Array[] = []
      for await (const chunk of input!.chunks) chunks.push(chunk)
      expect(joinBytes(...chunks)).toEqual(plain)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('stops inside a file when the user interrupts, and opens no more', async () => {
    const abort = new AbortController()
    const paths = [put('a', joinBytes(at(1), new Uint8Array(9_000_000))), put('b', at(2))]
    const failures: (string | null)[] = []
    for await (const input of openInputs(paths, { stdin: nothing(), signal: abort.signal })) {
      for await (const chunk of input.chunks) if (chunk.length > 0) abort.abort()
      failures.push(input.failure)
    }
    expect(failures).toEqual(['reading was interrupted by the user'])
  })

  it('yields what can be decompressed of a truncated file, with the failure', async () => {
    const path = put('a.gz', gzipSync(joinBytes(plain, frameBytes(100_000)), { level: 0 }))
    truncateSync(path, 60_000)
    const [input] = await readAll([path])
    expect(input?.failure).toBe('its gzip data ends early; capture or copy it again')
    expect(input?.bytes.length).toBeGreaterThan(59_000)
  })

  it.skipIf(process.platform !== 'linux')('closes the file of an input that is not read to its end', async () => {
    const path = put('a', joinBytes(plain, new Uint8Array(5_000_000)))
    for await (const input of openInputs([path], { stdin: nothing() })) {
      expect(input.bytesRead).toBeLessThan(5_000_000)
      break
    }
    expect(openFiles()).not.toContain(path)
  })

  it('describes what is wrong with an argument', async () => {
    const missing = join(folder, 'missing.pcap')
    mkdirSync(join(folder, 'hollow'))
    put('texts/a', 'a text that is long enough')
    put('broken.gz', Uint8Array.of(0x1f, 0x8b, 8, 0xff, 1, 2, 3))
    const rest = 'give a capture file, a directory with captures, or - for standard input'
    const cases: [path: string, message: string][] = [
      [missing, `Cannot read ${missing}: no such file or directory; ${rest}`],
      [
        join(folder, 'hollow'),
        `No captures in directory ${folder}/hollow: it contains no files; give one with captures`,
      ],
      [
        join(folder, 'texts'),
        `No captures in directory ${folder}/texts: its only file is neither pcap nor pcapng; give one with captures`,
      ],
      [
        join(folder, 'texts/a'),
        `${folder}/texts/a is not a capture file: text at offset 0: "a text that is l"; give a pcap or pcapng file`,
      ],
      [
        put('empty', ''),
        `${folder}/empty is not a capture file: it is empty; check that the capture program wrote packets`,
      ],
      [
        join(folder, 'broken.gz'),
        `Cannot read ${folder}/broken.gz: its gzip data is corrupt (unknown header flags set); ` +
          'capture or copy it again',
      ],
      [
        join(folder, 'empty/x'),
        `Cannot read ${folder}/empty/x: a component of the path is not a directory; check the path`,
      ],
    ]
    for (const [path, message] of cases) await expect(readAll([path])).rejects.toThrow(new InputError(message))
  })

  it('counts the files of a directory without captures', async () => {
    put('a', 'a text that is long enough')
    put('b', 'another text that is long enough')
    await expect(readAll([folder])).rejects.toThrow('none of its 2 files is pcap or pcapng')
  })

  it.skipIf(isRoot)('reports a file without read permission', async () => {
    const path = put('secret', plain)
    execFileSync('chmod', ['000', path])
    await expect(readAll([path])).rejects.toThrow(
      `Cannot read ${path}: permission denied; run as a user with read access`,
    )
  })

  it('reads the other arguments if problems are reported to a callback', async () => {
    const problems: string[] = []
    const paths = [join(folder, 'missing'), put('a', at(1)), put('b', 'a text')]
    const inputs = await readAll(paths, { onProblem: (problem) => problems.push(problem.message) })
    expect(names(inputs)).toEqual(['a'])
    expect(problems).toHaveLength(2)
  })
})

/** Files that this process has open; one that another thread closes meanwhile has no link any more. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
}

/** The first input, with these bytes on standard input. */
function first(stdin: PassThrough, signal: AbortSignal, bytes: Uint8Array) {
  stdin.write(bytes)
  return openInputs(['-'], { stdin, signal }).next()
}
