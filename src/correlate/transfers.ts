import type { Reply, TransferCommand } from '../ftp/model.js'
import { type Connection, Direction, type Flow, opposite, type Sighting } from '../tcp/connection.js'
import type { DataContent, FlowContent } from './content/data-content.js'
import type { Transfer, TransferOutcome } from './model.js'

/** A segment that was retransmitted this often is lost for good. */
const RETRANSMISSIONS = 3
/** A receiver that closes sooner may have what it wanted. */
const SILENCE_NS = 5e9

/** The reply that ended an exchange; `null` while none did. */
export function finalReply(command: TransferCommand): Reply | null {
  return command.exchange.replies.find((reply) => !reply.preliminary) ?? null
}

/** Direction of a data connection in which a transfer's payload flows. */
export function payloadDirection(command: TransferCommand, mode: 'active' | 'passive'): Direction {
  // The FTP client initiates passive data connections, the FTP server active ones (RFC 959 §3.2).
  const fromInitiator = (command.direction === 'upload') === (mode === 'passive')
  return fromInitiator ? Direction.FromInitiator : Direction.FromResponder
}

/** Established, as far as the capture shows: one direction, or its first packets, may be missing from it. */
export function isOpen(connection: Connection): boolean {
  if (connection.midstream || connection.flows[0].end > 0 || connection.flows[1].end > 0) return true
  if (connection.established === null) return false
  // The acknowledgment of a SYN,ACK that was not captured proves as much.
  const [, responder] = connection.flows
  return connection.synAckAttempts > 0 || responder.packets > 0 || responder.acknowledged >= 0
}

/** How a connection failed that is not open. */
export function failureOf({ resets, icmpErrors }: Connection): 'refused' | 'unreachable' | 'unanswered' {
  if (resets.some((reset) => reset.answersSyn)) return 'refused'
  return icmpErrors.some((error) => error.quotesSyn) ? 'unreachable' : 'unanswered'
}

export function buildTransfer(
  command: TransferCommand,
  mode: 'active' | 'passive',
  connection: Connection | null,
  read: { tls: unknown; content: DataContent | null } | null = null,
): Transfer {
  const flow = connection?.flows[payloadDirection(command, mode)] ?? null
  const content = knownContent(read?.content?.flows[payloadDirection(command, mode)] ?? null)
  const established = connection !== null && isOpen(connection)
  const bytes = flow && established ? (content?.bytes ?? flow.end) : null
  const hidden = content === null && (command.protectedData || (read?.tls ?? null) !== null)
  const firstData = (content ?? flow)?.firstData
  const durationMs = connection && established ? duration(connection, command, mode) : null
  return {
    command,
    bytes,
    hidden,
    decrypted: content !== null,
    missingBytes: (content ?? flow)?.missingBytes ?? 0,
    durationMs,
    firstByteMs: firstData ? Math.max(0, (firstData.time - command.exchange.time) / 1e6) : null,
    bytesPerSecond: bytes !== null && durationMs !== null && durationMs > 0 ? (bytes / durationMs) * 1000 : null,
    outcome: outcomeOf(command, mode, connection, bytes, hidden, content),
  }
}

/** Content whose length is known. */
type KnownContent = FlowContent & { bytes: number }

function knownContent(content: FlowContent | null): KnownContent | null {
  return content !== null && content.bytes !== null ? { ...content, bytes: content.bytes } : null
}

/**
 * From the command to the sender's FIN, or to the last payload where there is none: a client may open its passive data
 * connection long before. From the open connection where that came later.
 */
function duration(connection: Connection, command: TransferCommand, mode: 'active' | 'passive'): number {
  const flow = connection.flows[payloadDirection(command, mode)]
  const opened = connection.established?.time ?? connection.first.time
  const start = Math.max(opened, command.exchange.time)
  const end = flow.fin?.time ?? flow.lastData?.time ?? start
  return Math.max(0, (end - start) / 1e6)
}

