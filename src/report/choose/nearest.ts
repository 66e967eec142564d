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

/** Share of letter pairs that two words have in common (Sørensen–Dice), 0 to 1. */
function likeness(a: string, b: string): number {
  const left = pairs(a.slice(0, 100))
  const right = new Set(pairs(b))
  if (left.length + right.size === 0) return 0
  return (2 * left.filter((pair) => right.has(pair)).length) / (left.length + right.size)
}

function pairs(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))
}
