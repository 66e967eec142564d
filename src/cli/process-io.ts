import type { Writable } from 'node:stream'
import { isStdoutClosed } from './output/closed-stdout.js'
import { removeUnfinished } from './output/unfinished-files.js'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number }

/** The process as the commands see it; tests pass their own. */
export interface ProcessIo {
  stdout: OutputStream
  stderr: OutputStream
  /** The process was started without standard output (`>&-`). */
  stdoutClosed?: boolean
  /** Where a configuration file is looked for; nowhere if absent. */
  folder?: string
  env: Readonly<Record<string, string | undefined>>
  /**
   * Calls the listener for the first interrupt (Ctrl-C, SIGTERM, a closed terminal …); a second one ends the process.
   * Returns a function that removes the listener: then the first one ends the process.
   */
  onInterrupt(listener: () => void): () => void
}

/** Signals by which a user or a system asks a program to end. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export function processIo(): ProcessIo {
  // If messages cannot be written, the exit status still shows the result.
  process.stderr.on('error', () => undefined)
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdoutClosed: isStdoutClosed(),
    folder: '.',
    env: process.env,
    onInterrupt(listener) {
      let interrupted = false
      const onSignal = (signal: NodeJS.Signals): void => {
        if (!interrupted) {
          interrupted = true
          listener()
          return
        }
        removeUnfinished()
        for (const each of INTERRUPTS) process.off(each, onSignal)
        // Without a listener, Node leaves the signal to the system, which ends the process.
        process.kill(process.pid, signal)
      }
      for (const signal of INTERRUPTS) process.on(signal, onSignal)
      return () => {
        interrupted = true
      }
    },
  }
}
