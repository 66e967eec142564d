import { fstatSync, readFileSync, statSync } from 'node:fs'

const STDIN = 0
const STDOUT = 1
const STDERR = 2

/**
 * Whether the process was started without standard output. Node then opens /dev/null in its place, for reading and
 * writing; a shell that discards output opens it for writing only, and a daemon or a program that discards all output
 * has more than one such stream. Always false where the system does not show how a stream was opened.
 */
export function isStdoutClosed(): boolean {
  return isReopened(STDOUT) && !isReopened(STDIN) && !isReopened(STDERR)
}

const ACCESS_MODE = 0o3
const READ_AND_WRITE = 0o2

function isReopened(fd: number): boolean {
  try {
    const status = fstatSync(fd)
    if (!status.isCharacterDevice() || status.rdev !== statSync('/dev/null').rdev) return false
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? []
    return flags !== undefined && (parseInt(flags, 8) & ACCESS_MODE) === READ_AND_WRITE
  } catch {
    // Another system than Linux: what it would show is not known.
    return false
  }
}
