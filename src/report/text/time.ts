/** Milliseconds between two ISO 8601 times, with all their digits: `Date` alone is limited to whole milliseconds. */
export function millisecondsBetween(start: string, end: string): number {
  const [from, to] = [parts(start), parts(end)]
  return to.seconds - from.seconds + (to.fraction - from.fraction)
}

/** Both in milliseconds. */
function parts(time: string): { seconds: number; fraction: number } {
  const [, whole = time, digits = '0'] = /^([^.]*)\.(\d+)Z$/.exec(time) ?? []
  return { seconds: Date.parse(whole.endsWith('Z') ? whole : `${whole}Z`), fraction: Number(`0.${digits}`) * 1000 }
}
