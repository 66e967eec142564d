import type { ProgressDisplay } from '../../input/read-inputs.js'
import type { OutputStream } from '../process-io.js'

/** Measuring the width of text is loaded only where there is a terminal to show anything on: it takes longer than a small capture. */
export async function openProgress(stream: OutputStream | null): Promise<ProgressDisplay | null> {
  return stream?.isTTY ? new (await import('./progress.js')).Progress(stream) : null
}
