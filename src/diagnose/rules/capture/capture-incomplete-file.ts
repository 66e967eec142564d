import { defineCaptureRule } from '../../legacy.js'

export const captureIncompleteFile = defineCaptureRule({
  id: 'capture-incomplete-file',
  title: 'capture file is cut off or damaged',
  severity: 'warning',
  side: 'unknown',
  remedy: ['Capture or copy the file again'],
  references: ['draft-ietf-opsawg-pcap', 'draft-ietf-opsawg-pcapng'],
  samples: { reports: 'made/capture-incomplete-file.pcap', silent: 'made/capture-incomplete-file--silent.pcap' },

  *check(facts) {
    const told = facts.anomalies.find((anomaly) => anomaly.kind === 'capture-incomplete-file')
    for (const file of facts.files) {
      if (file.complete || file.lastFrame === null) continue
      // The log keeps the words for the first file only.
      const why = told?.message.startsWith(`${file.path}: `) ? ` (${told.message.slice(file.path.length + 2)})` : ''
      yield {
        confidence: 'high',
        message: `${file.path} is cut off or damaged behind frame ${file.lastFrame}${why}; ${file.frames} frames were read, what followed is missing.`,
        evidence: [{ frame: file.lastFrame, note: `last frame that could be read of ${file.path}` }],
        remedy: [
          'copy the file again and compare sizes; a file that is still being written ends this way, too: stop the capture first (tcpdump: SIGINT), or write each packet at once (tcpdump -U)',
        ],
      }
    }
  },
})
