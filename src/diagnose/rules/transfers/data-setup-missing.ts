import { finalReply, FROM_CLIENT, type Reply } from '../../../ftp/model.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/**
 * vsftpd "425 Use PORT or PASV first.", Pure-FTPd "425 No data connection", pyftpdlib "425 Use PORT or PASV first",
 * FileZilla "503 Bad sequence of commands. Send PORT or PASV first."
 */
const WANTS_SETUP = /\b(?:PORT|PASV|EPSV|EPRT)\b|no data connection|data connection (?:was )?not/i

const WANTS_LOGIN = /\b(?:USER|PASS|log ?in|logged|AUTH|PROT|PBSZ|REST)\b/i

export interface MissingSetup extends Fact {
  /** There is no announcement before the transfer, or every one was used by an earlier transfer. */
  kind: 'none-before' | 'none-left'
  /** The client's address. */
  client: string
  command: CommandFact
  reply: ReplyFact
}

export const dataSetupMissing = defineRule<MissingSetup>({
  id: 'data-setup-missing',
  title: 'transfer without a data connection',
  severity: 'error',
  side: 'client',
  level: 'effect',
  references: ['RFC 959 §3.2 (establishing data connections)', 'RFC 959 §4.2.2 (425, 503)', 'RFC 1123 §4.1.2.5'],
  samples: { reports: 'made/data-setup-missing.pcap', silent: 'made/data-setup-missing--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const lost = session.control.midstream || session.control.flows[FROM_CLIENT].missingBytes > 0
    for (const channel of session.channels) {
      const command = channel.transfer?.command
      if (!command || command.announcement || channel.connection) continue
      const { exchange } = command
      const reply = finalReply(exchange)
      if (!reply || !wantsSetup(reply)) continue
      const before = session.dialogue.announcements.findLast((each) => each.exchange.frame < exchange.frame)
      // An announcement that the server refused has its own finding.
      if (before?.refused) continue
      yield {
        fact: {
          kind: before ? 'none-left' : 'none-before',
          client: session.client.address,
          command: commandFact(exchange),
          reply: replyFact(reply),
        },
        confidence: lost ? 'low' : 'high',
        evidence: [replyEvidence(reply), commandEvidence(exchange, 'no announcement before it')],
        rivals: ['announcement-swallowed'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, client, command, reply }) {
      const without = kind === 'none-left' ? 'a new PORT or PASV for it' : 'any PORT or PASV before it'
      const sent = `The client ${client} sent "${commandWords(command)}" without ${without}`
      return `${sent}, and the server replied "${replyWords(reply)}".`
    },
  },
  remedy: (_, context) => [
    'in the client: send PASV or EPSV (or PORT, EPRT) before each transfer',
    ...unlessCaptured(
      context,
      'elsewhere',
      'compare a capture at the client with one at the server: an announcement that appears in only one of them was ' +
        'dropped by a middlebox',
    ),
  ],
})

/** 503 is about the order of commands, whatever its words (RFC 959 §4.2.2): only the login has another one. */
function wantsSetup({ code, text }: Reply): boolean {
  return code === 503 ? !WANTS_LOGIN.test(text) : code === 425 && WANTS_SETUP.test(text)
}
