import { defineCaptureRule } from '../../capture/capture-rule.js'
import type { Fact } from '../../rule.js'

/** A few packets twice happen on any mirror port; only a systematic share says something. */
const SHARE = 0.05
const FEWEST = 3

const CAPTURED_ONCE = 'capture on one interface instead of "any", or mirror one direction only'

interface Duplicates extends Fact {
  kind: 'duplicates'
  /** Packets of FTP connections, each once, and the copies of them. */
  packets: number
  duplicates: number
}

export const captureDuplicates = defineCaptureRule<Duplicates>({
  id: 'capture-duplicates',
  title: 'packets were captured twice',
  severity: 'info',
  side: 'unknown',
  references: ['editcap(1): -d', 'tcpdump(1): -i any'],
  samples: { reports: 'made/capture-duplicates.pcap', silent: 'made/capture-duplicates--silent.pcap' },
  *check(facts) {
    const { packets, duplicates, firstFrame } = facts.duplicates
    if (firstFrame === null || duplicates < FEWEST || duplicates < packets * SHARE) return
    yield {
      fact: { kind: 'duplicates', packets, duplicates },
      confidence: 'high',
      evidence: [{ frame: firstFrame, quote: null, note: 'first packet that was captured a second time' }],
    }
  },
  texts: {
    message({ packets, duplicates }) {
      const copies = `${duplicates} of ${packets + duplicates} packets of FTP connections are copies`
      return `${copies} of a packet captured just before: the capture saw them at two places. They were counted once.`
    },
  },
  remedy: () => [`${CAPTURED_ONCE}; to clean this capture: editcap -d in.pcap out.pcap`],
})
