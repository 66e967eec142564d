import { announcementEvidence, at, endpointText, refusalOf, replyEvidence } from '../evidence.js'
import { passiveChannels } from '../passive.js'
import { defineRule } from '../rule.js'
import { serverRemedy } from '../settings/server-settings.js'

export const dataPeerMismatch = defineRule({
  id: 'data-peer-mismatch',
  title: 'data connection comes from another address',
  severity: 'error',
  side: 'client-network',
  explanation:
    'The data connection reaches the server from another address than the control connection, so the server takes it for an intruder and closes it. Usual with several uplinks or NAT addresses before the client, without affinity.',
  remedy: ['Give all connections of a client the same outside address'],
  references: ['RFC 2577 §4', 'RFC 4787 §4.1 (address pooling)'],
  explains: ['command-unanswered', 'transfer-reset', 'transfer-aborted', 'passive-not-attempted'],
  samples: { reports: 'made/data-peer-mismatch.pcap', silent: 'made/data-peer-mismatch--silent.pcap' },

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const reply = refusalOf(channel)
      const saysSo =
        reply !== null &&
        /bad ip connecting|foreign address|(?:data )?connection from .* (?:rejected|refused)|different ip|security: /i.test(
          reply.text,
        )
      const foreign =
        channel.connection && channel.connection.client.address !== session.control.client.address
          ? channel.connection
          : (channel.strangers[0] ?? null)
      if (!saysSo && !(foreign && channel.transfer?.outcome !== 'completed' && channel.connection === foreign)) continue
      const source = foreign ? foreign.client.address : 'another address'
      const wording = `The server expected the data connection from ${session.control.client.address}, where the control connection comes from; it came from ${source}`
      const shown = foreign
        ? [at(foreign.first, `data connection from ${endpointText(foreign.client.address, foreign.client.port)}`)]
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
