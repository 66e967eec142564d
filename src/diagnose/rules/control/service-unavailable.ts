import { defineRule, greetingOf, repliesOf } from '../../legacy.js'
import type { Reply } from '../../../ftp/model.js'
import { at, commandEvidence, endpointText, replyEvidence, replyLine } from '../../words/evidence.js'
import { isEstablished } from '../../facts/passive.js'
import { idleEnd, saysTooMany } from '../../facts/server-words.js'

export const serviceUnavailable = defineRule({
  id: 'service-unavailable',
  title: 'service not available',
  severity: 'error',
  side: 'server',
  level: 'aftermath',
  explains: ['command-unanswered', 'control-reset', 'greeting-missing'],
  remedy: ["Look at the server's log for the time of the 421"],
  references: ['RFC 959 §4.2.2 (120, 421), §5.4'],
  samples: { reports: 'made/service-unavailable.pcap', silent: 'made/service-unavailable--silent.pcap' },

  *check(session) {
    const { control, dialogue } = session
    const server = endpointText(control.responder.address, control.responder.port)
    const idle = idleEnd(session)?.reply
    const withoutData = new Set(
      session.channels.filter((c) => !isEstablished(c)).map((c) => c.transfer?.command.exchange),
    )
    for (const { exchange, reply } of repliesOf(session)) {
      if (reply.code !== 421 || reply === idle || saysTooMany(reply) || exchange.command === 'QUIT') continue
      // Without its data connection a server gives up in this way, too: what became of that says more.
      if (withoutData.has(exchange)) continue
      const first = exchange.command === null && !greetingOf(session)
      yield {
        confidence: 'high',
        message: `${server} closed the connection of ${control.initiator.address} ${
          first ? 'instead of greeting' : exchange.command === null ? 'unasked' : `in answer to ${exchange.command}`
        }: "${replyLine(reply)}".`,
        evidence: [replyEvidence(reply), ...(exchange.command === null ? [] : [commandEvidence(exchange)])],
        remedy: first
          ? [
              `on ${control.responder.address}: access by address (/etc/hosts.allow and hosts.deny with vsftpd tcp_wrappers=YES, ProFTPD <Limit LOGIN>, IIS FTP IP Address and Domain Restrictions), a ban of ${control.initiator.address} (fail2ban, autoban), or a server that shuts down (ProFTPD ftpshut, /etc/shutmsg); its log names it`,
            ]
          : [
              `on ${control.responder.address}${dialogue.serverSoftware === null ? '' : ` (${dialogue.serverSoftware})`}: the server's log of that moment says why it closed`,
            ],
      }
      return
    }
    const announced = [...repliesOf(session)].find((said) => said.exchange.command === null && said.reply.code === 120)
    if (!announced || greetingOf(session) || session.cutOff || dialogue.opaqueFrom) return
    yield {
      confidence: 'high',
      message: `${server} asked ${control.initiator.address} for patience, "${replyLine(announced.reply)}", and never became ready.`,
      evidence: [replyEvidence(announced.reply), at(control.last, closeNote(announced.reply, control.last.time))],
    }
  },
})

function closeNote(announced: Reply, end: number): string {
  return `the connection is over, ${((end - announced.time) / 1e9).toFixed(1)} s later, without a 220`
}
