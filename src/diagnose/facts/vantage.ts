import type { Confidence } from '../confidence.js'
import { addressClue, gapClue, hopClue, lossClue, type Captured, type VantageClue } from './vantage-clues.js'

export type Vantage = 'client' | 'server' | 'middle' | 'both-sides-of-nat' | 'unknown'

/** Where a session was captured: at the client, at the server, on the path between them, or on both sides of a NAT. */
export interface VantageEstimate {
  at: Vantage
  confidence: Confidence
  /** The clues, each a clause of a sentence. */
  reasons: readonly string[]
}

/** Estimates where a session was captured, from hop limits, handshake gaps, addresses and retransmissions. */
export function estimateVantage(facts: Captured): VantageEstimate {
  const { session } = facts
  const { client, server } = session
  if (client.address === server.address)
    return { at: 'unknown', confidence: 'low', reasons: ['client and server are the same host'] }
  // Best first: only routers change hop limits; a slow host near the observation point can distort the gaps.
  const clues = [hopClue(facts), gapClue(facts), addressClue(session), lossClue(facts)].filter((c) => c !== null)
  const estimate = weigh(clues)
  const { sameSession: twin } = session.surroundings
  if (!twin) return estimate
  return {
    at: 'both-sides-of-nat',
    confidence: 'high',
    reasons: [
      `the same control connection was also captured from ${twin.client.address} to ${twin.server.address}`,
      ...estimate.reasons,
    ],
  }
}

/** The first clue decides; the others raise or lower the confidence. */
function weigh(clues: readonly VantageClue[]): VantageEstimate {
  const [first, ...others] = clues
  if (!first)
    return { at: 'unknown', confidence: 'low', reasons: ['hop limits, handshakes and addresses are inconclusive'] }
  const agreeing = others.filter(({ at }) => at === first.at)
  const against = others.filter((clue) => contradicts(clue, first))
  const reasons = [first, ...agreeing].map(({ reason }) => reason)
  return {
    at: first.at,
    confidence: confidenceOf(first, agreeing.length, against.length),
    reasons: [...reasons, ...against.map(({ reason }) => `but ${reason}`)],
  }
}

function confidenceOf({ confidence }: VantageClue, agreeing: number, against: number): Confidence {
  if (against > agreeing) return confidence === 'high' ? 'medium' : 'low'
  if (agreeing > against) return confidence === 'low' ? 'medium' : 'high'
  return confidence
}

/** One indicates the client, the other the server: a point in the middle can look like either. */
function contradicts(clue: VantageClue, first: VantageClue): boolean {
  return (clue.at === 'client' && first.at === 'server') || (clue.at === 'server' && first.at === 'client')
}
