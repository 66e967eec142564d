import { withCommands } from '../../remedies/commands.js'
import { defineCaptureRule } from '../../capture/capture-rule.js'
import type { Fact } from '../../rule.js'

/** A few duplicates occur on any mirror port; only a systematic share is significant. */
const SHARE = 0.05
const FEWEST = 3

export interface Duplicates extends Fact {
  kind: 'duplicates'
  /** Packets of FTP connections, each counted once, and the duplicates of them. */
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
      evidence: [{ frame: firstFrame, quote: null, note: 'first packet that was captured twice' }],
    }
  },
  texts: {
    message({ packets, duplicates }) {
      const copies = `${duplicates} of ${packets + duplicates} packets of FTP connections are duplicates`
      return `${copies} of packets captured just before: the capture saw them at two points. Each is counted once.`
    },
  },
  remedy: () => [
    'capture on one interface instead of "any", or mirror one direction only',
    withCommands('to remove the duplicates from this capture', [null, 'editcap -d in.pcap out.pcap']),
  ],
})
