import { defineRule } from '../../legacy.js'
import type { DataChannel } from '../../../correlate/model.js'
import { finalReply } from '../../../correlate/transfers.js'
import { announcementEvidence, commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'

export const captureFilterSuspected = defineRule({
  id: 'capture-filter-suspected',
  title: 'capture filter suspected',
  severity: 'warning',
  side: 'unknown',
  level: 'remark',
  explains: ['active-not-attempted', 'passive-not-attempted'],
  decides: false,
  betterCapture: ({ server }) =>
    `A capture of all TCP and ICMP between the two hosts would settle it, not of the control port alone: tcpdump -w FILE "host ${server.address} and (tcp or icmp or icmp6)".`,
  remedy: ['Capture without a filter on port 21'],
  references: ['RFC 959 §2.3, §3.2'],
  samples: { reports: 'made/capture-filter-suspected.pcap', silent: 'made/capture-filter-suspected--silent.pcap' },

  *check(session) {
    const { control, surroundings } = session
    if (surroundings.otherConnectionsBetweenHosts || session.channels.some((c) => c.connection)) return
    const begun = session.channels.filter((c) => c.announcement?.accepted && hasBegun(c))
    const done = begun.filter((c) => isDone(c))
    const shown = done[0] ?? begun[0]
    if (!shown?.transfer || !shown.announcement) return
    // Where other traffic was captured, the 150 of a server that still waits for the connection (RFC 959 §5.4) proves too little.
    if (surroundings.otherTraffic && done.length === 0) return
    const { exchange } = shown.transfer.command
    const reply = exchange.replies.at(-1)!
    const count = done.length > 0 ? done.length : begun.length
    yield {
      confidence: done.length === 0 ? 'low' : surroundings.otherTraffic ? 'medium' : 'high',
      message: `The server ${endpointText(control.responder.address, control.responder.port)} says that ${count} ${
        count === 1 ? 'transfer' : 'transfers'
      } with ${control.initiator.address} ${done.length > 0 ? 'completed' : 'began'}, and the capture holds no data connection between the two: ${
        surroundings.otherTraffic
          ? 'its filter leaves them out, or data takes another way'
          : `nothing but control connections was captured, as by a filter on port ${control.responder.port}`
      }.`,
      evidence: [replyEvidence(reply), commandEvidence(exchange), announcementEvidence(shown.announcement)],
      remedy: [
        `capture with a filter on the hosts instead of the port: tcpdump -s 0 host ${control.initiator.address} and host ${control.responder.address}`,
      ],
    }
  },
})

/** 125 or 150: the server opens or has the data connection; 226 or 250: it is done. */
function hasBegun(channel: DataChannel): boolean {
  const exchange = channel.transfer?.command.exchange
  return exchange?.replies.some((r) => r.preliminary || r.code === 226 || r.code === 250) ?? false
}

function isDone(channel: DataChannel): boolean {
  const reply = channel.transfer ? finalReply(channel.transfer.command) : null
  return reply !== null && (reply.code === 226 || reply.code === 250)
}
