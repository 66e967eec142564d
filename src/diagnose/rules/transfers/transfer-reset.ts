import { isOfOtherHop } from '../../facts/reset-origin.js'
import type { DataChannel, Transfer } from '../../../correlate/model.js'
import { payloadDirection } from '../../../correlate/transfers.js'
import type { Reply } from '../../../ftp/model.js'
import { type Connection, opposite, type ResetSighting, type Sighting } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { endpointOf, type Payload, type Role, roleOf } from '../../facts/payload.js'
import { blamesDataConnection } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { TLS13, endsWithClose } from '../../facts/tls.js'
import { defineRule, type Fact, type Severity } from '../../rule.js'
import {
  at,
  commandEvidence,
  endpointText,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { byteCount, duration, seconds } from '../../words/quantities.js'

export interface Reset extends Fact {
  kind:
    | 'reset'
    | /** The resetting side had already closed while the other one was still sending. */ 'closed-then-reset'
    | /** All data had been acknowledged, and its sender had ended TLS by close_notify. */ 'after-close-notify'
    | /** The client reset its upload although records of the server, session tickets, were unread. */ 'unread-records'
    | /** The client left right after a 226 that came before the last bytes. */ 'after-completion'
  /** Source of the RST: address and port, and role. */
  address: string
  port: number
  role: Role
  /** The two ends of the connection. */
  initiator: string
  responder: string
  /** Bytes of the transfer; in both directions for `reset` and `closed-then-reset`. */
  bytes: number
  /** Bytes expected of the transfer, and the source of that number; `null` if there is none. */
  expected: { bytes: number; from: '150' | 'SIZE' | 'listing' } | null
  /** The completion after which the client left, and how long after it. */
  completion: { reply: ReplyFact; afterNs: number } | null
  /** Since the last data of either side, or since the connection was open. */
  silenceNs: number
  /** TTL of the RST, and of the other packets with its source address; `null` if none was captured. */
  ttl: number
  usualTtl: number | null
  /** A different host sent it: the TTLs differ. */
  foreign: boolean
}

/** After this much silence a RST is due to a timer. */
const TIMER_NS = 50e9
/** A client that takes 226 for the end of the data leaves within this time. */
const HASTE_NS = 5e9
/** An encrypted close_notify may be the only part that its receiver did not acknowledge before the RST. */
const LONGEST_ALERT = 69

export const transferReset = defineRule<Reset>({
  id: 'transfer-reset',
  title: 'data connection was reset',
  severity: 'error',
  side: 'unknown',
  level: 'symptom',
  identifiesResets: true,
  explains: ['command-unanswered', 'transfer-failed', 'transfer-incomplete'],
  references: ['RFC 9293 §3.5.3', 'RFC 959 §4.2.2 (426)', 'RFC 8446 §4.6.1 (session tickets), §6.1 (close_notify)'],
  samples: { reports: 'made/transfer-reset.pcap', silent: 'made/transfer-reset--silent.pcap' },
  needs: ['reset', 'unfinished'],

  *check(session, facts) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection || channel.state !== 'established') continue
      const [reset] = connection.resets
      // A RST after a complete transfer, or one caused by the user's ABOR, did no harm.
      if (!reset || transfer?.outcome === 'completed' || transfer?.command.abortedBy) continue
      const { foreign, usual } = facts.origin(connection, reset)
      const occasion = (foreign ? null : occasionOf(facts, channel, reset)) ?? plainReset(channel)
      if (!occasion) continue
      const { initiator, responder, flows } = connection
      const { address, port } = endpointOf(connection, reset.direction)
      const role = roleOf(channel, reset.direction)
      const { kind, completion } = occasion
      const negative = negativeReply(channel)
      // The server had said why it ended the transfer: the RST only follows from that.
      if (
        negative &&
        !foreign &&
        negative.time < reset.time &&
        negative.code !== 421 &&
        !blamesDataConnection(negative)
      )
        continue
      const reply = negative ?? completion
      // Of data of which not a byte was captured, the end may be missing as well.
      const sent = flows[0].dataSegments + flows[1].dataSegments > 0
      const isSure = foreign || negative !== null || (completion !== null && sent)
      yield {
        fact: {
          kind,
          address,
          port,
          role,
          initiator: initiator.address,
          responder: responder.address,
          bytes: occasion.bytes ?? flows[0].end + flows[1].end,
          expected: expectedOf(transfer),
          completion: completion && { reply: replyFact(completion), afterNs: occasion.left.time - completion.time },
          silenceNs: reset.time - lastBefore(connection, reset),
          ttl: reset.hopLimit,
          usualTtl: usual,
          foreign,
        },
        ...SEVERITIES[kind],
        side: foreign ? 'path' : role,
        confidence: kind === 'unread-records' ? 'low' : isSure ? 'high' : 'medium',
        evidence: [
          at(
            reset,
            `RST with source address ${address} (TTL ${reset.hopLimit}` +
              `${usual === null ? '' : `; TTL of its other packets ${usual}`})`,
          ),
          ...occasion.evidence,
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    title: ({ kind }) => TITLES[kind] ?? null,
    message(fact) {
      const { kind, address, port, role, bytes, ttl, usualTtl, foreign, completion, expected, silenceNs } = fact
      if (kind === 'after-close-notify') {
        const done = `All ${byteCount(bytes)} were acknowledged, and TLS ended with close_notify`
        const habit = 'instead of its own close_notify, a habit of some servers (IIS)'
        return `${done}, before ${address} sent a RST (${habit}): no data was lost.`
      }
      if (kind === 'unread-records') {
        const seen = `${address} sent a RST right after its upload (${byteCount(bytes)} with TLS)`
        const unread = 'while TLS 1.3 records of the server, its session tickets, were still unread'
        return `${seen} ${unread}. A RST discards what has not been read: the file may be incomplete or empty.`
      }
      if (completion) {
        const when = `${duration(completion.afterNs)} after "${replyWords(completion.reply)}"`
        const of = expected ? ` of ${expected.bytes} (${expected.from})` : ''
        const passed = `${byteCount(bytes)}${of} had been sent`
        const early = `The client closed the data connection ${when}, when ${passed}`
        return `${early}: it took the reply for the end of the data, which only the server's FIN is.`
      }
      const left =
        kind === 'closed-then-reset' ? ', whose host had already closed it while the other side was still sending' : ''
      const timer = silenceNs >= TIMER_NS ? ` and ${seconds(silenceNs)} of silence, as when a timer expires,` : ''
      const name = `by a RST with source address ${endpointText(address, port)}${left}`
      const reset = `The data connection was reset after ${byteCount(bytes)}${timer} ${name}.`
      if (foreign && !isOfOtherHop(ttl, usualTtl)) return `${reset} That host did not send it: a middlebox forged it.`
      const mismatch = `does not match that host's other packets (${usualTtl!}): a middlebox forged it`
      if (foreign) return `${reset} Its TTL of ${ttl} ${mismatch}.`
      const owner = `Its TTL of ${ttl} matches that host's other packets (the FTP ${role}).`
      return usualTtl === null ? reset : `${reset} ${owner}`
    },
  },
  remedy(fact, { clientSoftware, serverSoftware }) {
    const { kind, address, role, initiator, responder, foreign, silenceNs } = fact
    if (foreign)
      return [
        `find the middlebox between ${initiator} and ${responder} that forges RSTs ` +
          '(the difference in TTL shows how far away it is); firewalls and intrusion prevention log it',
      ]
    const software = role === 'client' ? clientSoftware : serverSoftware
    const host = `on ${address} (the FTP ${role}${software === null ? '' : `, ${software}`})`
    switch (kind) {
      case 'after-close-notify':
        return [
          'no change needed: the data is complete',
          'in a client that reports it as an error (Python ftplib: ConnectionResetError in unwrap): close without ' +
            "waiting for the server's close_notify",
        ]
      case 'unread-records':
        return [
          'compare sizes (SIZE) after the upload',
          `${host}: use a version that reads the server's last records before it closes, ` +
            'or close with shutdown() and wait for the server',
          'on the server: send no TLS 1.3 session tickets on data connections, or allow TLS 1.2 until clients are ' +
            'updated',
        ]
      case 'after-completion':
        return [
          'in the client: read the data connection until the server closes it (FIN), whatever the control ' +
            'connection says; 226 may arrive first',
          'on the server: send 226 after the data connection is closed and acknowledged',
        ]
      default:
        return silenceNs >= TIMER_NS
          ? [`${host}: check which timer ends an idle data connection, and why no data was sent`]
          : [`${host}: check its log at that time (a crash, a kill, a configured limit, cancelled by the user)`]
    }
  },
})

const TITLES: Partial<Record<Reset['kind'], string>> = {
  'after-close-notify': 'RST after the end of the data',
  'unread-records': 'client resets an upload with TLS records unread',
  'after-completion': 'client closed on an early completion',
}

const SEVERITIES: Record<Reset['kind'], { severity?: Severity; harmless?: boolean }> = {
  reset: {},
  'closed-then-reset': {},
  'after-completion': {},
  'unread-records': { severity: 'warning' },
  'after-close-notify': { severity: 'info', harmless: true },
}

/** What had been done before the RST. */
interface Occasion {
  kind: Reset['kind']
  evidence: Evidence[]
  completion: Reply | null
  /** Bytes of the transfer; `null` where those of both directions count. */
  bytes: number | null
  /** When the resetting side left: its FIN, or the RST. */
  left: Sighting
}

function plainReset({ connection, transfer, mode }: DataChannel): Occasion | null {
  const { closedBy, resets } = connection!
  const left = takerLeft(connection!, transfer, mode)
  if (closedBy?.how !== 'rst' && !left) return null
  return { kind: left ? 'closed-then-reset' : 'reset', evidence: [], completion: null, bytes: null, left: resets[0]! }
}

/** Judges a RST of the host itself by what was closed, acknowledged and confirmed before it. */
function occasionOf(facts: SessionFacts, channel: DataChannel, reset: ResetSighting): Occasion | null {
  const seen = facts.payloads.find((each) => each.channel === channel)
  if (seen) return onCompletion(seen, reset) ?? afterCloseNotify(seen, reset)
  const hidden = facts.hiddenPayloads.find((each) => each.channel === channel)
  if (!hidden || hidden.bytes === 0) return null
  const { connection, direction, version } = hidden
  const [flow, taker] = [connection.flows[direction], connection.flows[opposite(direction)]]
  return unreadRecords({ ...hidden, flow, taker }, version, reset) ?? afterCloseNotify({ ...hidden, flow }, reset)
}

/** The client closed or reset a download after a 226 while the server had not ended the data. */
function onCompletion(
  { reply, bytes, flow, taker, direction, receiver }: Payload,
  reset: ResetSighting,
): Occasion | null {
  if (!reply || reply.code >= 300 || receiver !== 'client' || reset.direction === direction) return null
  const left = taker.fin && taker.fin.time < reset.time ? taker.fin : reset
  const afterNs = left.time - reply.time
  if (flow.fin || afterNs < 0 || afterNs > HASTE_NS) return null
  return { kind: 'after-completion', evidence: [], completion: reply, bytes, left }
}

function afterCloseNotify(
  {
    connection,
    direction,
    flow,
    channel,
    bytes,
  }: Pick<Payload, 'connection' | 'direction' | 'flow' | 'channel' | 'bytes'>,
  reset: ResetSighting,
): Occasion | null {
  const { lastData, missingBytes, end, acknowledged } = flow
  if (
    !lastData ||
    !endsWithClose(channel, direction) ||
    missingBytes > 0 ||
    reset.time < lastData.time ||
    negativeReply(channel)
  )
    return null
  if (acknowledged < end - LONGEST_ALERT || (reset.direction === direction && acknowledged < end)) return null
  // After a FIN the sender had closed the connection, too: nothing worth reporting.
  if (connection.closedBy?.how !== 'rst') return null
  const evidence = [
    channel.transfer?.decrypted
      ? at(lastData, 'close_notify; all data before it acknowledged')
      : at(lastData, 'close_notify, judging by type and length of the record; all data before it acknowledged'),
  ]
  return { kind: 'after-close-notify', evidence, completion: null, bytes, left: reset }
}

/** Linux and Windows send a RST if a program closes a connection with bytes unread (RFC 2525 §2.17). */
function unreadRecords(
  {
    sender,
    direction,
    flow,
    taker,
    bytes,
    channel,
  }: Pick<Payload, 'sender' | 'direction' | 'flow' | 'taker' | 'bytes' | 'channel'>,
  version: number | null,
  reset: ResetSighting,
): Occasion | null {
  if (sender !== 'client' || version === null || version < TLS13 || reset.direction !== direction) return null
  const { lastData } = flow
  // A server that has sent close_notify or FIN has read everything.
  if (
    !lastData ||
    !taker.lastData ||
    endsWithClose(channel, opposite(direction)) ||
    (taker.fin && taker.fin.time < reset.time)
  )
    return null
  if (reset.time - lastData.time > HASTE_NS) return null
  const evidence = [at(lastData, "the client's last data"), at(taker.lastData, 'last records of the server')]
  return { kind: 'unread-records', evidence, completion: null, bytes, left: reset }
}

function lastBefore({ flows, established, first }: Connection, reset: ResetSighting): number {
  const times = flows.flatMap(({ lastData }) => (lastData && lastData.time <= reset.time ? [lastData.time] : []))
  return Math.max(established?.time ?? first.time, ...times)
}

function expectedOf(transfer: Transfer | null): Reset['expected'] {
  if (!transfer) return null
  const { expectedBytes, expectedFrom } = transfer.command
  return expectedBytes !== null && expectedFrom !== null ? { bytes: expectedBytes, from: expectedFrom } : null
}

/**
 * The receiver of an upload closed the connection before its sender was done, and answered the remaining data with RST
 * (RFC 9293 §3.6.1).
 */
function takerLeft(connection: Connection, transfer: Transfer | null, mode: 'active' | 'passive'): boolean {
  if (transfer?.command.direction !== 'upload') return false
  const sending = payloadDirection(transfer.command, mode)
  const taking = opposite(sending)
  const { fin, finOffset, acknowledged } = connection.flows[sending]
  const done = fin !== null && acknowledged >= finOffset
  return !done && connection.flows[taking].fin !== null && connection.resets[0]?.direction === taking
}
