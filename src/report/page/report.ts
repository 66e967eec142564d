import type { ReportFormat } from '../format.js'
import { WholeAnalysis } from '../whole-analysis.js'
import { embedded } from './embed.js'
import { atSlot } from './template.js'

/**
 * One file that shows the analysis in a browser: the page of `src/web/`, passed as its template, with the analysis
 * inserted.
 */
export function pageReport(template: string): ReportFormat {
  const [before, after] = atSlot(template)
  return (options) =>
    new WholeAnalysis(function* (analysis) {
      yield before
      yield* embedded(analysis)
      yield after
    }, options)
}
