/** Slices and annotated copies of captures, made as the command line makes them. */
import { CaptureRewriter, type CopyRules } from '../../src/capture/write/capture-rewriter.js'
import { Analyzer, type Analysis } from '../../src/index.js'
import type { AnalyzerOptions } from '../../src/options.js'
import { Annotator } from '../../src/slice/annotator.js'
import { frameNotes } from '../../src/slice/frame-notes.js'
import { type SessionPackets, sessionPackets } from '../../src/slice/session-packets.js'
import { Slicer, type SliceOptions } from '../../src/slice/slicer.js'

/** `cut` splits the bytes of each file into the chunks that are pushed. */
export type Cut = (bytes: Uint8Array) => Uint8Array[]

const WHOLE: Cut = (bytes) => [bytes]

export function copied(rules: CopyRules, files: readonly Uint8Array[], cut: Cut = WHOLE): Uint8Array {
  const parts: Uint8Array[] = []
  const write = (bytes: Uint8Array): void => void parts.push(bytes.slice())
  const rewriter = new CaptureRewriter(rules, { application: 'test', write })
  for (const [index, file] of files.entries()) {
    rewriter.openFile(`file${index + 1}`)
    for (const piece of cut(file)) {
      const chunk = new Uint8Array(piece)
      rewriter.push(chunk)
      // The caller may reuse a chunk once it is pushed.
      chunk.fill(0xee)
    }
    rewriter.closeFile()
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** Copies everything as it is. */
export const ALL: CopyRules = {
  frame: () => ({}),
  block: (block) => block,
  longBlock: () => true,
  afterHeader: () => [],
  unwritten: () => undefined,
}

export function analyzedBytes(files: readonly Uint8Array[], options: AnalyzerOptions = {}): Analysis {
  const analyzer = new Analyzer(options)
  for (const [index, file] of files.entries()) {
    analyzer.openFile(`file${index + 1}`)
    analyzer.push(file)
    analyzer.closeFile()
  }
  return analyzer.end()
}

export function annotated(files: readonly Uint8Array[], cut?: Cut): { copy: Uint8Array; annotator: Annotator } {
  const analysis = analyzedBytes(files)
  const annotator = new Annotator(frameNotes(analysis, analysis.sessions))
  return { copy: copied(annotator, files, cut), annotator }
}

/** The slice with some of the sessions, all by default, and the analysis it comes from. */
export function sliced(
  files: readonly Uint8Array[],
  {
    ids,
    cut,
    keyLogs = [],
    headersOnly = false,
    ...options
  }: Partial<SliceOptions> & AnalyzerOptions & { ids?: number[]; cut?: Cut } = {},
): { copy: Uint8Array; analysis: Analysis; slicer: Slicer } {
  const found = new Map<number, SessionPackets>()
  const analysis = analyzedBytes(files, {
    ...options,
    ...(keyLogs.length > 0 && { keyLog: keyLogs }),
    judged: (session, { firstFrame }) => found.set(firstFrame, sessionPackets(session)),
  })
  const chosen = analysis.sessions.filter(({ id }) => ids?.includes(id) ?? true)
  const slicer = new Slicer(
    chosen.map(({ firstFrame }) => found.get(firstFrame)!),
    { keyLogs, headersOnly },
  )
  copied(slicer.findFragments, files, cut)
  slicer.beginCopy()
  return { copy: copied(slicer, files, cut), analysis, slicer }
}
