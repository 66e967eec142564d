import type { DataChannel, Session, TransferOutcome } from '../../correlate/model.js'
import type { Exchange } from '../../ftp/model.js'
import { Direction } from '../../tcp/connection.js'
import { finalReplyOf } from './control.js'
import { perSession } from './per-session.js'

/** A transfer begins: RFC 959 §4.2.2. */
const OPENING = [125, 150]

/**
 * What became of a data channel's transfer; `null` for a channel that nothing shows to have been used. Where the capture lacks the
 * command, the replies to it tell, which come behind the announcement and answer nothing that was captured; or else the payload tells
 * that there was one.
 */
export function transferOutcome(session: Session, channel: DataChannel): TransferOutcome | null {
  const { transfer, connection, announcement } = channel
  const outcome = transfer?.outcome ?? repliedOutcomes(session).get(channel)
  if (outcome !== undefined) return outcome
  if (!announcement || !connection || session.control.flows[Direction.FromInitiator].missingBytes === 0) return null
  return connection.flows.some((flow) => flow.end > 0) ? 'unknown' : null
}

const repliedOutcomes = perSession(({ channels, dialogue }) => {
  const outcomes = new Map<DataChannel, TransferOutcome>()
  const announcing = new Map<Exchange, DataChannel>()
  for (const channel of channels) if (channel.announcement) announcing.set(channel.announcement.exchange, channel)
  let latest: DataChannel | null = null
  for (const exchange of dialogue.exchanges) {
    latest = announcing.get(exchange) ?? latest
    if (exchange.command !== null || !latest || latest.transfer) continue
    if (!exchange.replies.some(({ code }) => OPENING.includes(code))) continue
    const reply = finalReplyOf(exchange)
    outcomes.set(latest, !reply ? 'unknown' : reply.code < 400 ? 'completed' : 'failed')
    latest = null
  }
  return outcomes
})
