import type { Frame } from './frame.js'

/** Frames of which the capture kept less than was on the wire. */
export interface SnappedFrames {
  count: number
  firstFrame: number | null
}

/** Called for every frame: a comparison, and nothing else for one that was kept whole. */
export function noteSnapped(snapped: SnappedFrames, frame: Frame): void {
  if (frame.end - frame.start >= frame.wireLength) return
  snapped.count++
  snapped.firstFrame ??= frame.number
}

export function joinSnapped(parts: readonly SnappedFrames[]): SnappedFrames {
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  return { count, firstFrame: parts.find((part) => part.firstFrame !== null)?.firstFrame ?? null }
}
