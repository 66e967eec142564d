import { InputError } from '../../input/input-error.js'
import { codeOf, reasonOf } from '../errors.js'

/** Advice on system errors when reading an input. */
const ADVICE: Record<string, string> = {
  EACCES: 'run as a user with read access',
  EPERM: 'run as a user with read access',
  ENOENT: 'give a capture file, a directory with captures, or - for standard input',
  ENOTDIR: 'check the path',
  ELOOP: 'check where they point',
  EISDIR: 'give the directory as an argument instead',
}

/** Describes an error of the file system. */
export function describeSystemError(error: unknown): string {
  const advice = ADVICE[codeOf(error) ?? '']
  return advice === undefined ? reasonOf(error) : `${reasonOf(error)}; ${advice}`
}

export function cannotRead(path: string, error: unknown): InputError {
  return new InputError(`Cannot read ${path}: ${describeSystemError(error)}`, { cause: error })
}
