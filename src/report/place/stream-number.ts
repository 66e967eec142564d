import type { ConnectionReport, SessionReport } from '../contract.js'
import type { FileFrames } from './file-frames.js'

/**
 * How the stream of a data connection is called: by its number in the session's file, where that is known and the input
 * has several files; otherwise by its number in the whole input.
 */
export function streamNumber(
  { tcpStream, origin }: Pick<SessionReport, 'tcpStream' | 'origin'>,
  connection: Pick<ConnectionReport, 'tcpStream' | 'synFrame'>,
  frames: FileFrames,
): string {
  if (!frames.isSeveral) return String(connection.tcpStream)
  const { synFrame } = connection
  const file = synFrame === null ? null : frames.local(synFrame)?.file
  if (!origin || origin.tcpStream === null || file !== origin.file) return `${connection.tcpStream} of the input`
  // Only the first file of a place has such numbers, and there all streams are shifted alike.
  return String(connection.tcpStream - tcpStream + origin.tcpStream)
}
