const ALIKE = 0.5

/** The one of several words that was most likely meant; `null` if none is alike. */
export function nearest<Word extends string>(wanted: string, words: readonly Word[]): Word | null {
  let best: Word | null = null
  let most = ALIKE
  for (const word of words) {
    const alike = likeness(wanted.toLowerCase(), word.toLowerCase())
    if (alike > most || (alike === most && best === null)) [best, most] = [word, alike]
  }
  return best
}

/** How alike two words are that differ by one slip of the fingers. */
const SLIP = 0.9
/** Letters of a word that a slip leaves recognizable. */
const LEAST_LETTERS = 3

/** 0 to 1. */
function likeness(a: string, b: string): number {
  return a.length >= LEAST_LETTERS && isSlip(a, b) ? Math.max(SLIP, pairsInCommon(a, b)) : pairsInCommon(a, b)
}

/** One letter is missing, too many or another one, or two have changed places. */
function isSlip(a: string, b: string): boolean {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const [restOfA, restOfB] = [a.slice(at), b.slice(at)]
  const isSwapped = a[at] === b[at + 1] && a[at + 1] === b[at] && restOfA.slice(2) === restOfB.slice(2)
  return (
    isSwapped || restOfA.slice(1) === restOfB.slice(1) || restOfA.slice(1) === restOfB || restOfA === restOfB.slice(1)
  )
}

/** Share of letter pairs that two words have in common (Sørensen–Dice). */
function pairsInCommon(a: string, b: string): number {
  const left = pairs(a.slice(0, 100))
  const right = new Set(pairs(b))
  if (left.length + right.size === 0) return 0
  return (2 * left.filter((pair) => right.has(pair)).length) / (left.length + right.size)
}

function pairs(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))
}
