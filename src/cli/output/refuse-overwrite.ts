import { stat } from 'node:fs/promises'
import { CommandError } from '../errors.js'

/** Throws if the report would overwrite one of its captures. */
export async function refuseOverwrite(input: string, output: string | undefined): Promise<void> {
  if (output === undefined || output === '-' || input === '-') return
  const [read, written] = await Promise.all([stat(input).catch(() => null), stat(output).catch(() => null)])
  if (read?.isFile() && read.dev === written?.dev && read.ino === written.ino) {
    throw new CommandError(`Report file ${output} is one of the captures; choose another file with -o`)
  }
}
