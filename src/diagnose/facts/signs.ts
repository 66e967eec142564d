/**
 * What a session shows before any rule runs: most sessions are healthy, and most rules have nothing to report on them.
 */
import type { DataChannel, Session } from '../../correlate/model.js'
import type { SessionPath } from '../../correlate/session-path.js'
import { type Dialogue, type Exchange, FROM_SERVER } from '../../ftp/model.js'
import type { Connection, Flow } from '../../tcp/connection.js'
import { unseenDirection } from './control.js'

const SIGNS = {
  /** A data channel of active mode, and one of passive mode, whatever its result. */
  active: 1,
  passive: 2,
  /**
   * A data channel whose connection was not established, or a transfer that did not complete, or whose reply may not
   * have arrived: bytes of the control connection were sent again.
   */
  unfinished: 4,
  /** A negative reply, 4yz or 5yz (RFC 959 §4.2.1), or beyond. */
  refusal: 8,
  /** A RST on the control connection or a data connection. */
  reset: 16,
  /** An ICMP error that quotes the control connection. */
  icmp: 32,
  /** TLS, or an attempt at it, on either channel. */
  tls: 64,
  /**
   * The dialogue is not a plain one, in which a 220 comes first, each command has its replies, each line ends in CRLF
   * and the login is accepted, without TLS or another protocol.
   */
  irregular: 128,
  /** A refusal, or an irregular dialogue. */
  troubled: 256,
  /** The capture lacks its beginning, its end, bytes or a direction, of any of its connections. */
  incomplete: 512,
  /** Another place of capture saw it too. */
  elsewhere: 1024,
  /** Bytes of any of its connections came again, ahead of others or never, or a receiver took none for a while. */
  impeded: 2048,
} as const
export type Sign = keyof typeof SIGNS

/** Signs as a set of bits. */
export function bitsOf(signs: readonly Sign[]): number {
  return signs.reduce((bits, sign) => bits | SIGNS[sign], 0)
}

/** Everything that a session shows, as bits; `path` is what other places saw of it. */
export function signsOf(session: Session, path: SessionPath | null): number {
  const { control, dialogue } = session
  let bits: number = path ? SIGNS.elsewhere : 0
  if (control.resetCount > 0) bits |= SIGNS.reset
  if (control.icmpErrors.length > 0) bits |= SIGNS.icmp
  if (dialogue.tls || dialogue.clientHello || dialogue.opaqueFrom || dialogue.security !== 'none') bits |= SIGNS.tls
  if (dialogue.login !== 'accepted' || dialogue.uncodedLine || hasOther(dialogue)) bits |= SIGNS.irregular
  for (const [index, exchange] of dialogue.exchanges.entries()) {
    if (exchange.command === 'AUTH') bits |= SIGNS.tls
    for (const { code } of exchange.replies) if (code >= 400) bits |= SIGNS.refusal
    if (!isRegular(exchange, index === 0)) bits |= SIGNS.irregular
  }
  if ((bits & (SIGNS.refusal | SIGNS.irregular)) !== 0) bits |= SIGNS.troubled
  if (control.flows[FROM_SERVER].stuck !== null) bits |= SIGNS.unfinished
  if (session.cutOff || isIncomplete(control)) bits |= SIGNS.incomplete
  if (isImpeded(control)) bits |= SIGNS.impeded
  for (const channel of session.channels) bits |= channelSigns(channel)
  return bits
}

/** Other than FTP in clear text is on the control connection. */
function hasOther({ clientHello, opaqueFrom, otherProtocol }: Dialogue): boolean {
  return clientHello !== null || opaqueFrom !== null || otherProtocol !== null
}

function isIncomplete(connection: Connection): boolean {
  return connection.midstream || unseenDirection(connection) !== null || connection.flows.some(lacksBytes)
}

const lacksBytes = ({ snappedBytes, unseen }: Flow): boolean => snappedBytes > 0 || unseen.length > 0

function isImpeded({ flows: [one, other] }: Connection): boolean {
  return isFlowImpeded(one) || isFlowImpeded(other)
}

function isFlowImpeded({ retransmissions, stuck, missingBytes, unseen, ahead, firstHole, firstShut }: Flow): boolean {
  if (retransmissions > 0 || stuck !== null || missingBytes > 0 || unseen.length > 0) return true
  return ahead !== null || firstHole >= 0 || firstShut !== null
}

/** The greeting, or a command with its final reply, in lines that end in CRLF. */
function isRegular({ command, lineEnd, replies }: Exchange, first: boolean): boolean {
  if (lineEnd !== 'crlf' || (command === null) !== first) return false
  const last = replies.at(-1)
  if (!last || last.preliminary || replies.some((reply) => reply.lineEnd !== 'crlf' || reply.unfinished)) return false
  return (last.code === GREETING) === first
}

const GREETING = 220

function channelSigns({ mode, state, transfer, connection, head: look }: DataChannel): number {
  let bits: number = SIGNS[mode]
  if (state !== 'established' || transfer?.outcome !== 'completed') bits |= SIGNS.unfinished
  if (connection && connection.resetCount > 0) bits |= SIGNS.reset
  if (connection && isIncomplete(connection)) bits |= SIGNS.incomplete
  if (connection && isImpeded(connection)) bits |= SIGNS.impeded
  if (look && (look.tls[0] !== null || look.tls[1] !== null)) bits |= SIGNS.tls
  return bits
}
