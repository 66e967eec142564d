import type { Outcome } from '../contract.js'
import type { Style } from '../style.js'

/** How an outcome is written; what failed is to be seen at once. */
export const OUTCOME_WORDS: Record<Outcome, string> = {
  failed: 'FAILED',
  degraded: 'degraded',
  ok: 'ok',
  undetermined: 'undetermined',
}

/** Marks a text in the colour of an outcome. */
export function inOutcomeStyle(outcome: Outcome, text: string, style: Style): string {
  return style[outcome](text)
}
