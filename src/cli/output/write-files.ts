import { openOutput } from './open-output.js'
import type { Output } from './output.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'

/**
 * Opens the files that `write` fills, `undefined` for standard output. An interrupt, an error, or `null`, if no capture
 * could be read, leaves none of them behind.
 */
export async function writeFiles(
  files: readonly (string | undefined)[],
  io: ProcessIo,
  write: (outputs: readonly Output[], signal: AbortSignal) => Promise<Status | null>,
): Promise<Status> {
  const stop = new AbortController()
  // Before a file is created that an interrupt would leave behind.
  const forget = io.onInterrupt(() => {
    stop.abort()
  })
  const outputs: Output[] = []
  try {
    for (const file of files) outputs.push(await openOutput(file, io))
    const status = await write(outputs, stop.signal)
    for (const each of outputs) await (status === null ? each.discard() : each.finish())
    return status ?? Status.Failed
  } catch (error) {
    for (const each of outputs) await each.discard()
    throw error
  } finally {
    forget()
  }
}
