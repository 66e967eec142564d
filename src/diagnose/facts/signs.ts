/**
 * What a session shows before any rule runs: most sessions are healthy, and most rules have nothing to report on them.
 */
import type { DataChannel, Session } from '../../correlate/model.js'

const SIGNS = {
  /** A data channel of active mode, and one of passive mode, whatever its result. */
  active: 1,
  passive: 2,
  /** A data channel whose connection was not established, or a transfer that did not complete. */
  unfinished: 4,
  /** A negative reply, 4yz or 5yz (RFC 959 §4.2.1), or beyond. */
  refusal: 8,
  /** A RST on the control connection or a data connection. */
  reset: 16,
  /** An ICMP error that quotes the control connection. */
  icmp: 32,
  /** TLS, or an attempt at it, on either channel. */
  tls: 64,
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
  for (const { command, replies } of dialogue.exchanges) {
    if (command === 'AUTH') bits |= SIGNS.tls
    for (const { code } of replies) if (code >= 400) bits |= SIGNS.refusal
  }
  for (const channel of session.channels) bits |= channelSigns(channel)
  return bits
}

function channelSigns({ mode, state, transfer, connection, head: look }: DataChannel): number {
  let bits: number = SIGNS[mode]
  if (state !== 'established' || transfer?.outcome !== 'completed') bits |= SIGNS.unfinished
  if (connection && connection.resetCount > 0) bits |= SIGNS.reset
  if (look && (look.tls[0] !== null || look.tls[1] !== null)) bits |= SIGNS.tls
  return bits
}
