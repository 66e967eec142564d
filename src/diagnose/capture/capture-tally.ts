import type { CaptureFile } from '../../capture/capture-file.js'
import type { SnappedFrames } from '../../capture/snapped-frames.js'
import type { SessionTotals } from '../facts/session-traits.js'
import type { CaptureFacts } from './capture-rule.js'

/** Counts, session by session, what the rules on the capture judge. */
export class CaptureTally {
  readonly #duplicates = { packets: 0, duplicates: 0, firstFrame: null as number | null }

  session({ packets, duplicates, firstDuplicate }: SessionTotals): void {
    this.#duplicates.packets += packets
    this.#duplicates.duplicates += duplicates
    if (firstDuplicate !== null && firstDuplicate < (this.#duplicates.firstFrame ?? Infinity))
      this.#duplicates.firstFrame = firstDuplicate
  }

  facts(files: readonly CaptureFile[], snappedFrames: SnappedFrames): CaptureFacts {
    let before = 0
    return {
      files: files.map(({ path, failure, snapLength, frames }) => {
        const firstFrame = frames > 0 ? before + 1 : null
        before += frames
        return { path, failure, snapLength, frames, firstFrame, lastFrame: frames > 0 ? before : null }
      }),
      snappedFrames,
      duplicates: this.#duplicates,
    }
  }
}
