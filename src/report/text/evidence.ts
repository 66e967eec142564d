import type { EvidenceReport } from '../contract.js'
import type { FileFrames } from '../place/file-frames.js'

/** Pieces of evidence of one finding that are shown; JSON has all. */
const SHOWN = 8

export interface EvidenceLine {
  /** "#42 #47 #55", "server.pcap #42 #47" */
  frames: string
  note: string
}

/** Frames, one per line, with what they show; neighbors that show the same share a line. */
export function evidenceLines(evidence: readonly EvidenceReport[], files: FileFrames): EvidenceLine[] {
  const groups: { frames: number[]; note: string }[] = []
  for (const { frame, note } of evidence.slice(0, SHOWN)) {
    const last = groups.at(-1)
    if (last?.note === note) last.frames.push(frame)
    else groups.push({ frames: [frame], note })
  }
  const lines = groups.map(({ frames, note }): EvidenceLine => ({ frames: files.names(frames), note }))
  const more = evidence.length - SHOWN
  if (more > 0) lines.push({ frames: '…', note: `and ${more} more in the JSON report` })
  return lines
}
