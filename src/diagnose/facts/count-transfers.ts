import type { DataChannel, Session } from '../../correlate/model.js'
import { unusedAtEnd } from './capture-facts.js'
import { madeGood } from './passive.js'
import { perSession } from './per-session.js'
import { transferOutcome } from './transfer-outcome.js'

export interface TransferCount {
  attempted: number
  completed: number
  failed: number
}

/** What the user wanted: each transfer command, and each data connection that was prepared for one and did not come about. */
export function countTransfers(session: Session): TransferCount {
  const count = { attempted: 0, completed: 0, failed: 0 }
  for (const [index, channel] of session.channels.entries()) {
    const seen = transferOutcome(session, channel)
    const outcome = seen ?? (isLost(session, channel) ? 'failed' : null)
    if (seen === null && isReplaced(session, channel, session.channels[index + 1])) continue
    if (outcome === null || (outcome !== 'completed' && madeGood(session, channel))) continue
    count.attempted++
    if (outcome === 'completed') count.completed++
    else if (outcome !== 'unknown') count.failed++
  }
  return count
}

function isLost(session: Session, channel: DataChannel): boolean {
  const { dialogue, cutOff } = session
  const { announcement } = channel
  if (announcement === null || unusedAtEnd(session)?.channel === channel) return false
  if (announcement.accepted || announcement.refused) return true
  // A PORT that nobody answered, and with which the session ended.
  return announcement.mode === 'active' && !cutOff && dialogue.announcements.at(-1) === announcement
}

/** The next attempt is for the same transfer: by another command, as clients fall back, by the same one at once, or without any. */
function isReplaced(session: Session, { announcement }: DataChannel, next: DataChannel | undefined): boolean {
  if (announcement === null || !next) return false
  const other = next.announcement
  if (other === null) return next.transfer !== null
  if (other.verb !== announcement.verb) return true
  const order = orderOf(session)
  return order.get(other.exchange) === order.get(announcement.exchange)! + 1
}

/** Commands by their place in the dialogue. */
const orderOf = perSession(({ dialogue }) => {
  const commands = dialogue.exchanges.filter(({ command }) => command !== null)
  return new Map(commands.map((exchange, index) => [exchange, index]))
})
