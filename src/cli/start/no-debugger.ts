/**
 * Keeps Node from opening its debugger, a port on this machine that lets whoever connects run code, when the process
 * receives SIGUSR1. Node's option `--disable-sigusr1` is newer than the oldest supported version; a listener replaces
 * what Node does, for all threads.
 */
export function refuseDebugger(): void {
  process.on('SIGUSR1', () => undefined)
}
