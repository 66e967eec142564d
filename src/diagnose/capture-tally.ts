import type { Anomaly } from '../bytes/anomaly.js'
import type { CaptureFile } from '../capture/capture-file.js'
import type { Frame } from '../capture/frame.js'
import type { Session } from '../correlate/model.js'
import type { CaptureFacts } from './capture-rule.js'

/** Counts, frame by frame and session by session, what the rules on the capture judge. */
export class CaptureTally {
  readonly #snapped = { count: 0, firstFrame: null as number | null }
  readonly #duplicates = { packets: 0, duplicates: 0, firstFrame: null as number | null }

  /** Called for every frame: a comparison, and nothing else for one that was kept whole. */
  frame(frame: Frame): void {
    if (frame.end - frame.start >= frame.wireLength) return
    this.#snapped.count++
    this.#snapped.firstFrame ??= frame.number
  }

  session(session: Session): void {
    const connections = [session.control, ...session.channels.flatMap((c) => (c.connection ? [c.connection] : []))]
    for (const flow of connections.flatMap((connection) => connection.flows)) {
      this.#duplicates.packets += flow.packets
      this.#duplicates.duplicates += flow.duplicates
      const first = flow.firstDuplicate
      if (first !== null && first < (this.#duplicates.firstFrame ?? Infinity)) this.#duplicates.firstFrame = first
    }
  }

  facts(files: readonly CaptureFile[], anomalies: readonly Anomaly[]): CaptureFacts {
    let before = 0
    return {
      files: files.map(({ path, complete, snapLength, frames }) => {
        const firstFrame = frames > 0 ? before + 1 : null
        before += frames
        return { path, complete, snapLength, frames, firstFrame, lastFrame: frames > 0 ? before : null }
      }),
      anomalies,
      snappedFrames: this.#snapped,
      duplicates: this.#duplicates,
    }
  }
}
