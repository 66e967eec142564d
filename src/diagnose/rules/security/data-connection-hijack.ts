import { defineRule } from '../../legacy.js'
import { amount } from '../../words/quantities.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'
import { passiveChannels } from '../../facts/passive.js'
import { addressOf } from '../../facts/payload.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** Two uplinks of one client differ by a router; a host elsewhere by more. */
const OTHER_PLACE = 2

export const dataConnectionHijack = defineRule({
  id: 'data-connection-hijack',
  title: 'third host takes the data connection',
  severity: 'error',
  side: 'unknown',
  level: 'cause',
  explains: ['data-peer-mismatch'],
  spares: ['transfer-incomplete'],
  remedy: [
    'Let the server accept data connections from the address of the control connection only, and require TLS for data',
  ],
  references: ['RFC 2577 §4', 'RFC 4217 §10', 'CVE-1999-0351 (FTP PASV "Pizza Thief")'],
  samples: { reports: 'made/data-connection-hijack.pcap', silent: 'made/data-connection-hijack--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const hijacker = hijackerOf(session, channel)
      if (!hijacker) continue
      const { connection, contest } = hijacker
      const { client, server } = session
      const bytes = connection.flows[0].end + connection.flows[1].end
      yield {
        confidence: contest ? 'high' : 'medium',
        message: `${addressOf(connection, 0)} connected to ${endpointText(connection.responder.address, connection.responder.port)}, the port that ${server.address} had announced to ${client.address}${
          contest ? ', before the client did' : ', which never came itself'
        }${bytes > 0 ? `; ${amount(bytes)} passed on it` : ''}. Its TTL ${connection.flows[0].hopLimit} is not the client's (${session.control.flows[0].hopLimit}).`,
        evidence: [
          at(connection.first, `SYN of ${connection.initiator.address}`),
          announcementEvidence(channel.announcement!),
          ...(connection.established ? [at(connection.established, 'the server accepted it')] : []),
          ...(contest ? [at(contest.first, `the client's own attempt`)] : []),
        ],
        remedy: [
          serverRemedy(
            session.dialogue.serverSoftware,
            'data connections from the address of the control connection only',
            (s) => s.ownAddressOnly,
          ),
          'TLS for data with session reuse (PROT P; vsftpd require_ssl_reuse=YES), which a third host cannot fake; and random passive ports from a wide range',
          `find out what ${connection.initiator.address} is: a client with several outside addresses looks alike`,
        ],
        rivals: ['data-peer-mismatch'],
        channel,
      }
    }
  },
})

/** A connection of a third host that the server took, and the client's own that came later, if it came. */
function hijackerOf(
  session: Session,
  channel: DataChannel,
): { connection: Connection; contest: Connection | null } | null {
  const client = session.client.address
  const all = [...(channel.connection ? [channel.connection] : []), ...channel.fromOtherHosts]
  const others = all.filter((c) => c.initiator.address !== client && c.established !== null && c.synAckAttempts > 0)
  const own = all.find((c) => c.initiator.address === client) ?? null
  for (const connection of others) {
    if (own) {
      if (connection.first.time < own.first.time) return { connection, contest: own }
      continue
    }
    const usual = session.control.flows[0].hopLimit
    const other = connection.flows[0].hopLimit
    // Behind a NAT with several uplinks the client's data comes from another address, and from the same place.
    if (usual > 0 && other > 0 && Math.abs(usual - other) >= OTHER_PLACE) return { connection, contest: null }
  }
  return null
}
