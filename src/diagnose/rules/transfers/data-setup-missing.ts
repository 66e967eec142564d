import { defineRule, madeGood } from '../../legacy.js'
import { commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'

/** vsftpd "425 Use PORT or PASV first.", Pure-FTPd "425 No data connection", pyftpdlib "425 Use PORT or PASV first", FileZilla "503 Bad sequence of commands. Send PORT or PASV first." */
const WANTS_SETUP = /\b(?:PORT|PASV|EPSV|EPRT)\b|no data connection|data connection (?:was )?not/i

export const dataSetupMissing = defineRule({
  id: 'data-setup-missing',
  title: 'transfer without a data connection',
  severity: 'error',
  side: 'client',
  level: 'effect',
  remedy: [
    'In the client: send PASV or EPSV (or PORT, EPRT) before each transfer',
    'Compare a capture on the client with one on the server: an announcement that only one of them shows was swallowed on the way',
  ],
  references: ['RFC 959 §3.2 (establishing data connections)', 'RFC 959 §4.2.2 (425, 503)', 'RFC 1123 §4.1.2.5'],
  samples: { reports: 'made/data-setup-missing.pcap', silent: 'made/data-setup-missing--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    for (const channel of session.channels) {
      const command = channel.transfer?.command
      if (!command || command.announcement || channel.connection) continue
      const reply = command.exchange.replies.find((r) => !r.preliminary)
      if (!reply || (reply.code !== 425 && reply.code !== 503) || !WANTS_SETUP.test(reply.text)) continue
      // An announcement that the server turned down is its own finding.
      const before = session.dialogue.announcements.filter((a) => a.exchange.frame < command.exchange.frame)
      if (before.at(-1)?.refused) continue
      const lost = session.control.midstream || session.control.flows[0].missingBytes > 0
      yield {
        ...(madeGood(session, channel) ? { severity: 'warning' as const } : {}),
        confidence: lost ? 'low' : 'high',
        message: `The client ${session.client.address} sent "${commandLine(command.exchange)}" without ${
          before.length > 0 ? 'a new PORT or PASV for it' : 'any PORT or PASV before it'
        }, and the server answered "${replyLine(reply)}".`,
        evidence: [replyEvidence(reply), commandEvidence(command.exchange, 'no announcement before it')],
        rivals: ['announcement-swallowed'],
        channel,
      }
    }
  },
})
