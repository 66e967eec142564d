/** Nanoseconds as milliseconds with microsecond precision. */
export function toMilliseconds(nanoseconds: number): number {
  return toMicrosecond(nanoseconds / 1e6)
}

export function toMicrosecond(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
