import type { Epoch } from '../capture/time.js'

/** Sources in the order of their first frames, followed by those without a known time, in the order given. */
export function byFirstTime<Source extends { firstTime: Epoch | null }>(sources: readonly Source[]): Source[] {
  const timed = sources.filter(({ firstTime }) => firstTime !== null)
  const untimed = sources.filter(({ firstTime }) => firstTime === null)
  return [...timed.sort((a, b) => compare(a.firstTime!, b.firstTime!)), ...untimed]
}

function compare(a: Epoch, b: Epoch): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
}
