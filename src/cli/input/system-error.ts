import { InputError } from '../../input/input-error.js'

/** Puts an error of the file system into words. */
export function describeSystemError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied; run as a user who may read it'
    case 'ENOENT':
      return 'no such file or folder; give a capture file, a folder with captures, or - for standard input'
    case 'ENOTDIR':
      return 'a part of the path is no folder; check the path'
    case 'ELOOP':
      return 'its symbolic links lead in a circle; check where they point'
    case 'EISDIR':
      return 'it is a folder; give the folder as an argument instead'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

export function cannotRead(path: string, error: unknown): InputError {
  return new InputError(`Cannot read ${path}: ${describeSystemError(error)}`, { cause: error })
}
