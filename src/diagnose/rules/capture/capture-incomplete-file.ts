import { defineCaptureRule } from '../../capture/capture-rule.js'
import type { Fact } from '../../rule.js'

interface IncompleteFile extends Fact {
  kind: 'incomplete-file'
  path: string
  /** Frames that were read of it, and the number of the last one in the whole input. */
  frames: number
  lastFrame: number
  /** Where in the file, decompressed, the reading ended, and why. */
  offset: number
  reason: string
}

export const captureIncompleteFile = defineCaptureRule<IncompleteFile>({
  id: 'capture-incomplete-file',
  title: 'capture file is cut off or damaged',
  severity: 'warning',
  side: 'unknown',
  references: ['draft-ietf-opsawg-pcap', 'draft-ietf-opsawg-pcapng'],
  samples: { reports: 'made/capture-incomplete-file.pcap', silent: 'made/capture-incomplete-file--silent.pcap' },
  *check({ files }) {
    for (const { path, failure, frames, lastFrame } of files) {
      if (!failure || lastFrame === null) continue
      yield {
        fact: { kind: 'incomplete-file', path, frames, lastFrame, ...failure },
        confidence: 'high',
        evidence: [{ frame: lastFrame, quote: null, note: `last frame that could be read of ${path}` }],
      }
    }
  },
  texts: {
    message({ path, frames, lastFrame, reason }) {
      const cut = `${path} is cut off or damaged behind frame ${lastFrame} (${reason})`
      return `${cut}; ${frames} frames were read, what followed is missing.`
    },
  },
  remedy() {
    const written = 'a file that is still being written ends this way, too'
    const stop = 'stop the capture first (tcpdump: SIGINT), or write each packet at once (tcpdump -U)'
    return [`copy the file again and compare sizes; ${written}: ${stop}`]
  },
})
