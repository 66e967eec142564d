import { CommandError } from '../errors.js'
import type { ProcessIo } from '../process-io.js'
import { StreamOutput } from './stream-output.js'

/**
 * Standard output for a report.
 *
 * @throws CommandError if the process was started without one (`>&-`)
 */
export function standardOutput(io: ProcessIo): StreamOutput {
  if (io.stdoutClosed)
    throw new CommandError(
      'Cannot write to standard output: it is closed; name a file with -o, or discard the report with > /dev/null',
    )
  return new StreamOutput(io.stdout)
}
