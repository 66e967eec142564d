import type { PathFlightReport } from '../../report/path-contract.js'

/** A packet with its place from the top, in pixels. */
export interface PlacedFlight {
  flight: PathFlightReport
  y: number
}

/** What is drawn between two neighboring places, as shares of the distance between them, from left to right. */
export interface Stroke {
  /** Index of the place on the left. */
  left: number
  from: number
  to: number
  head: 'arrow' | 'lost' | 'unknown'
  /** The packet comes out of the middle: it was sent there, or was not captured before. */
  tail: 'injected' | 'unknown' | null
}

const STEP = 36
/** Extra height of another spelling, and of omitted packets. */
const SPELLING = 14
const GAP = 16
/** Share of the way to the next place at which a lost packet ends. */
const LOST = 0.68

/** Packets one below the other, those that changed with room for their other spelling. */
export function placeFlights(flights: readonly PathFlightReport[]): { placed: PlacedFlight[]; height: number } {
  let y = 0
  const placed = flights.map((flight): PlacedFlight => {
    y += STEP + (flight.skipped > 0 ? GAP : 0)
    const at = y
    y += flight.became.length * SPELLING
    return { flight, y: at }
  })
  return { placed, height: y + 24 }
}

/** The arrows of a packet past its places. */
export function strokesOf({ frames, toward, end, start }: PathFlightReport): Stroke[] {
  const isRightwards = toward === 'server'
  return frames.slice(1).flatMap((right, left): Stroke | [] => {
    const [isLeft, isRight] = [frames[left] !== null, right !== null]
    const [sent, received] = isRightwards ? [isLeft, isRight] : [isRight, isLeft]
    if (!sent && !received) return []
    const whole = isRightwards ? { from: 0, to: 1 } : { from: 1, to: 0 }
    if (sent && received) return { left, ...whole, head: 'arrow', tail: null }
    const part = isRightwards ? LOST : 1 - LOST
    if (sent) return { left, from: whole.from, to: part, head: end === 'lost' ? 'lost' : 'unknown', tail: null }
    return { left, from: 1 - part, to: whole.to, head: 'arrow', tail: start === 'injected' ? 'injected' : 'unknown' }
  })
}
