import type { Writable } from 'node:stream'
import { removeUnfinished } from './output/unfinished-files.js'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number }

/** The process as the commands see it; tests pass their own. */
export interface ProcessIo {
  stdout: OutputStream
  stderr: OutputStream
  env: Readonly<Record<string, string | undefined>>
  /**
   * Calls the listener for the first interrupt (Ctrl-C, SIGTERM); a second one ends the process. Returns a function
   * that removes the listener.
   */
  onInterrupt(listener: () => void): () => void
}

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const

export function processIo(): ProcessIo {
  // If messages cannot be written, the exit status still shows the result.
  process.stderr.on('error', () => undefined)
  return {
    stdout: process.stdout,
    stderr: process.stderr,
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
        forget()
        // Without a listener, Node leaves the signal to the system, which ends the process.
        process.kill(process.pid, signal)
      }
      const forget = (): void => {
        for (const signal of INTERRUPTS) process.off(signal, onSignal)
      }
      for (const signal of INTERRUPTS) process.on(signal, onSignal)
      return forget
    },
  }
}
