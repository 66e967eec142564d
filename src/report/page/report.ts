import type { ReportFormat } from '../format.js'
import { embedded } from './embed.js'
import { atSlot } from './template.js'

/** One file that shows the analysis in a browser: the page of `src/web/`, given as its template, with the analysis inside. */
export function htmlFormat(template: string): ReportFormat {
  const [before, behind] = atSlot(template)
  return {
    *report(analysis) {
      yield before
      yield* embedded(analysis)
      yield behind
    },
  }
}
