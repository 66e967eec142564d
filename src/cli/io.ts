import type { Writable } from 'node:stream'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number }

/** The process as the commands see it; tests give their own. */
export interface Io {
  stdout: OutputStream
  stderr: OutputStream
  env: Readonly<Record<string, string | undefined>>
  /** Calls the listener for the first interrupt (Ctrl-C); a second one ends the process. Returns what takes the listener away. */
  onInterrupt(listener: () => void): () => void
}

export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    onInterrupt(listener) {
      // Without a listener, Node leaves SIGINT to the system, which ends the process.
      process.once('SIGINT', listener)
      return () => process.off('SIGINT', listener)
    },
  }
}
