import { defineRule } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import { announcementEvidence, at, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import { passiveChannels } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** A refusal of the connection itself may come before the transfer command does (pyftpdlib). */
function earlyRefusal(session: Session, channel: DataChannel): Reply | null {
  const from = channel.connection?.first.frame
  const to = channel.transfer?.command.exchange.frame ?? Infinity
  if (from === undefined) return null
  const unasked = session.dialogue.exchanges.filter((e) => e.command === null && e.frame > from && e.frame < to)
  return unasked.flatMap((exchange) => exchange.replies).find(({ code }) => code === 425) ?? null
}

export const dataPeerMismatch = defineRule({
  id: 'data-peer-mismatch',
  title: 'data connection comes from another address',
  severity: 'error',
  side: 'client-network',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Give all connections of a client the same outside address'],
  references: ['RFC 2577 §4', 'RFC 4787 §4.1 (address pooling)'],
  samples: { reports: 'made/data-peer-mismatch.pcap', silent: 'made/data-peer-mismatch--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const reply = refusalOf(channel) ?? earlyRefusal(session, channel)
      const saysSo =
        reply !== null &&
        /bad ip connecting|foreign address|(?:data )?connection from .* (?:rejected|refused)|different ip|security: /i.test(
          reply.text,
        )
      const foreign =
        channel.connection && channel.connection.initiator.address !== session.client.address
          ? channel.connection
          : (channel.fromOtherHosts[0] ?? null)
      if (!saysSo && !(foreign && channel.transfer?.outcome !== 'completed' && channel.connection === foreign)) continue
      const source = foreign ? foreign.initiator.address : 'another address'
      const wording = `The server expected the data connection from ${session.client.address}, where the control connection comes from; it came from ${source}`
      const shown = foreign
        ? [at(foreign.first, `data connection from ${endpointText(foreign.initiator.address, foreign.initiator.port)}`)]
        : []
      yield {
        confidence: saysSo ? 'high' : 'medium',
        message: `${wording}${reply ? `, and the server said "${reply.code} ${reply.text.split('\n')[0]!}"` : ' and was closed without use'}.`,
        evidence: reply
          ? [replyEvidence(reply), announcementEvidence(channel.announcement!), ...shown]
          : [announcementEvidence(channel.announcement!), ...shown],
        remedy: [
          "on the client's NAT or SD-WAN: source affinity, so that one client keeps one outside address (or bind FTP to one uplink)",
          `or, giving up a protection against stolen data connections, ${serverRemedy(session.dialogue.serverSoftware, 'data connections from other addresses admitted', (s) => s.foreignAddress)}`,
        ],
        channel,
      }
    }
  },
})
