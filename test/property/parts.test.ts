import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { build } from 'tsdown'
import { describe, expect, it } from 'vitest'
import { Analyzer, finishAnalysis, PartAnalyzer } from '../../src/analyze.js'
import { CaptureFormatError } from '../../src/capture/format-error.js'
import { seriesOf } from '../../src/capture/file-series.js'
import type { Input, InputReader } from '../../src/input/input.js'
import { scan } from '../../src/input/scan.js'
import type { AnalyzeOptions } from '../../src/options.js'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { AnalysisBuilder } from '../../src/report/summary/analysis-builder.js'
import { toPcap, toPcapng } from '../support/pcap-writer.js'
import { check } from './check.js'
import { noise, SCENES } from './scenes.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const EPOCH = Date.UTC(2024, 2, 1, 9)

interface File {
  path: string
  bytes: Uint8Array
}

/** Captures of one place or several: some follow each other, some overlap, some are cut off, snapped, empty or none at all. */
const fileSets = fc
  .array(
    fc.record({
      name: fc.constantFrom(...Object.keys(SCENES), 'noise', 'empty', 'text'),
      second: fc.integer({ min: 0, max: 12 }),
      port: fc.integer({ min: 52_000, max: 52_003 }),
      format: fc.constantFrom('pcap', 'nanosecond', 'pcapng'),
      snapLength: fc.constantFrom(262_144, 262_144, 90),
      cut: fc.constantFrom(0, 0, 0, 0.3),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((recipes) => recipes.toSorted((a, b) => a.second - b.second).map(made))

function made(
  recipe: { name: string; second: number; port: number; format: string; snapLength: number; cut: number },
  index: number,
): File {
  const { name, second, port, format, snapLength, cut } = recipe
  const path = `${index}-${name}`
  if (name === 'text')
    return { path, bytes: new TextEncoder().encode('no capture at all, and long enough to see that') }
  const packets = name === 'empty' ? [] : name === 'noise' ? noise().packets : SCENES[name]!(port).packets
  const options = { start: EPOCH + second * 1000, snapLength, nanosecond: format !== 'pcap' }
  const bytes = format === 'pcapng' ? toPcapng(packets, options) : toPcap(packets, options)
  return { path, bytes: bytes.subarray(0, Math.max(24, Math.floor(bytes.length * (1 - cut)))) }
}

function feed(analyzer: InputReader, { path, bytes }: File): void {
  try {
    analyzer.openFile(path)
    analyzer.push(bytes)
    analyzer.closeFile()
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error
  }
}

interface Told {
  analysis: Analysis
  /** Sessions in the order in which they were handed out, when they were. */
  lines: SessionReport[]
}

function inOne(files: readonly File[], options: AnalyzeOptions, streaming: boolean): Told {
  const lines: SessionReport[] = []
  const analyzer = new Analyzer(options, streaming ? { session: (session) => void lines.push(session) } : null)
  for (const file of files) feed(analyzer, file)
  return { analysis: analyzer.end(), lines }
}

/** As the pool does it, except that values pass through a structured clone here and between threads there. */
async function inParts(
  files: readonly File[],
  options: AnalyzeOptions,
  streaming: boolean,
): Promise<Told & { parts: number }> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const all = seriesOf(await Promise.all(files.map((file) => scan(inputOf(file)))))
  const lines: SessionReport[] = []
  const builder = new AnalysisBuilder(streaming ? { session: (session) => void lines.push(session) } : null)
  for (const { paths, before } of all) {
    const part = new PartAnalyzer(
      options,
      (ended) => {
        builder.session(structuredClone(ended))
      },
      before,
    )
    for (const path of paths) feed(part, byPath.get(path)!)
    builder.part(structuredClone(part.endPart()))
  }
  return { analysis: finishAnalysis(builder), lines, parts: all.length }
}

function inputOf({ path, bytes }: File): Input {
  // eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
  const chunks = (async function* () {
    yield bytes
  })()
  return { path, compression: null, size: bytes.length, bytesRead: 0, chunks, failure: null }
}

describe('An input analysed in parts', () => {
  it('comes to the same as in one, in numbers, texts and order', async () => {
    let several = 0
    await fc.assert(
      fc.asyncProperty(
        fileSets,
        fc.boolean(),
        fc.constantFrom({}, { maxConnections: 20 }),
        async (files, streaming, options) => {
          const { parts, ...told } = await inParts(files, options, streaming)
          expect(told).toEqual(inOne(files, options, streaming))
          if (parts > 1) several++
        },
      ),
      { numRuns: 60, seed: Number(process.env['FTPSCOPE_SEED'] ?? 959) },
    )
    expect(several).toBeGreaterThan(5)
  })

  it('and so do threads', { timeout: 120_000 }, async () => {
    // Threads run plain JavaScript only. Built as the published program is, one level below the package as it is.
    const built = mkdtempSync(`${ROOT}dist-parts-`)
    const folder = mkdtempSync(join(tmpdir(), 'ftpscope-parts-'))
    try {
      const entry = { 'cli/main': 'src/cli/main.ts', 'cli/worker': 'src/cli/worker.ts' }
      await build({
        config: false,
        cwd: ROOT,
        entry,
        outDir: built,
        format: 'esm',
        fixedExtension: false,
        dts: false,
        logLevel: 'error',
      })
      check(
        fc.property(fileSets, fc.constantFrom('json', 'ndjson'), (files, format) => {
          rmSync(folder, { recursive: true })
          for (const { path, bytes } of files) write(folder, path, bytes)
          // A capture that is there twice overlaps itself.
          write(folder, 'twin', files[0]!.bytes)
          const [one, several] = [1, 3].map((jobs) => ftpscope(built, folder, format, jobs))
          expect(one!.stdout).toContain('"schema"')
          expect(several).toEqual(one)
        }),
        3,
      )
    } finally {
      for (const made of [built, folder]) rmSync(made, { recursive: true, force: true })
    }
  })
})

function write(folder: string, name: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

function ftpscope(built: string, folder: string, format: string, jobs: number) {
  const command = [join(built, 'cli/main.js'), '--format', format, '--jobs', `${jobs}`, folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
  return { status, stdout, stderr }
}
