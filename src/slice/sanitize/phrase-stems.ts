import { everyPhrase } from '../../diagnose/facts/phrases.js'

/** Shorter runs of Latin letters are found in any word by chance; of other scripts, two characters are enough. */
const SHORTEST_LATIN = 4
const SHORTEST_OTHER = 2

/** The letters that the phrases are made of by which rules judge, in lower case, without what varies between them. */
export function phraseStems(): string[] {
  const stems = new Set<string>()
  for (const { source } of everyPhrase()) {
    const literal = source
      .replace(/\\./g, ' ')
      .replace(/\[[^\]]*\]/g, ' ')
      .replace(/[^\s()|]\?/gu, ' ')
    for (const [letters] of literal.toLowerCase().matchAll(/[a-z]+|[^\p{ASCII}]+/gu)) {
      const least = /[a-z]/.test(letters) ? SHORTEST_LATIN : SHORTEST_OTHER
      if (letters.length >= least) stems.add(letters)
    }
  }
  return [...stems]
}
