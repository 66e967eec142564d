import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Analyzer, PartAnalyzer } from '../../src/analyze.js'
import { CaptureFormatError } from '../../src/capture/format-error.js'
import type { InputPlan } from '../../src/capture/input-plan.js'
import { seriesOf } from '../../src/capture/file-series.js'
import type { Input, InputReader } from '../../src/input/input.js'
import { scan } from '../../src/input/scan.js'
import type { AnalyzeOptions } from '../../src/options.js'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { AnalysisBuilder } from '../../src/report/summary/analysis-builder.js'
import { cases, checkAsync } from './check.js'
import { type File, fileSets } from './file-sets.js'

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
  const sink = streaming ? { session: (session: SessionReport) => void lines.push(session) } : null
  const analyzer = new Analyzer(options, sink, planOf(files))
  for (const file of files) feed(analyzer, file)
  return { analysis: analyzer.end(), lines }
}

/** The names of all files: each session is judged by its own place. */
function planOf(files: readonly File[]): InputPlan {
  return { places: [files.map(({ path }) => path)] }
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
  const plan = planOf(files)
  const sink = streaming ? { session: (session: SessionReport) => void lines.push(session) } : null
  const builder = new AnalysisBuilder(sink, { plan })
  for (const { paths, before } of all) {
    const part = new PartAnalyzer(
      options,
      (ended) => {
        builder.session(structuredClone(ended))
      },
      { before, plan },
    )
    for (const path of paths) feed(part, byPath.get(path)!)
    builder.part(structuredClone(part.endPart()))
  }
  return { analysis: builder.finish(), lines, parts: all.length }
}

function inputOf({ path, bytes }: File): Input {
  // eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
  const chunks = (async function* () {
    yield bytes
  })()
  return { path, compression: null, size: bytes.length, bytesRead: 0, chunks, failure: null }
}

describe('An input analyzed in parts', () => {
  it('comes to the same as in one, in numbers, texts and order', async () => {
    const runs = cases(10, 60)
    let several = 0
    await checkAsync(
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
      runs,
    )
    expect(several).toBeGreaterThan(runs / 12)
  })
})
