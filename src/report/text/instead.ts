import type { Analysis } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { hang } from './wrap.js'

/** Where there is no session: a line for each thing that there is instead. */
export function* instead({ capture }: Analysis, { width, style }: ReportOptions): Iterable<string> {
  const { seen = [] } = capture
  if (seen.length === 0) return
  yield ''
  yield style.heading('What there is instead')
  for (const { sentence } of seen) yield* hang(' ', 1, sentence, width)
}
