import type { Transfer } from '../../../correlate/model.js'
import { finalReply, type Reply } from '../../../ftp/model.js'
import type { Endpoint } from '../../../tcp/connection.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'

/** Transfers by the server's replies, without a data connection. */
interface UnseenTransfers extends Fact {
  kind: 'completed' | 'begun'
  /** Address of the client. */
  client: string
  server: Endpoint
  transfers: number
  /** Nothing besides control connections was captured. */
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
    const all = 'A capture of all TCP and ICMP between the two hosts would settle it'
    return `${all}, not of the control port alone: ${filter}.`
  },
  references: ['RFC 959 §2.3, §3.2'],
  samples: { reports: 'made/capture-filter-suspected.pcap', silent: 'made/capture-filter-suspected--silent.pcap' },
  *check({ client, server, channels, surroundings }, { filtered }) {
    if (surroundings.otherConnectionsBetweenHosts || channels.some(({ connection }) => connection)) return
    const begun = channels.flatMap(({ announcement, transfer }) =>
      announcement?.accepted && transfer && hasBegun(transfer)
        ? { announcement, exchange: transfer.command.exchange }
        : [],
    )
    const completed = begun.filter(({ exchange }) => isDone(finalReply(exchange)))
    const shown = completed[0] ?? begun[0]
    if (!shown) return
    const { exchange, announcement } = shown
    const kind = completed.length > 0 ? 'completed' : 'begun'
    // A server may send its 150 and then wait for the connection (RFC 959 §5.4): that proves too little here.
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
      const said = `${count} with ${client} ${kind === 'completed' ? 'completed' : 'began'}`
      const why = controlOnly
        ? `nothing but control connections was captured, as by a filter on port ${port}`
        : 'its filter leaves them out, or data takes another way'
      const missing = 'the capture holds no data connection between the two'
      return `The server ${endpointText(address, port)} says that ${said}, and ${missing}: ${why}.`
    },
  },
  remedy: ({ client, server }) => [
    `capture with a filter on the hosts instead of the port: tcpdump -s 0 host ${client} and host ${server.address}`,
  ],
})

/** 125 or 150: the server opens or has the data connection; 226 or 250: it is done. */
function hasBegun({ command }: Transfer): boolean {
  return command.exchange.replies.some((reply) => reply.preliminary || isDone(reply))
}

function isDone(reply: Reply | null): boolean {
  return reply?.code === 226 || reply?.code === 250
}
