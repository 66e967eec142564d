import { defineRule, contextOf, type Observation } from '../../legacy.js'
import { madeGood } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import type { Reply } from '../../../ftp/model.js'
import { Direction, opposite } from '../../../tcp/connection.js'
import { at, commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'
import { addressOf } from '../../facts/payload.js'
import {
  clearDataOnServer,
  explicitTlsInClient,
  protectedDataInClient,
  protectedDataOnServer,
} from '../../remedies/tls-remedies.js'

/** RFC 4217 §10.1: 521 data connection cannot be opened with this PROT setting; RFC 2228: 536 protection level not supported. */
const PROTECTION_CODES = [521, 522, 536]
/** vsftpd "522 Data connections must be encrypted.", ProFTPD "522 SSL/TLS required on the data channel", Pure-FTPd "521 … PROT P", IIS "534 Policy requires SSL." */
const WANTS_PROTECTION =
  /data (?:connection|channel)s?.{0,40}(?:encrypt|protect|secure|TLS|SSL)|(?:TLS|SSL|encrypt\w*|protect\w*).{0,40}data (?:connection|channel)|\bPROT\b/i
const SESSION_REUSE = /session.{0,20}(?:reuse|resum)/i

export const protectionMismatch = defineRule({
  id: 'protection-mismatch',
  title: 'client and server disagree on data protection',
  severity: 'error',
  side: 'client',
  level: 'cause',
  explains: ['tls-handshake-failed', 'tls-required'],
  remedy: ['In the client: AUTH TLS, PBSZ 0 and PROT P before the first transfer'],
  references: ['RFC 4217 §8, §9, §10', 'RFC 2228 §3 (PROT, 521, 536)'],
  samples: { reports: 'made/protection-mismatch.pcap', silent: 'made/protection-mismatch--silent.pcap' },

  *check(session) {
    for (const channel of session.channels) {
      const reply = refusalOf(channel)
      if (reply) yield refused(session, channel, reply)
      else yield* mixed(channel)
    }
  },
})

function refusalOf(channel: DataChannel): Reply | null {
  const reply = channel.transfer?.command.exchange.replies.find((r) => r.code >= 400)
  if (!reply || SESSION_REUSE.test(reply.text.slice(0, 512))) return null
  return PROTECTION_CODES.includes(reply.code) ||
    ((reply.code >= 500 || reply.code === 425) && WANTS_PROTECTION.test(reply.text.slice(0, 512)))
    ? reply
    : null
}

function refused(session: Session, channel: DataChannel, reply: Reply): Observation {
  const { exchange, protectedData } = channel.transfer!.command
  const { security } = session.dialogue
  return {
    ...(madeGood(session, channel) ? { severity: 'warning' as const } : {}),
    confidence: 'high',
    message: `The server refused "${commandLine(exchange)}" because of the protection of the data connection: "${replyLine(reply)}". ${
      security === 'none'
        ? 'The session is in clear text, with neither AUTH TLS nor PROT P.'
        : protectedData
          ? 'The client had asked for PROT P.'
          : 'The client had not asked for PROT P.'
    }`,
    evidence: [replyEvidence(reply), commandEvidence(exchange)],
    remedy: [
      ...(protectedData
        ? [
            protectedDataOnServer(contextOf(session)),
            'or in the client: PROT C, which gives up the protection of the files',
          ]
        : [
            security === 'none' ? explicitTlsInClient(contextOf(session)) : protectedDataInClient(contextOf(session)),
            `or, if clear text is wanted, ${clearDataOnServer(contextOf(session))}`,
          ]),
    ],
    channel,
  }
}

/** One side speaks TLS on the data connection and the other does not. */
function* mixed(channel: DataChannel): Generator<Observation> {
  const { connection, head: look, transfer } = channel
  if (!connection || !look) return
  const tls = look.content.indexOf('tls')
  if (tls < 0 || look.content[tls === 0 ? 1 : 0] !== 'clear') return
  const direction = tls === 0 ? Direction.FromInitiator : Direction.FromResponder
  // A file may begin with these bytes; a handshake is beyond doubt.
  const head = look.tls[direction]
  if (!head?.clientHello && !head?.serverHello && !head?.alert) return
  const speaker = addressOf(connection, direction)
  const other = addressOf(connection, opposite(direction))
  yield {
    confidence: 'high',
    side: 'unknown',
    message: `On the data connection ${speaker} speaks TLS and ${other} clear text: one of them expects PROT P and the other PROT C.`,
    evidence: [
      at(connection.flows[direction].firstData ?? connection.first, `TLS of ${speaker}`),
      at(connection.flows[opposite(direction)].firstData ?? connection.first, `clear text of ${other}`),
      ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
    ],
    channel,
  }
}
