import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * A stream of something other than a regular file. Like standard input, a named pipe is awaited by the event loop: a
 * blocking read in a thread would keep the process from exiting while there is no writer. `Socket` is Node's class for
 * such a stream; no network connection is made.
 */
export function openSpecial(path: string, chunkLength: number): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: true, writable: false })
  closeSync(fd)
  return createReadStream(path, { highWaterMark: chunkLength })
}
