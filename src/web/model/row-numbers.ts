import type { SessionReport } from '../../report/contract.js'
import { type FileFrames, shortName } from '../../report/place/file-frames.js'

/**
 * The numbers that rows of a session show: those of its file, if the input has several and the session is in one of
 * them; otherwise those of the whole input.
 */
export function rowNumbers(
  { firstFrame, lastFrame }: Pick<SessionReport, 'firstFrame' | 'lastFrame'>,
  frames: FileFrames,
): { file: string | null; number: (frame: number) => number } {
  const [first, last] = [frames.local(firstFrame), frames.local(lastFrame)]
  if (!first || first.file !== last?.file) return { file: null, number: (frame) => frame }
  const before = firstFrame - first.frame
  return { file: shortName(first.file), number: (frame) => frame - before }
}
