import type { Session } from '../../../correlate/model.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** Another protocol on the connection. */
export interface OtherProtocol extends Fact, Ends {
  kind: 'other-protocol'
  /** Its name: "SSH", "HTTP", "SMTP" … */
  protocol: string
  /** The server's message that shows it, if it looks like a reply. */
  reply: ReplyFact | null
}

export const notFtp = defineRule<OtherProtocol>({
  id: 'not-ftp',
  title: 'not an FTP server',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['greeting-delayed', 'tls-mode-mismatch'],
  references: ['RFC 959 §5.4', 'RFC 4253 §4.2 (SSH)', 'RFC 5321 §4.2 (SMTP)'],
  samples: { reports: 'made/not-ftp.pcap', silent: 'made/not-ftp--silent.pcap' },

  needs: ['irregular'],
  *check(session, { replies, greeting, lacksWords }) {
    const other = session.dialogue.otherProtocol
    // After a greeting, TLS may follow an AUTH that the capture lacks.
    if (!other || (other.name === 'TLS' && greeting && lacksWords)) return
    const said = replies.find(({ reply }) => reply.frame === other.frame)?.reply ?? null
    yield {
      fact: {
        kind: 'other-protocol',
        ...endsOf(session),
        protocol: other.name,
        reply: said && replyFact(said),
      },
      confidence: 'high',
      evidence: [said ? replyEvidence(said) : at(other, `${other.name} instead of FTP`), ...clientEvidence(session)],
    }
  },

  texts: {
    message({ client, server, protocol, reply }) {
      const said = reply ? `: "${replyWords(reply)}"` : ''
      return `The connection from ${client} to ${endpointWords(server)} is ${protocol}, not FTP${said}.`
    },
  },

  remedy({ protocol, server: { address, port } }) {
    const listening = `use the port on which the FTP server on ${address} listens`
    const sftp = 'use an SFTP client (sftp, or select the protocol SFTP in the client), usually on port 22'
    return [
      protocol === 'SSH'
        ? `in the client: if SFTP is intended, ${sftp}; if FTP, ${listening}`
        : `in the client: ${listening}, or correct the rule that forwards port ${port}`,
    ]
  },
})

/** What the client sent first: it shows that it is a client of FTP. */
function clientEvidence({ dialogue: { exchanges, clientHello } }: Session): Evidence[] {
  const first = exchanges.find(({ command }) => command !== null)
  if (first) return [commandEvidence(first)]
  return clientHello ? [at(clientHello, 'TLS ClientHello of the client')] : []
}
