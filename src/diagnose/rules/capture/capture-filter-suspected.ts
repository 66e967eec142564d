import { withCommands } from '../../remedies/commands.js'
import type { Transfer } from '../../../correlate/model.js'
import { type Announcement, finalReply, type Reply } from '../../../ftp/model.js'
import type { Endpoint } from '../../../tcp/connection.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'

/** Transfers that the server's replies report, without a data connection. */
export interface UnseenTransfers extends Fact {
  kind: 'completed' | 'begun'
  /** Address of the client. */
  client: string
  server: Endpoint
  transfers: number
  /** Only control connections were captured. */
  controlOnly: boolean
}

export const captureFilterSuspected = defineRule<UnseenTransfers>({
  id: 'capture-filter-suspected',
  title: 'capture filter suspected',
  severity: 'warning',
  side: 'unknown',
  level: 'remark',
  explains: ['active-not-attempted', 'passive-not-attempted'],
  decides: false,
  betterCapture({ server }) {
    const filter = `tcpdump -w FILE "host ${server.address} and (tcp or icmp or icmp6)"`
    return `Capture all TCP and ICMP between the two hosts, not just the control port: ${filter}.`
  },
  references: ['RFC 959 §2.3, §3.2'],
  samples: { reports: 'made/capture-filter-suspected.pcap', silent: 'made/capture-filter-suspected--silent.pcap' },
  *check({ client, server, channels, surroundings }, { filtered }) {
    if (surroundings.otherConnectionsBetweenHosts || channels.some(({ connection }) => connection)) return
    // The data connection between two servers belongs to the session in which the client sent PORT.
    const isExchanged = (announcement: Announcement) =>
      surroundings.exchanged.some((exchanged) => exchanged.announcement === announcement)
    const begun = channels.flatMap(({ announcement, transfer }) =>
      announcement?.accepted && transfer && hasBegun(transfer) && !isExchanged(announcement)
        ? { announcement, exchange: transfer.command.exchange }
        : [],
    )
    const completed = begun.filter(({ exchange }) => isDone(finalReply(exchange)))
    const shown = completed[0] ?? begun[0]
    if (!shown) return
    const { exchange, announcement } = shown
    const kind = completed.length > 0 ? 'completed' : 'begun'
    // Where other traffic was captured, a 150 proves too little: the server may still be waiting for the connection
    // (RFC 959 §5.4).
    if (!filtered && kind === 'begun') return
    yield {
      fact: {
        kind,
        client: client.address,
        server,
        transfers: completed.length || begun.length,
        controlOnly: filtered,
      },
      confidence: kind === 'begun' ? 'low' : filtered ? 'high' : 'medium',
      evidence: [
        replyEvidence(exchange.replies.at(-1)!),
        commandEvidence(exchange),
        announcementEvidence(announcement),
      ],
    }
  },
  texts: {
    message({ kind, client, server: { address, port }, transfers, controlOnly }) {
      const count = `${transfers} ${transfers === 1 ? 'transfer' : 'transfers'}`
      const reported = `${count} with ${client} ${kind === 'completed' ? 'completed' : 'started'}`
      const why = controlOnly
        ? `only control connections were captured, as with a filter on port ${port}`
        : 'a capture filter excludes it, or data takes another path'
      const server = `The server ${endpointText(address, port)} reports that ${reported}`
      return `${server}, but no data connection between the two was captured: ${why}.`
    },
  },
  remedy: ({ client, server }) => [
    withCommands('filter on the hosts instead of the port', [
      null,
      `tcpdump -s 0 -w FILE host ${client} and host ${server.address}`,
    ]),
  ],
})

/** 125 or 150: the server is opening or has the data connection; 226 or 250: the transfer is complete. */
function hasBegun({ command }: Transfer): boolean {
  return command.exchange.replies.some((reply) => reply.preliminary || isDone(reply))
}

function isDone(reply: Reply | null): boolean {
  return reply?.code === 226 || reply?.code === 250
}
