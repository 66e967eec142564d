import type { InputPlan } from '../../capture/input-plan.js'
import { CaptureRewriter, type CopyRules } from '../../capture/write/capture-rewriter.js'
import type { Input } from '../../input/input.js'
import { readInputs } from '../../input/read-inputs.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError } from '../errors.js'
import type { Output } from '../output/output.js'
import type { ProcessIo } from '../process-io.js'

/** Stops at an input that cannot be read a second time. */
export function refuseStream({ path, size }: Input): void {
  if (size === null)
    throw new CommandError(
      `${path} can be read only once: save it to a file first (cat > capture.pcapng), the packets are copied afterwards`,
    )
}

/** Stops where the copy would be printed on a terminal. */
export function refuseTerminal(output: string | undefined, io: ProcessIo): void {
  if ((output === undefined || output === '-') && io.stdout.isTTY)
    throw new CommandError('A capture is not for a terminal: name a file with -o')
}

export interface Copying {
  captures: readonly string[]
  plan: InputPlan | undefined
  dependencies: Dependencies
  signal: AbortSignal
  /** Also takes all bytes that are written. */
  also?: (bytes: Uint8Array) => void
}

/**
 * Reads captures once more and copies what `rules` say to `output`, which is `null` for a reading without a copy.
 * Returns the number of frames read. What cannot be read was reported by the analysis.
 */
export async function copyCaptures(rules: CopyRules, output: Output | null, copying: Copying): Promise<number> {
  const { captures, plan, dependencies, signal, also } = copying
  let pending: Uint8Array[] = []
  const rewriter = new CaptureRewriter(rules, {
    application: `ftpscope ${dependencies.version}`,
    write(bytes) {
      if (!output) return
      also?.(bytes)
      pending.push(bytes.slice())
    },
  })
  const flush = async (): Promise<void> => {
    const bytes = pending
    pending = []
    if (output && bytes.length > 0) await output.write(Buffer.concat(bytes))
  }
  await readInputs((onProblem) => dependencies.inputs(captures, signal, onProblem, plan), {
    analyzer: rewriter,
    tell: () => undefined,
    progress: null,
    signal,
    check: () => Promise.resolve(),
    afterChunk: flush,
  })
  await flush()
  refuseInterrupted(signal)
  return rewriter.frames
}

/** Stops after Ctrl-C: half a copy is of no use. */
export function refuseInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new CommandError('Interrupted: nothing was written')
}

/** Stops where a capture is not what it was when it was analyzed. */
export function checkUnchanged(frames: number, analyzed: number): void {
  if (frames !== analyzed)
    throw new CommandError(
      `The captures changed while they were read: ${analyzed} frames were analyzed, ${frames} are there now; try again`,
    )
}
