import type { EvidenceReport } from '../contract.js'

/** Pieces of evidence of one finding that are shown; JSON has all. */
const SHOWN = 8

export interface EvidenceLine {
  /** "#42 #47 #55" */
  frames: string
  note: string
}

/** Frames, one per line, with what they show; neighbors that show the same share a line. */
export function evidenceLines(evidence: readonly EvidenceReport[]): EvidenceLine[] {
  const lines: EvidenceLine[] = []
  for (const { frame, note } of evidence.slice(0, SHOWN)) {
    const last = lines.at(-1)
    if (last?.note === note) last.frames += ` #${frame}`
    else lines.push({ frames: `#${frame}`, note })
  }
  const more = evidence.length - SHOWN
  if (more > 0) lines.push({ frames: '…', note: `and ${more} more in the JSON report` })
  return lines
}
