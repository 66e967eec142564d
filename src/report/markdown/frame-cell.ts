import type { FileFrames } from '../place/file-frames.js'
import { shortName } from '../place/file-frames.js'
import { code } from './escape.js'

/** "48", or "`server.pcap` 48" where the input has several files: a number sign would make it a reference. */
export function frameCell(frame: number, frames: FileFrames): string {
  const local = frames.local(frame)
  return local ? `${code(shortName(local.file))} ${local.frame}` : String(frame)
}
