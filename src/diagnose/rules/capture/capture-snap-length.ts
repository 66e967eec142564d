import { withCommands } from '../../remedies/commands.js'
import { defineCaptureRule } from '../../capture/capture-rule.js'
import type { Fact } from '../../rule.js'

/** The headers of a TCP segment over IPv6 with options and a VLAN tag, and an FTP line after them, fit into this. */
const ENOUGH_FOR_COMMANDS = 256

export interface SnappedFrames extends Fact {
  /** The worst that the frames may lack. */
  kind: 'commands' | 'data'
  frames: number
  /** The shortest of the files; `null` where none is stated. */
  snapLength: number | null
}

export const captureSnapLength = defineCaptureRule<SnappedFrames>({
  id: 'capture-snap-length',
  title: 'packets truncated by the snap length',
  severity: 'info',
  side: 'unknown',
  references: ['tcpdump(1): -s snaplen', 'draft-ietf-opsawg-pcap §4 (SnapLen)'],
  samples: { reports: 'made/capture-snap-length.pcap', silent: 'made/capture-snap-length--silent.pcap' },
  *check(facts) {
    const { count, firstFrame } = facts.snappedFrames
    if (count === 0 || firstFrame === null) return
    const limits = facts.files.flatMap((file) => file.snapLength ?? [])
    const snapLength = limits.length > 0 ? limits.reduce((least, limit) => Math.min(least, limit)) : null
    const kind = snapLength !== null && snapLength < ENOUGH_FOR_COMMANDS ? 'commands' : 'data'
    yield {
      fact: { kind, frames: count, snapLength },
      severity: kind === 'commands' ? 'warning' : 'info',
      confidence: 'high',
      evidence: [{ frame: firstFrame, quote: null, note: 'first truncated frame' }],
    }
  },
  texts: {
    message({ kind, frames, snapLength }) {
      const cut = `${frames} ${frames === 1 ? 'frame was' : 'frames were'} truncated when captured`
      const limit = snapLength === null ? '' : ` (snap length ${snapLength} bytes)`
      const harm =
        kind === 'commands'
          ? 'FTP commands and replies may be incomplete, so announced addresses may be missing'
          : 'mostly data is affected'
      return `${cut}${limit}; ${harm}.`
    },
  },
  remedy: () => [
    withCommands('capture whole frames (dumpcap and Wireshark: without "limit each packet")', [
      null,
      'tcpdump -s 0 -w FILE',
    ]),
  ],
})
