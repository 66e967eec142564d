import type { ReportFormat } from '../format.js'
import { WholeAnalysis } from '../whole-analysis.js'
import { embedded } from './embed.js'
import { embeddedExplanations } from './explanations.js'
import { atSlot } from './template.js'

/**
 * One file that shows the analysis in a browser: the page of `src/web/`, passed as its template, with the analysis
 * inserted, and with the pages that explain its findings, which `explanation` gives in Markdown.
 */
export function pageReport(template: string, explanation?: (id: string) => string | undefined): ReportFormat {
  const [before, after] = atSlot(template)
  return (options) =>
    new WholeAnalysis(function* (analysis) {
      yield before
      yield* embedded(analysis)
      if (explanation) yield* embeddedExplanations(analysis, explanation)
      yield after
    }, options)
}
