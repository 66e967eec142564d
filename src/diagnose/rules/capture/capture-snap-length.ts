import { defineCaptureRule } from '../../legacy.js'

/** Headers of a TCP segment over IPv6 with options and a VLAN tag, and a line of FTP behind them, fit into this. */
const ENOUGH_FOR_COMMANDS = 256

export const captureSnapLength = defineCaptureRule({
  id: 'capture-snap-length',
  title: 'packets truncated by the snap length',
  severity: 'info',
  side: 'unknown',
  remedy: ['Capture whole frames: tcpdump -s 0'],
  references: ['tcpdump(1): -s snaplen', 'draft-ietf-opsawg-pcap §4 (SnapLen)'],
  samples: { reports: 'made/capture-snap-length.pcap', silent: 'made/capture-snap-length--silent.pcap' },

  *check(facts) {
    const { count, firstFrame } = facts.snappedFrames
    if (count === 0 || firstFrame === null) return
    const limits = facts.files.flatMap((file) => (file.snapLength === null ? [] : [file.snapLength]))
    const shortest = limits.length > 0 ? limits.reduce((least, limit) => Math.min(least, limit)) : null
    const cutsCommands = shortest !== null && shortest < ENOUGH_FOR_COMMANDS
    yield {
      severity: cutsCommands ? 'warning' : 'info',
      confidence: 'high',
      message: `${count} ${count === 1 ? 'frame was' : 'frames were'} cut off when captured${
        shortest === null ? '' : ` (snap length ${shortest} bytes)`
      }${cutsCommands ? '; commands and replies of FTP may be incomplete, so announced addresses may be missing' : '; mostly data is concerned'}.`,
      evidence: [{ frame: firstFrame, note: 'first frame that was cut off' }],
      remedy: ['capture whole frames: tcpdump -s 0, dumpcap and Wireshark without "limit each packet"'],
    }
  },
})