function outcomeOf(
  command: TransferCommand,
  mode: 'active' | 'passive',
  connection: Connection | null,
  bytes: number | null,
  hidden: boolean,
  content: KnownContent | null,
): TransferOutcome {
  const reply = finalReply(command)
  if (!reply) return command.abortedBy ? 'aborted' : 'unknown'
  if (reply.code < 400) {
    const lost =
      (!hidden && isShort(command, connection, bytes)) || isAbandoned(command, mode, connection, reply, content)
    return lost ? 'incomplete' : 'completed'
  }
  if (command.abortedBy) return 'aborted'
  if (reply.code === 426 || reply.code === 451) {
    return connection && receiverLeft(connection, command, mode, reply) ? 'aborted' : 'failed'
  }
  // 425: no data connection (RFC 959 §4.2.2). Before any 1yz every other negative reply is the server's answer to the
  // command itself.
  if (reply.code === 425 || reply.code === 421) return 'failed'
  const started = command.exchange.replies.some((r) => r.preliminary)
  return started && bytes !== null && bytes > 0 ? 'failed' : 'refused'
}

/** Fewer bytes than announced: only where the bytes sent are the bytes of the file, and the capture has all of them. */
function isShort(command: TransferCommand, connection: Connection | null, bytes: number | null): boolean {
  if (command.expectedBytes === null || bytes === null || !connection) return false
  if (command.representation !== 'image' || command.mode !== 'stream') return false
  // Bytes before the first captured packet are not counted, and until one side has ended it, more may have followed.
  if (connection.midstream) return false
  const ended = connection.resetCount > 0 || connection.flows.some(({ fin }) => fin !== null)
  return ended && bytes < command.expectedBytes
}

/**
 * The payload did not arrive, whatever the server says: it may send 226 as soon as its system has taken the bytes.
 * Either they were retransmitted in vain, or a RST discarded them later, or the receiver closed after a silence
 * although the sender had not finished.
 */
function isAbandoned(
  command: TransferCommand,
  mode: 'active' | 'passive',
  connection: Connection | null,
  reply: Reply,
  content: KnownContent | null,
): boolean {
  if (!connection || !isOpen(connection) || connection.midstream || command.abortedBy) return false
  const sending = payloadDirection(command, mode)
  const flow = connection.flows[sending]
  const taker = connection.flows[opposite(sending)]
  const isWhole = holdsAll(command, flow, content)
  if (taker.packets === 0) return false
  const reset = connection.closedBy?.how === 'rst' ? connection.resets[0] : undefined
  // The FIN may be among what the capture lacks: its acknowledgment is one more than the bytes.
  const finished = flow.fin !== null || flow.acknowledged > flow.end || flow.acknowledgedUnseen > 0
  if (reset && !finished && !isWhole) {
    const unacknowledged = reset.direction !== sending && flow.acknowledged < flow.end
    return unacknowledged || reset.time > reply.time
  }
  if (!finished && taker.fin && isCutOff(connection, flow, taker.fin, opposite(sending)) && !isWhole) return true
  if (flow.stuck) return flow.stuck.times >= RETRANSMISSIONS && flow.acknowledged <= flow.stuck.offset
  if (finished || !taker.fin || isWhole) return false
  const since = flow.lastData ?? connection.established
  return since !== null && taker.fin.time - since.time >= SILENCE_NS
}

/** The receiver closed while the sender was still sending, and its system answered the rest by RST. */
function isCutOff({ resets }: Connection, flow: Flow, farewell: Sighting, taking: Direction): boolean {
  return resets[0]?.direction === taking && flow.lastData !== null && flow.lastData.time > farewell.time
}

const holdsAll = ({ expectedBytes }: TransferCommand, { end }: Flow, content: KnownContent | null): boolean =>
  expectedBytes !== null && (content?.bytes ?? end) >= expectedBytes

/** The receiver of the payload closed or reset the connection before the sender had finished. */
function receiverLeft(
  { closedBy, flows, resets }: Connection,
  command: TransferCommand,
  mode: 'active' | 'passive',
  reply: Reply,
): boolean {
  if (!closedBy) return false
  const { direction, how } = closedBy
  const left = how === 'rst' ? resets.find((reset) => reset.direction === direction) : flows[direction].fin
  // Whoever leaves after the server has given up is not the reason for that.
  if (left && left.time > reply.time) return false
  const bySender = direction === payloadDirection(command, mode)
  return command.direction === 'upload' ? bySender && how === 'rst' : !bySender
}
