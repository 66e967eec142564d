import { defineRule, repliesOf } from '../../legacy.js'
import { endpointText, replyLine } from '../../words/evidence.js'

export const notFtp = defineRule({
  id: 'not-ftp',
  title: 'not an FTP server',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['greeting-delayed', 'tls-mode-mismatch'],
  remedy: ['Bring client and server together on one protocol and port'],
  references: ['RFC 959 §5.4', 'RFC 4253 §4.2 (SSH)', 'RFC 5321 §4.2 (SMTP)'],
  samples: { reports: 'made/not-ftp.pcap', silent: 'made/not-ftp--silent.pcap' },

  *check(session) {
    const other = session.dialogue.otherProtocol
    if (!other) return
    const { responder: server } = session.control
    const target = endpointText(server.address, server.port)
    const said = [...repliesOf(session)].find(({ reply }) => reply.frame === other.frame)?.reply
    yield {
      confidence: 'high',
      message: `The connection of ${session.client.address} to ${target} speaks ${other.name}, not FTP${said ? `: "${replyLine(said)}"` : ''}.`,
      evidence: [{ frame: other.frame, note: said ? replyLine(said) : `${other.name} instead of FTP` }],
      remedy: [
        other.name === 'SSH'
          ? `if SFTP is wanted: an SFTP client (sftp, or the protocol SFTP in the client), usually on port 22; if FTP: the port on which the FTP server of ${server.address} listens`
          : `the port on which the FTP server of ${server.address} listens: correct the client's port, or the rule that forwards port ${server.port}`,
      ],
    }
  },
})
