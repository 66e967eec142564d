import type { Outcome } from '../contract.js'
import type { Style } from '../style.js'

const WORDS: Record<Outcome, string> = {
  failed: 'FAILED',
  degraded: 'degraded',
  ok: 'ok',
  undetermined: 'undetermined',
}

const SYMBOLS: Record<Outcome, string> = { failed: '✗', degraded: '!', ok: '✓', undetermined: '?' }

/** `✗ FAILED`: failures must stand out, even without colors. */
export function outcomeWords(outcome: Outcome): string {
  return `${SYMBOLS[outcome]} ${WORDS[outcome]}`
}

/** Marks a text in the color of an outcome. */
export function inOutcomeStyle(outcome: Outcome, text: string, style: Style): string {
  return style[outcome](text)
}
