import type { DataChannel, Session, TransferOutcome } from '../../correlate/model.js'
import type { Exchange } from '../../ftp/model.js'
import { countHidden, type HiddenPayload, type HiddenTransfers } from './hidden-data.js'

export interface TransferCount {
  attempted: number
  completed: number
  failed: number
  /** Data connections whose commands TLS hides, which `attempted` cannot count; absent where there are none. */
  hidden?: HiddenTransfers
}

/** The facts that the count is based on; `SessionFacts` provides them. */
interface TransferFacts {
  readonly session: Session
  readonly unusedAtEnd: { channel: DataChannel } | null
  readonly hiddenPayloads: readonly HiddenPayload[]
  outcome(channel: DataChannel): TransferOutcome | null
  madeGood(channel: DataChannel): boolean
  commandOrder(exchange: Exchange): number | undefined
}

/** What the user wanted: each transfer command, and each data connection that was prepared for one and never opened. */
export function countTransfers(facts: TransferFacts): TransferCount {
  const { session, hiddenPayloads } = facts
  const count: TransferCount = { attempted: 0, completed: 0, failed: 0 }
  for (const [index, channel] of session.channels.entries()) {
    const seen = facts.outcome(channel)
    const outcome = seen ?? (isLost(facts, channel) ? 'failed' : null)
    if (seen === null && isReplaced(facts, channel, session.channels[index + 1])) continue
    if (outcome === null || (outcome !== 'completed' && facts.madeGood(channel))) continue
    count.attempted++
    if (outcome === 'completed') count.completed++
    else if (outcome !== 'unknown') count.failed++
  }
  if (hiddenPayloads.length > 0) count.hidden = countHidden(hiddenPayloads)
  return count
}

function isLost({ session, unusedAtEnd }: TransferFacts, channel: DataChannel): boolean {
  const { dialogue, cutOff } = session
  const { announcement } = channel
  if (announcement === null || unusedAtEnd?.channel === channel) return false
  if (announcement.accepted || announcement.refused) return true
  // A PORT without a reply, with which the session ended.
  return announcement.mode === 'active' && !cutOff && dialogue.announcements.at(-1) === announcement
}

/**
 * The next attempt is for the same transfer: with another verb, as clients fall back, with the same one at once, or
 * with none.
 */
function isReplaced(facts: TransferFacts, { announcement }: DataChannel, next: DataChannel | undefined): boolean {
  if (announcement === null || !next) return false
  const other = next.announcement
  if (other === null) return next.transfer !== null
  if (other.verb !== announcement.verb) return true
  return facts.commandOrder(other.exchange) === facts.commandOrder(announcement.exchange)! + 1
}
