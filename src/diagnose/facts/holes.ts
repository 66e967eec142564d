/** What the capture lacks of a session, and whether that may hide how the session ended. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { finalReply, FROM_CLIENT, FROM_SERVER, isGreeted } from '../../ftp/model.js'
import { isRefusal } from '../../ftp/reply-codes.js'
import type { Connection, Flow } from '../../tcp/connection.js'
import { lostBytes } from './lost-bytes.js'
import { isHousekeeping } from './wishes.js'

/**
 * Payload bytes that a side has sent and of which the capture has nothing: below the highest byte seen, acknowledged by
 * its peer, or below the sequence number of its own later packets (RFC 9293 §3.4).
 */
export function unseenBytes(flow: Flow): number {
  return flow.missingBytes + flow.aheadBytes
}

/** The capture has every payload byte of a flow that is known to have been sent. */
export function isWhole(flow: Flow): boolean {
  return unseenBytes(flow) === 0 && flow.snappedBytes === 0
}

/** The capture lacks bytes of the server on the control connection: its replies cannot be judged. */
export function lacksReplies({ control }: Session): boolean {
  return !isWhole(control.flows[FROM_SERVER])
}

/**
 * All that the capture lacks of the server's replies are bytes that the client never got: it went on without
 * acknowledging any. Or only the number of a later packet shows them, and the client closed.
 */
export function neverArrived({ control }: Session): boolean {
  const lost = lostBytes(control, FROM_SERVER)
  if (lost.length > 0 && lost.every(({ kind, received }) => kind === 'lost-on-path' && !received))
    return control.flows[FROM_SERVER].snappedBytes === 0
  const { ahead, missingBytes, snappedBytes, acknowledged, end } = control.flows[FROM_SERVER]
  if (ahead === null || missingBytes > 0 || snappedBytes > 0 || acknowledged < 0 || acknowledged > end) return false
  return control.closedBy?.direction === FROM_CLIENT
}

/** The capture lacks bytes of the client on the control connection: it may have sent other commands as well. */
export function lacksCommands({ control }: Session): boolean {
  return !isWhole(control.flows[FROM_CLIENT])
}

/** The session began before the capture: what was said first is not in it. */
export function lacksBeginning({ control, dialogue }: Session): boolean {
  return control.midstream && !isGreeted(dialogue)
}

/** The capture lacks part of the dialogue: its beginning, one direction, or bytes of either. */
export function lacksDialogue(session: Session): boolean {
  return lacksBeginning(session) || lacksCommands(session) || (lacksReplies(session) && !neverArrived(session))
}

/** The first bytes of a data connection, or all that follow, were cut off by the snap length or never captured. */
export function lacksData({ flows }: Connection): boolean {
  return flows.some((flow) => !isWhole(flow))
}

/**
 * The client asked for the size of a file, or for a part of it, and the capture has only the beginning of the number:
 * the file may be incomplete.
 */
export function lacksSize({ channels, dialogue }: Session): boolean {
  const unsized = channels.flatMap(({ transfer }) => {
    const unknown = transfer?.command.direction === 'download' && transfer.command.expectedBytes === null
    return unknown ? [transfer.command] : []
  })
  if (unsized.length === 0) return false
  if (unsized.some(({ restartKnown }) => !restartKnown)) return true
  return dialogue.exchanges.some(({ command, replies }) => command === 'SIZE' && replies.some((r) => r.clipped))
}

/** What is judged; `SessionFacts` provides it. */
interface Judged {
  readonly session: Session
  madeGood(channel: DataChannel): boolean
}

/**
 * What the capture lacks of the dialogue may be a failure: after the last thing that the user got there is a command
 * without a reply, a refusal without a command, or an announcement that cannot be read and that no connection answers.
 */
export function mayHideFailure(facts: Judged, achievedUntil: number): boolean {
  const { session } = facts
  for (const channel of session.channels) {
    const { announcement, connection } = channel
    if (!announcement || connection || announcement.refused || facts.madeGood(channel)) continue
    const unread = announcement.cutPorts !== null || (announcement.mode === 'passive' && announcement.reply === null)
    if (unread) return true
  }
  return session.dialogue.exchanges.some((exchange) => {
    if (exchange.time <= achievedUntil) return false
    const reply = finalReply(exchange)
    if (reply?.clipped && reply.code === 421) return true
    if (exchange.command === null) return reply !== null && isRefusal(reply.code)
    return reply === null && exchange.command !== 'QUIT' && !isHousekeeping(exchange.command)
  })
}
