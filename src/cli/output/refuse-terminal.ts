import { CommandError } from '../errors.js'
import type { ProcessIo } from '../process-io.js'

/** @throws CommandError for a page that would be printed to a terminal: hundreds of kilobytes that nobody reads */
export function refuseTerminal(file: string | undefined, { stdout }: ProcessIo): void {
  if ((file === undefined || file === '-') && stdout.isTTY)
    throw new CommandError('Give a file for the page, as in -o report.html: it is not written to a terminal')
}
