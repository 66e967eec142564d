import type { ProgressDisplay } from '../../input/read-inputs.js'
import type { OutputStream } from '../process-io.js'

/** Text measurement is loaded only if there is a terminal: loading takes longer than a small capture. */
export async function openProgress(stream: OutputStream | null): Promise<ProgressDisplay | null> {
  return stream?.isTTY ? new (await import('./progress.js')).Progress(stream) : null
}
