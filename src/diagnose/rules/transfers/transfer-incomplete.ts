import type { DataChannel, Session } from '../../../correlate/model.js'
import { finalReply, type TransferCommand } from '../../../ftp/model.js'
import { payloadDirection } from '../../../correlate/transfers.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
  sizeEvidence,
} from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'

export interface Incomplete extends Fact {
  /** Fewer bytes than stated, or a negative reply during the transfer. */
  kind: 'short' | 'broken-off'
  command: CommandFact
  /** Bytes transferred. */
  bytes: number
  /** Bytes expected, and the source of that number; `null` if there is none, or as many were transferred. */
  expected: { bytes: number; from: '150' | 'SIZE' | 'listing'; restartAt: number } | null
  /** The reply that ended it. */
  reply: ReplyFact | null
  /** Where REST would continue; `null` if bytes on the connection differ from those in the file. */
  resumeAt: number | null
}

export const transferIncomplete = defineRule<Incomplete>({
  id: 'transfer-incomplete',
  title: 'fewer bytes than announced',
  severity: 'error',
  side: 'unknown',
  level: 'symptom',
  explains: ['command-unanswered', 'transfer-failed'],
  references: ['RFC 3659 §4 (SIZE), §5 (REST)', 'RFC 959 §3.4 (stream mode: the close is the end of file)'],
  samples: { reports: 'made/transfer-incomplete.pcap', silent: 'made/transfer-incomplete--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection || !transfer || transfer.bytes === null) continue
      const { command, bytes } = transfer
      const reply = finalReply(command.exchange)
      const brokenOff = transfer.outcome === 'failed' && channel.state === 'established' ? reply : null
      if (transfer.outcome !== 'incomplete' && !brokenOff && !endsShort(session, channel)) continue
      const last = connection.closedBy ? connection.flows[connection.closedBy.direction].fin : null
      // A file that grows or shrinks between SIZE and RETR also differs; the size in the 150 is more reliable.
      const sure = brokenOff !== null || command.expectedFrom === '150'
      yield {
        fact: {
          kind: brokenOff ? 'broken-off' : 'short',
          command: commandFact(command.exchange),
          bytes,
          expected: shortfall(command, bytes),
          reply: brokenOff && replyFact(brokenOff),
          resumeAt: command.representation === 'image' && !transfer.hidden ? command.restartAt + bytes : null,
        },
        ...(brokenOff ? { side: 'server' as const } : {}),
        confidence: transfer.missingBytes > 0 && !isCounted(channel) ? 'low' : sure ? 'high' : 'medium',
        evidence: [
          last ? at(last, 'end of the data connection') : at(connection.last, 'last packet of the data connection'),
          ...sizeEvidence(command),
          commandEvidence(command.exchange),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ command, bytes, expected, reply }) {
      const short = expected ? shortfallWords(bytes, expected) : ''
      const carried = `"${commandWords(command)}" transferred ${byteCount(bytes)}${short}.`
      return reply ? `${carried} The server ended it: "${replyWords(reply)}".` : carried
    },
  },
  remedy({ kind, resumeAt, expected, reply }, { serverSoftware }) {
    const resume = resumeAt === null ? '' : `, resuming at byte ${resumeAt} with REST if the server allows it`
    const again = `retry the transfer${resume}, and compare sizes (SIZE)`
    if (kind === 'short') return [again]
    const server = `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}`
    // A permanent refusal of a file that was sent completely (RFC 959 §4.2.1): the same file would be refused again.
    if (reply !== null && reply.code >= 500 && expected === null)
      return [`${server}: remove the reason that the reply names; its log has more`, 'then transfer the file again']
    return [again, `${server}: its log gives the reason`]
  },
})

/** The capture lacks bytes that the receiver has, and the FIN tells how many were sent. */
function isCounted({ connection, transfer, mode }: DataChannel): boolean {
  const flow = connection!.flows[payloadDirection(transfer!.command, mode)]
  return flow.finOffset === flow.end && flow.unseen.every(({ received }) => received)
}

/** The connection ended before the expected bytes were transferred, and no reply gives the reason. */
function endsShort(session: Session, { connection, transfer }: DataChannel): boolean {
  if (transfer?.outcome !== 'unknown' || !connection?.closed || session.cutOff || transfer.bytes === null) return false
  const { representation, expectedBytes, mode } = transfer.command
  if (representation !== 'image' || mode !== 'stream' || transfer.hidden) return false
  return expectedBytes !== null && transfer.bytes < expectedBytes
}

function shortfall({ expectedBytes, expectedFrom, restartAt }: TransferCommand, bytes: number): Incomplete['expected'] {
  if (expectedBytes === null || expectedFrom === null || bytes >= expectedBytes) return null
  return { bytes: expectedBytes, from: expectedFrom, restartAt }
}

const SOURCES = { '150': 'announced in the 150 reply', SIZE: 'reported by SIZE', listing: 'shown in a listing' }

function shortfallWords(bytes: number, expected: NonNullable<Incomplete['expected']>): string {
  const counted = expected.restartAt > 0 ? ` (counted from byte ${expected.restartAt})` : ''
  return `, ${expected.bytes - bytes} fewer than the ${expected.bytes} ${SOURCES[expected.from]}${counted}`
}
