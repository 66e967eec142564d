import { escapeControls } from '../bytes/text.js'
import type { ProcessIo } from './process-io.js'

/** The command failed; the message is for the user. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** One line on standard error, whatever a file name or a message contains. */
export function printError(io: ProcessIo, message: string): void {
  io.stderr.write(`ftpscope: ${escapeControls(message.trim().replace(/\s*\n\s*/g, ' '))}\n`)
}

/** What errors of the system say, by their code. */
const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'a component of the path is not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EROFS: 'the file system is read-only',
  EIO: 'input/output error',
}

/** What went wrong, in words, including for system errors. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return SYSTEM_ERRORS[codeOf(error) ?? ''] ?? error.message
}

/** The code of a system error, such as `EPIPE`. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
