import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * A stream of what is no file. A named pipe is waited for as standard input is, by the event loop: a read that blocks in a thread
 * would keep the process from ending while nobody writes. `Socket` is Node's name for that stream; no connection is made.
 */
export function openSpecial(path: string, chunkLength: number): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: true, writable: false })
  closeSync(fd)
  return createReadStream(path, { highWaterMark: chunkLength })
}
