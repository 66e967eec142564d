import type { Session } from '../../../correlate/model.js'
import { FROM_SERVER, hiddenFrom } from '../../../ftp/model.js'
import { lacksReplies } from '../../facts/holes.js'
import { isDelivered, type Payload } from '../../facts/payload.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandEvidence, commandFact, commandWords } from '../../words/evidence.js'
import { amount, seconds } from '../../words/quantities.js'

/** A server confirms immediately when done; moving a large upload into place may take longer. */
const PATIENCE_NS = 3e9

export interface Unconfirmed extends Fact {
  /** What happened instead of a reply: the control connection was closed, or the capture ended. */
  kind: 'closed-by-server' | 'closed-by-client' | 'capture-ended'
  command: CommandFact
  /** Bytes transferred. */
  bytes: number
  /** Address of the server. */
  server: string
  /** From the end of the data. */
  waitedNs: number
}

export const transferUnconfirmed = defineRule<Unconfirmed>({
  id: 'transfer-unconfirmed',
  title: 'transfer is not confirmed',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  explains: ['capture-ends-inside', 'command-unanswered'],
  accountsForUnknown: true,
  references: ['RFC 959 §5.4 (226, 250 end a transfer)', 'RFC 1123 §4.1.2.5'],
  samples: { reports: 'made/transfer-unconfirmed.pcap', silent: 'made/transfer-unconfirmed--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    const { control } = session
    const { closing } = facts
    const byServer = closing?.direction === FROM_SERVER
    for (const payload of facts.payloads) {
      if (!isComplete(payload) || lacksWords(session)) continue
      const { channel, transfer, bytes, flow, connection } = payload
      const done = flow.fin!
      const waitedNs = facts.waitedSince(done)
      if (waitedNs < PATIENCE_NS && !byServer) continue
      const alive = closing !== null && control.flows[FROM_SERVER].lastTime > closing.time
      const { exchange } = transfer.command
      const who = byServer ? 'server' : 'client'
      yield {
        fact: {
          kind: closing ? `closed-by-${who}` : 'capture-ended',
          command: commandFact(exchange),
          bytes,
          server: control.responder.address,
          waitedNs,
        },
        side: byServer || alive ? 'server' : 'unknown',
        confidence: byServer || waitedNs >= 2 * PATIENCE_NS ? 'high' : 'medium',
        evidence: [
          at(done, `end of the data, ${amount(flow.end)}`),
          closing
            ? at(closing, `the ${who} closes the control connection without a reply`)
            : at(control.last, 'last packet of the control connection'),
          commandEvidence(exchange),
          ...exchange.replies.slice(0, 1).map((reply) => at(reply, `${reply.code}, the only reply`)),
          at(connection.last, 'last packet of the data connection'),
        ],
        rivals: ['control-idle-dropped'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, command, bytes, server, waitedNs }) {
      const moved = `"${commandWords(command)}" was transferred (${amount(bytes)}, closed with FIN)`
      const waited = seconds(waitedNs)
      const end =
        kind === 'capture-ended'
          ? `the capture ended ${waited} later`
          : `after ${waited} the ${kind === 'closed-by-server' ? 'server' : 'client'} closed the control connection`
      return `${moved}, but the server ${server} never confirmed it with 226 or 250; ${end}.`
    },
  },
  remedy: (_fact, { serverSoftware }) => [
    `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}: check its log after the transfer ` +
      '(a process that died, an upload hook or virus scanner that is hung)',
    'in the client: compare sizes (SIZE) before transferring the file again',
  ],
})

/** All bytes arrived, as far as their number is known, but no reply followed. */
function isComplete(payload: Payload): boolean {
  const { transfer, bytes, reply } = payload
  if (reply || transfer.outcome !== 'unknown' || !isDelivered(payload)) return false
  const { expectedBytes, representation, exchange } = transfer.command
  if (expectedBytes !== null && representation === 'image' && bytes < expectedBytes) return false
  // A connection that carried no data, and without a preceding 1yz, has nothing to confirm.
  return bytes > 0 || expectedBytes === 0 || exchange.replies.length > 0
}

/** TLS hides the reply, or it may be among the bytes missing from the capture. */
function lacksWords(session: Session): boolean {
  const { control, dialogue } = session
  return hiddenFrom(dialogue) !== null || lacksReplies(session) || control.flows[FROM_SERVER].packets === 0
}
