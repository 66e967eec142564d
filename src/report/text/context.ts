import type { Analysis } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { FileFrames } from '../place/file-frames.js'
import { JoinedSessions } from '../place/joined-sessions.js'

/** What the parts of a report for people need besides what they show. */
export interface TextContext extends ReportOptions {
  frames: FileFrames
  joined: JoinedSessions
}

export function contextOf(analysis: Analysis, options: ReportOptions): TextContext {
  return { ...options, frames: new FileFrames(analysis.capture), joined: new JoinedSessions(analysis) }
}
