/** First and last port, both included. */
export interface PortRange {
  low: number
  high: number
}

/** Ports further apart do not come from a configured range: the server takes any free port. */
const WIDEST = 2000
/** For a server that needs a range: above most of the ports that systems assign dynamically (IANA's begin at 49152). */
export const SUGGESTED: PortRange = { low: 50000, high: 50999 }
const STEP = 100

/** The range of passive ports to configure and to open. */
export interface RangeAdvice extends PortRange {
  /** `seen`: around the ports that the server announced; `suggested`: those are too far apart, or there were none. */
  from: 'seen' | 'suggested'
}

/**
 * A range around the ports seen, in full hundreds, since the announced ports are only a part of the configured range.
 */
export function adviseRange(ports: readonly number[]): RangeAdvice {
  const seen = spanOf(ports)
  if (!seen || seen.high - seen.low > WIDEST) return { ...SUGGESTED, from: 'suggested' }
  let low = Math.floor(seen.low / STEP) * STEP
  let high = Math.ceil(seen.high / STEP) * STEP
  if (low === high) {
    // A port in full hundreds may be the first or the last of the configured range.
    low -= STEP
    high += STEP
  }
  return { low: Math.max(1024, low), high: Math.min(65535, high), from: 'seen' }
}

/** Twice as many ports from the same lowest one, for a range that was used up. */
export function widen({ low, high }: PortRange): PortRange {
  return { low, high: Math.min(65535, high + (high - low)) }
}

/** Lowest and highest of the unprivileged ports; `null` if there are none. */
export function spanOf(ports: readonly number[]): PortRange | null {
  const usable = ports.filter((port) => port >= 1024 && port <= 65535)
  if (usable.length === 0) return null
  return {
    low: usable.reduce((low, port) => Math.min(low, port)),
    high: usable.reduce((high, port) => Math.max(high, port)),
  }
}
