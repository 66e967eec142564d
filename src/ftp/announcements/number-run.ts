import { isDigit } from '../../bytes/ascii.js'

/** Numbers separated by commas, somewhere in a text. */
export interface NumberRun {
  numbers: string[]
  /** Positions of the first digit and after the last. */
  start: number
  end: number
}

/** Runs kept per text: prose has few. */
const MAX_RUNS = 64

/**
 * All runs of numbers separated by commas with optional spaces, in one pass (a regular expression would be quadratic on
 * a hostile line). Finds the tuple of a 227 anywhere in the text (RFC 1123 §4.1.2.6).
 */
export function numberRuns(text: string): NumberRun[] {
  const runs: NumberRun[] = []
  let at = 0
  while (at < text.length && runs.length < MAX_RUNS) {
    if (!isDigit(text.charCodeAt(at))) {
      at++
      continue
    }
    const run: NumberRun = { numbers: [], start: at, end: at }
    for (;;) {
      const start = at
      while (isDigit(text.charCodeAt(at))) at++
      run.numbers.push(text.slice(start, at))
      run.end = at
      let next = skipBlanks(text, at)
      if (text[next] !== ',') break
      next = skipBlanks(text, next + 1)
      if (!isDigit(text.charCodeAt(next))) break
      at = next
    }
    runs.push(run)
  }
  return runs
}

function skipBlanks(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}
