import { withCommands } from '../../remedies/commands.js'
import { defineCaptureRule } from '../../capture/capture-rule.js'
import type { Fact } from '../../rule.js'

export interface IncompleteFile extends Fact {
  kind: 'incomplete-file'
  path: string
  /** Frames that were read from it, and the number of the last one in the whole input. */
  frames: number
  lastFrame: number
  /** Offset in the decompressed file at which reading stopped, and why. */
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
        evidence: [{ frame: lastFrame, quote: null, note: `last frame that could be read from ${path}` }],
      }
    }
  },
  texts: {
    message({ path, frames, lastFrame, reason }) {
      const cut = `${path} is cut off or damaged after frame ${lastFrame} (${reason})`
      return `${cut}; ${frames === 1 ? '1 frame was' : `${frames} frames were`} read, the rest is missing.`
    },
  },
  remedy: () => [
    'copy the file again and compare the sizes',
    'if the file is still being written, stop the capture first (tcpdump: SIGINT)',
    withCommands('or write each packet immediately', [null, 'tcpdump -U -w FILE']),
  ],
})
