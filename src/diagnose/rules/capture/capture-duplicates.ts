import { defineCaptureRule } from '../../legacy.js'

/** A few packets twice happen on any mirror port; only a systematic share says something. */
const SHARE = 0.05
const FEWEST = 3

export const captureDuplicates = defineCaptureRule({
  id: 'capture-duplicates',
  title: 'packets were captured twice',
  severity: 'info',
  side: 'unknown',
  remedy: ['Capture on one interface, or remove duplicates: editcap -d'],
  references: ['editcap(1): -d', 'tcpdump(1): -i any'],
  samples: { reports: 'made/capture-duplicates.pcap', silent: 'made/capture-duplicates--silent.pcap' },

  *check(facts) {
    const { packets, duplicates, firstFrame } = facts.duplicates
    if (firstFrame === null || duplicates < FEWEST || duplicates < packets * SHARE) return
    yield {
      confidence: 'high',
      message: `${duplicates} of ${packets + duplicates} packets of FTP connections are copies of a packet captured just before: the capture saw them at two places. They were counted once.`,
      evidence: [{ frame: firstFrame, note: 'first packet that was captured a second time' }],
      remedy: [
        'capture on one interface instead of "any", or mirror one direction only; to clean this capture: editcap -d in.pcap out.pcap',
      ],
    }
  },
})
