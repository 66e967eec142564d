/**
 * What a session shows before any rule runs: most sessions are healthy, and most rules have nothing to report on them.
 */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Exchange, FROM_SERVER } from '../../ftp/model.js'

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
   * and the login is accepted.
   */
  irregular: 128,
} as const
export type Sign = keyof typeof SIGNS

/** Signs as a set of bits. */
export function bitsOf(signs: readonly Sign[]): number {
  return signs.reduce((bits, sign) => bits | SIGNS[sign], 0)
}

/** Everything that a session shows, as bits. */
export function signsOf(session: Session): number {
  const { control, dialogue } = session
  let bits = 0
  if (control.resetCount > 0) bits |= SIGNS.reset
  if (control.icmpErrors.length > 0) bits |= SIGNS.icmp
  if (dialogue.tls || dialogue.clientHello || dialogue.opaqueFrom || dialogue.security !== 'none') bits |= SIGNS.tls
  if (dialogue.login !== 'accepted' || dialogue.uncodedLine) bits |= SIGNS.irregular
  for (const [index, exchange] of dialogue.exchanges.entries()) {
    if (exchange.command === 'AUTH') bits |= SIGNS.tls
    for (const { code } of exchange.replies) if (code >= 400) bits |= SIGNS.refusal
    if (!isRegular(exchange, index === 0)) bits |= SIGNS.irregular
  }
  if (control.flows[FROM_SERVER].stuck !== null) bits |= SIGNS.unfinished
  for (const channel of session.channels) bits |= channelSigns(channel)
  return bits
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
  if (look && (look.tls[0] !== null || look.tls[1] !== null)) bits |= SIGNS.tls
  return bits
}
