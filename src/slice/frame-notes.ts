import { escapeControls } from '../bytes/text.js'
import type { Analysis, FindingReport, SessionReport } from '../report/contract.js'

/** What an analysis says about one frame. */
export interface FrameNote {
  frame: number
  /** `null` for a finding on the capture as a whole. */
  session: number | null
  /** `null` for the verdict of the session that begins there. */
  finding: string | null
  text: string
}

/** The verdict of each session on its first frame, and each finding on the frames that prove it, in order of frames. */
export function frameNotes({ findings }: Pick<Analysis, 'findings'>, sessions: readonly SessionReport[]): FrameNote[] {
  const notes = sessions.flatMap((session) => [
    verdictNote(session),
    ...session.findings.flatMap((finding) => findingNotes(finding, session.id)),
  ])
  const all = [...notes, ...findings.flatMap((finding) => findingNotes(finding, null))]
  return all.toSorted((a, b) => a.frame - b.frame)
}

function verdictNote({ id, firstFrame, verdict }: SessionReport): FrameNote {
  const text = `${verdict.outcome}: ${verdict.sentence}`
  return { frame: firstFrame, session: id, finding: null, text: escapeControls(text) }
}

function findingNotes({ id, title, evidence }: FindingReport, session: number | null): FrameNote[] {
  return evidence.map(({ frame, note }) => ({
    frame,
    session,
    finding: id,
    text: escapeControls(`${title} (${id}): ${note}`),
  }))
}

/** A note as a comment of a packet. */
export function commentOf({ session, text }: FrameNote): string {
  return `ftpscope, ${session === null ? 'capture' : `session ${session}`}: ${text}`
}
