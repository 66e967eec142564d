import type { Analysis, CaptureFileReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { clip, clipMiddle, displayWidth } from './display-width.js'
import { linkTypeName } from '../../wire/link-types.js'
import { millisecondsBetween } from './time.js'
import { count, duration, plural } from './units.js'
import { captureWords } from './vantage.js'

/** Files that are listed one by one; a directory may contain thousands. */
const LISTED_FILES = 12

/** What was read: a line per file, and for several one for all. */
export function* captureHeader(analysis: Analysis, options: ReportOptions): Iterable<string> {
  const { capture } = analysis
  const vantage = captureWords(analysis)
  const [only] = capture.files
  if (capture.files.length === 1 && only) {
    yield* headerLine(nameOf(only), [...fileFacts(only, capture.durationMs), vantage], options)
    return
  }
  for (const file of capture.files.slice(0, LISTED_FILES)) {
    yield* headerLine(
      nameOf(file),
      fileFacts(file, file.start === null || file.end === null ? null : millisecondsBetween(file.start, file.end)),
      options,
    )
  }
  const more = capture.files.length - LISTED_FILES
  if (more > 0) yield options.style.faint(`and ${plural(more, 'more file')}`)
  yield* headerLine(
    `${plural(capture.files.length, 'file')} in total`,
    [frames(capture.frames, capture.durationMs), vantage],
    options,
  )
}

function nameOf({ path }: CaptureFileReport): string {
  return path === '-' ? 'standard input' : path
}

function fileFacts(file: CaptureFileReport, durationMs: number | null): string[] {
  const facts = [frames(file.frames, durationMs), file.linkTypes.map((type) => linkTypeName(type)).join(', ')]
  if (file.snapLength !== null && file.snapLength > 0 && file.snapLength < FULL_FRAME)
    facts.push(`snap length ${count(file.snapLength)} bytes`)
  if (!file.complete) facts.push('incomplete file')
  return facts.filter((fact) => fact !== '')
}

/** Largest frame of plain Ethernet: a smaller snap length may have truncated frames. */
const FULL_FRAME = 1514

function frames(number: number, durationMs: number | null): string {
  return plural(number, 'frame') + (durationMs === null ? '' : ` in ${duration(durationMs)}`)
}

/** The name and its facts, side by side as far as the width allows. */
function headerLine(name: string, facts: readonly (string | null)[], { style, width }: ReportOptions): string[] {
  const shown = clipMiddle(name, width)
  const lines = [style.heading(shown)]
  let taken = displayWidth(shown)
  for (const fact of facts) {
    if (fact === null) continue
    const needed = GAP.length + displayWidth(fact)
    if (taken + needed <= width) {
      lines.push(lines.pop()! + GAP + fact)
      taken += needed
    } else {
      lines.push(GAP + clip(fact, width - GAP.length))
      taken = Math.min(needed, width)
    }
  }
  return lines
}

const GAP = '   '
