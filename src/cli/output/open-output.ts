import type { ProcessIo } from '../process-io.js'
import { openFileOutput } from './file-output.js'
import type { Output } from './output.js'
import { standardOutput } from './standard-output.js'

/** Standard output, or the file of `-o`. */
export async function openOutput(file: string | undefined, io: ProcessIo): Promise<Output> {
  if (file === undefined || file === '-') return standardOutput(io)
  return openFileOutput(file)
}
