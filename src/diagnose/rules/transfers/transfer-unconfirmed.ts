import { defineRule } from '../../legacy.js'
import { amount, seconds } from '../../words/quantities.js'
import { Direction } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { at, commandEvidence, commandLine } from '../../words/evidence.js'
import { isDelivered, payloadsOf } from '../../facts/payload.js'

/** A server that is done says so at once; moving a large upload into place may take longer. */
const PATIENCE_NS = 3e9

export const transferUnconfirmed = defineRule({
  id: 'transfer-unconfirmed',
  title: 'transfer is not confirmed',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  explains: ['capture-ends-inside', 'command-unanswered'],
  accountsForUnknown: true,
  remedy: ["Look at the server's log for what happened to the session after the transfer"],
  references: ['RFC 959 §5.4 (226, 250 end a transfer)', 'RFC 1123 §4.1.2.5'],
  samples: { reports: 'made/transfer-unconfirmed.pcap', silent: 'made/transfer-unconfirmed--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const payload of payloadsOf(session)) {
      const { channel, transfer, bytes, flow, reply, connection } = payload
      if (reply || transfer.outcome !== 'unknown' || !isDelivered(payload)) continue
      const { expectedBytes, representation } = transfer.command
      if (expectedBytes !== null && representation === 'image' && bytes < expectedBytes) continue
      // A connection that was closed without a byte and without a 1yz before it carried nothing that could be confirmed.
      if (bytes === 0 && expectedBytes !== 0 && transfer.command.exchange.replies.length === 0) continue
      // TLS hides the reply, and what the capture lost was perhaps said.
      const { control, dialogue } = session
      const server = control.flows[Direction.FromResponder]
      if (dialogue.opaqueFrom || server.missingBytes > 0 || server.snappedBytes > 0 || server.packets === 0) continue
      const done = flow.fin!
      const closing = closingOf(control)
      const waited = (closing?.time ?? session.judgedAt) - done.time
      if (waited < PATIENCE_NS && closing?.direction !== Direction.FromResponder) continue
      const who = closing?.direction === Direction.FromResponder ? 'server' : 'client'
      const alive = closing !== null && server.lastTime > closing.time
      yield {
        side: closing?.direction === Direction.FromResponder || alive ? 'server' : 'unknown',
        confidence: closing?.direction === Direction.FromResponder || waited >= 2 * PATIENCE_NS ? 'high' : 'medium',
        message: `"${commandLine(transfer.command.exchange)}" was transferred (${amount(bytes)}, closed in good order), but the server ${control.responder.address} never confirmed it with 226 or 250; ${
          closing
            ? `after ${seconds(waited)} the ${who} closed the control connection`
            : `the capture ends ${seconds(waited)} later`
        }.`,
        evidence: [
          at(done, `end of the data, ${amount(flow.end)}`),
          closing
            ? at(closing, `the ${who} closes, without a reply`)
            : at(control.last, 'last packet of the control connection'),
          commandEvidence(transfer.command.exchange),
          ...transfer.command.exchange.replies.map((r) => at(r, `${r.code}, the only reply`)).slice(0, 1),
          at(connection.last, 'last packet of the data connection'),
        ],
        remedy: [
          `on the server${dialogue.serverSoftware === null ? '' : ` (${dialogue.serverSoftware})`}: its log after the transfer (a process that died, an upload hook or virus scanner that hangs)`,
          'in the client: compare sizes (SIZE) before the file is transferred again',
        ],
        rivals: ['control-idle-dropped'],
        channel,
      }
    }
  },
})
