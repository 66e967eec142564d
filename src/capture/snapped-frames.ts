import type { Frame } from './frame.js'

/** Frames that were not captured completely. */
export interface SnappedFrames {
  count: number
  firstFrame: number | null
}

/** Called for every frame; for a complete one it is a single comparison. */
export function noteSnapped(snapped: SnappedFrames, frame: Frame): void {
  if (frame.end - frame.start >= frame.wireLength) return
  snapped.count++
  snapped.firstFrame ??= frame.number
}

export function joinSnapped(parts: readonly SnappedFrames[]): SnappedFrames {
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  return { count, firstFrame: parts.find((part) => part.firstFrame !== null)?.firstFrame ?? null }
}
