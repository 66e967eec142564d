import type { Epoch } from '../../capture/time.js'
import type { ReadPlace } from '../../paths/place-digests.js'
import type { FtpStreams } from './ftp-streams.js'

/** A place as it was read, and what its own analysis found. */
export interface DescribedPlace extends ReadPlace {
  streams: FtpStreams
}

/** Nanoseconds from one time 0 to another, as the clocks state them. */
export function epochDifference(first: Epoch | null, second: Epoch | null): number {
  if (!first || !second) return 0
  return (second.seconds - first.seconds) * 1e9 + (second.nanoseconds - first.nanoseconds)
}

/**
 * Nanoseconds as milliseconds with microseconds; halves are rounded away from 0, so that a sign makes no difference.
 */
export function milliseconds(nanoseconds: number): number {
  const rounded = Math.round(Math.abs(nanoseconds) / 1000) / 1000
  return nanoseconds < 0 && rounded > 0 ? -rounded : rounded
}
