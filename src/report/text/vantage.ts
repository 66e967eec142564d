import type { Analysis, Vantage } from '../contract.js'

const WORDS: Record<Vantage, string | null> = {
  client: "captured on the client's side",
  server: "captured on the server's side",
  middle: 'captured between client and server',
  'both-sides-of-nat': 'captured on both sides of a NAT',
  unknown: null,
}

/** Where a capture was made; `null` if unknown. */
export function vantageWords(vantage: Vantage): string | null {
  return WORDS[vantage]
}

/** Where the captures of an analysis were made; `null` if unknown. */
export function captureWords({ summary, paths = [] }: Pick<Analysis, 'summary' | 'paths'>): string | null {
  return paths.length > 0 ? 'captured at several places' : vantageWords(summary.vantage)
}
