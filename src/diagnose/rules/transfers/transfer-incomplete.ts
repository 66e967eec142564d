import { defineRule, madeGood } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import type { TransferCommand } from '../../../ftp/model.js'
import { at, commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'

export const transferIncomplete = defineRule({
  id: 'transfer-incomplete',
  title: 'fewer bytes than announced',
  severity: 'error',
  side: 'unknown',
  level: 'symptom',
  explains: ['command-unanswered'],
  remedy: ['Transfer again (REST continues where it broke off), and compare the sizes'],
  references: ['RFC 3659 §4 (SIZE), §5 (REST)', 'RFC 959 §3.4 (stream mode: the close is the end of file)'],
  samples: { reports: 'made/transfer-incomplete.pcap', silent: 'made/transfer-incomplete--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection || !transfer || transfer.bytes === null) continue
      const { command } = transfer
      // A file that grows or shrinks between SIZE and RETR differs too, and the server knows better in its 150.
      const reply = command.exchange.replies.find((r) => !r.preliminary)
      const brokenOff = transfer.outcome === 'failed' && reply !== undefined && channel.state === 'established'
      if (transfer.outcome !== 'incomplete' && !brokenOff && !endsShort(session, channel)) continue
      const last = connection.closedBy ? connection.flows[connection.closedBy.direction].fin : null
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        ...(brokenOff ? { side: 'server' as const } : {}),
        confidence: transfer.missingBytes > 0 ? 'low' : brokenOff || command.expectedFrom === '150' ? 'high' : 'medium',
        message: `${commandLine(command.exchange)} carried ${transfer.bytes} bytes${shortfall(command, transfer.bytes)}.${
          brokenOff ? ` The server broke it off: "${replyLine(reply)}".` : ''
        }`,
        evidence: [
          last ? at(last, 'end of the data connection') : at(connection.last, 'last packet of the data connection'),
          ...(command.expectedFrame !== null
            ? [{ frame: command.expectedFrame, note: `${command.expectedBytes!} bytes expected` }]
            : []),
          commandEvidence(command.exchange),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          `transfer again${command.representation === 'image' ? `, from byte ${command.restartAt + transfer.bytes} on with REST where the server allows it` : ''}, and compare sizes (SIZE)`,
          ...(brokenOff
            ? [
                `on the server${session.dialogue.serverSoftware === null ? '' : ` (${session.dialogue.serverSoftware})`}: its log says why it broke off`,
              ]
            : []),
        ],
        channel,
      }
    }
  },
})

/** The connection ended before the expected bytes had passed, and no reply says why. */
function endsShort(session: Session, { connection, transfer }: DataChannel): boolean {
  if (transfer?.outcome !== 'unknown' || !connection?.closed || session.cutOff || transfer.bytes === null) return false
  const { representation, protectedData, expectedBytes, mode } = transfer.command
  if (representation !== 'image' || mode !== 'stream' || protectedData) return false
  return expectedBytes !== null && transfer.bytes < expectedBytes
}

function shortfall(command: TransferCommand, bytes: number): string {
  const { expectedBytes, expectedFrom, restartAt } = command
  if (expectedBytes === null || expectedFrom === null || bytes >= expectedBytes) return ''
  const source = { '150': 'the server announced in its 150', SIZE: 'SIZE had told', listing: 'a listing had told' }[
    expectedFrom
  ]
  const counted = restartAt > 0 ? ` (counted from byte ${restartAt})` : ''
  return `, ${expectedBytes - bytes} fewer than the ${expectedBytes} that ${source}${counted}`
}
