/** First and last port, both included. */
export interface PortRange {
  low: number
  high: number
}

/** Ports further apart come from no configured range: the server takes any that is free. */
const WIDEST = 2000
/** Where the server must be given a range: above the ports that systems hand out for other purposes, but for the last few (IANA's begin at 49152). */
const SUGGESTED: PortRange = { low: 50000, high: 50999 }
const STEP = 100

/** The range of passive ports to configure and to open. */
export interface RangeAdvice extends PortRange {
  /** `seen`: drawn around the ports that the server announced; `suggested`: those lie too far apart, or there were none. */
  from: 'seen' | 'suggested'
}

/** A range around the ports that were seen, in full hundreds, since what was announced is a part of what is configured. */
export function adviseRange(ports: readonly number[]): RangeAdvice {
  const seen = spanOf(ports)
  if (!seen || seen.high - seen.low > WIDEST) return { ...SUGGESTED, from: 'suggested' }
  return {
    low: Math.max(1024, Math.floor(seen.low / STEP) * STEP),
    high: Math.min(65535, Math.ceil(seen.high / STEP) * STEP),
    from: 'seen',
  }
}

/** Twice as many ports from the same lowest one, for a range that was used up. */
export function widen({ low, high }: PortRange): PortRange {
  return { low, high: Math.min(65535, high + (high - low)) }
}

/** Lowest and highest of the ports that a listener without privileges can have; `null` without any. */
export function spanOf(ports: readonly number[]): PortRange | null {
  const usable = ports.filter((port) => port >= 1024 && port <= 65535)
  if (usable.length === 0) return null
  return {
    low: usable.reduce((low, port) => Math.min(low, port)),
    high: usable.reduce((high, port) => Math.max(high, port)),
  }
}
