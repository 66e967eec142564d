import { InputError } from '../../input/input-error.js'
import { codeOf, reasonOf } from '../errors.js'

/** Advice on system errors when reading an input. */
const ADVICE: Record<string, string> = {
  EACCES: 'run as a user who may read it',
  EPERM: 'run as a user who may read it',
  ENOENT: 'give a capture file, a folder with captures, or - for standard input',
  ENOTDIR: 'check the path',
  ELOOP: 'check where they point',
  EISDIR: 'give the folder as an argument instead',
}

/** Describes an error of the file system. */
export function describeSystemError(error: unknown): string {
  const advice = ADVICE[codeOf(error) ?? '']
  return advice === undefined ? reasonOf(error) : `${reasonOf(error)}; ${advice}`
}

export function cannotRead(path: string, error: unknown): InputError {
  return new InputError(`Cannot read ${path}: ${describeSystemError(error)}`, { cause: error })
}
