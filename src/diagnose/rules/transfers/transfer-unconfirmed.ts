import type { Session } from '../../../correlate/model.js'
import { FROM_SERVER, hiddenFrom } from '../../../ftp/model.js'
import type { Sighting } from '../../../tcp/connection.js'
import { senderOf } from '../../facts/control.js'
import { awaitedBytes } from '../../facts/lost-bytes.js'
import { isDelivered, type Payload } from '../../facts/payload.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  type Evidence,
} from '../../words/evidence.js'
import { amount, byteCount, seconds, times } from '../../words/quantities.js'

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
  /** Bytes that the server sent after the data and the client never got, `null` where nothing shows any. */
  lostBytes: number | null
}

export const transferUnconfirmed = defineRule<Unconfirmed>({
  id: 'transfer-unconfirmed',
  title: 'transfer is not confirmed',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  explains: ['capture-ends-inside', 'command-unanswered', 'packet-loss'],
  accountsForUnknown: true,
  references: ['RFC 959 §5.4 (226, 250 end a transfer)', 'RFC 1123 §4.1.2.5'],
  samples: { reports: 'made/transfer-unconfirmed.pcap', silent: 'made/transfer-unconfirmed--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    const { closing } = facts
    const byServer = closing?.direction === FROM_SERVER
    for (const payload of facts.payloads) {
      if (lacksWords(session) || !isDelivered(payload)) continue
      const lost = lostReply(session, payload)
      if (!lost && !isUnconfirmed(payload)) continue
      const done = payload.flow.fin!
      const waitedNs = facts.waitedSince(done)
      if (waitedNs < PATIENCE_NS && !byServer) continue
      yield observed(facts, payload, done, waitedNs, lost)
    }
  },

  texts: {
    title: ({ lostBytes }) => (lostBytes === null ? null : 'confirmation of a transfer did not arrive'),
    message({ kind, command, bytes, server, waitedNs, lostBytes }) {
      const moved = `"${commandWords(command)}" was transferred (${amount(bytes)}, closed with FIN)`
      const waited = seconds(waitedNs)
      const end =
        kind === 'capture-ended'
          ? `the capture ended ${waited} later`
          : `after ${waited} the ${kind === 'closed-by-server' ? 'server' : 'client'} closed the control connection`
      if (lostBytes !== null)
        return `${moved}, but the reply of the server ${server} (${byteCount(lostBytes)}) never arrived; ${end}.`
      return `${moved}, but the server ${server} never confirmed it with 226 or 250; ${end}.`
    },
  },
  remedy: ({ lostBytes, server }, { serverSoftware }) => [
    ...(lostBytes === null
      ? [
          `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}: check its log after the transfer ` +
            '(a process that died, an upload hook or virus scanner that is hung)',
        ]
      : [
          `between client and ${server}: find out which device or link drops the reply (inspect ftp, FTP ALG, ` +
            'intrusion prevention, a link with loss)',
        ]),
    'in the client: compare sizes (SIZE) before transferring the file again',
  ],
})

function observed(
  { session: { control }, closing }: SessionFacts,
  { channel, transfer, bytes, connection }: Payload,
  done: Sighting,
  waitedNs: number,
  lost: LostBytes | null,
): Observation<Unconfirmed> {
  const who = closing ? senderOf(closing.direction) : null
  const alive = closing !== null && control.flows[FROM_SERVER].lastTime > closing.time
  const { exchange } = transfer.command
  const sure = lost ? lost.sure : who === 'server' || waitedNs >= 2 * PATIENCE_NS
  return {
    fact: {
      kind: who ? `closed-by-${who}` : 'capture-ended',
      command: commandFact(exchange),
      bytes,
      server: control.responder.address,
      waitedNs,
      lostBytes: lost?.bytes ?? null,
    },
    side: lost ? 'path' : who === 'server' || alive ? 'server' : 'unknown',
    confidence: sure ? 'high' : 'medium',
    evidence: [
      at(done, `end of the data, ${amount(bytes)}`),
      ...(lost ? [lost.evidence] : []),
      closing
        ? at(closing, `the ${who} closes the control connection without ${lost ? 'the' : 'a'} reply`)
        : at(control.last, 'last packet of the control connection'),
      commandEvidence(exchange),
      ...exchange.replies.slice(0, 1).map((reply) => at(reply, `${reply.code}, the only reply${lost ? ' taken' : ''}`)),
      at(connection.last, 'last packet of the data connection'),
    ],
    rivals: ['control-idle-dropped'],
    channel,
  }
}

/** What the server sent last and the client never acknowledged. */
interface LostBytes {
  bytes: number
  /** The capture shows it repeated, or the client went on without it. */
  sure: boolean
  evidence: Evidence
}

/** A segment that was sent so often is lost for good. */
const REPETITIONS = 3

/**
 * The reply was sent and did not arrive: it was retransmitted and never acknowledged, or only the number of a later
 * packet of the server shows it, while the client acknowledges nothing of it to the end.
 */
function lostReply({ control, dialogue }: Session, { transfer, reply }: Payload): LostBytes | null {
  const { ahead, aheadBytes, missingBytes, acknowledged, end, stuck } = control.flows[FROM_SERVER]
  if (acknowledged < 0) return null
  const last = dialogue.exchanges.findLast(({ replies }) => replies.length > 0)
  if (last !== transfer.command.exchange) return null
  if (reply) {
    if (!stuck || stuck.times < REPETITIONS || acknowledged > stuck.offset || reply.time > stuck.first.time) return null
    const note = `the reply again, ${times(stuck.times)} in all, never acknowledged`
    return { bytes: end - acknowledged, sure: true, evidence: at(stuck.last, note) }
  }
  if (!ahead || aheadBytes === 0 || missingBytes > 0 || acknowledged > end) return null
  const awaited = awaitedBytes(control, FROM_SERVER)
  if (!awaited) return null
  const note = `the number of the server is ${byteCount(aheadBytes)} ahead of what arrived`
  return { bytes: aheadBytes, sure: awaited.kind === 'lost-on-path', evidence: at(ahead, note) }
}

/** No reply followed, although all bytes arrived as far as their number is known. */
function isUnconfirmed({ transfer, bytes, reply }: Payload): boolean {
  if (reply || transfer.outcome !== 'unknown') return false
  const { expectedBytes, representation, exchange } = transfer.command
  if (expectedBytes !== null && representation === 'image' && bytes < expectedBytes) return false
  // A connection that carried no data, and without a preceding 1yz, has nothing to confirm.
  return bytes > 0 || expectedBytes === 0 || exchange.replies.length > 0
}

/** TLS hides the reply, or the client may have got it though the capture has not. */
function lacksWords({ control, dialogue }: Session): boolean {
  const { packets, missingBytes, snappedBytes, end, acknowledged } = control.flows[FROM_SERVER]
  return (
    hiddenFrom(dialogue) !== null || packets === 0 || missingBytes > 0 || snappedBytes > 0 || acknowledged > end + 1
  )
}
