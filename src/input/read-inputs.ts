import type { Input, InputReader, StopSignal } from './input.js'

export interface ProgressDisplay {
  start(input: Input): void
  update(): void
  clear(): void
}

export interface Reading {
  analyzer: InputReader
  /** Called with a sentence about each input that could not be read to its end, and whether any of it was. */
  tell: (message: string, wasRead: boolean) => void
  /** `null` if none is shown. */
  progress: ProgressDisplay | null
  signal: StopSignal
  /** Called before an input is read; throws to stop. */
  check: (input: Input) => Promise<void>
  /** Called after each chunk, before the next one is read. */
  afterChunk: () => Promise<void>
}

/**
 * Passes all inputs to the analyzer and reports errors of single inputs. Returns how many were read, at least in part.
 */
export async function readInputs(
  inputs: (onProblem: (problem: Error) => void) => AsyncIterable<Input>,
  reading: Reading,
): Promise<number> {
  let read = 0
  const problem = (error: Error): void => {
    tell(reading, error.message, false)
  }
  for await (const input of inputs(problem)) {
    await reading.check(input)
    if (await readInput(input, reading)) read++
    if (reading.signal.aborted) break
  }
  reading.progress?.clear()
  return read
}

async function readInput(input: Input, reading: Reading): Promise<boolean> {
  const { analyzer, progress, signal, afterChunk } = reading
  try {
    analyzer.openFile(input.path, input.compression)
    progress?.start(input)
    for await (const chunk of input.chunks) {
      analyzer.push(chunk)
      progress?.update()
      await afterChunk()
    }
    // What was read before the failure is analyzed.
    analyzer.closeFile(input.failure)
    if (input.failure !== null && !signal.aborted) tell(reading, named(input, input.failure), true)
    return true
  } catch (error) {
    if (!(error instanceof Error && error.name === 'CaptureFormatError')) throw error
    if (signal.aborted) tell(reading, 'Interrupted before anything was read', false)
    else tell(reading, named(input, input.failure ?? error.message), false)
    return false
  }
}

function tell(reading: Reading, message: string, wasRead: boolean): void {
  reading.progress?.clear()
  reading.tell(message, wasRead)
}

/** The message, prefixed with the input's name unless it begins with it. */
function named({ path }: Input, message: string): string {
  const name = path === '-' ? 'standard input' : path
  const rest = message.slice(path.length)
  return message.startsWith(path) && /^[\s:]/.test(rest) ? name + rest : `${name}: ${message}`
}
