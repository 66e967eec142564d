import type { DataChannel, Session, TransferOutcome } from '../correlate/model.js'
import type { Exchange } from '../ftp/model.js'
import { Direction } from '../tcp/connection.js'
import { finalReplyOf } from './control.js'
import { perSession } from './per-session.js'

/** A transfer begins: RFC 959 §4.2.2. */
const OPENING = [125, 150]

/**
 * What became of a data channel whose transfer command the capture lacks; `null` for one that nothing shows to have been used. The
 * replies to that command tell, which come behind the announcement and answer nothing that was captured; or else its payload tells that
 * there was one.
 */
export function outcomeOfUnseen(session: Session, channel: DataChannel): TransferOutcome | null {
  const replied = repliedOutcomes(session).get(channel)
  if (replied !== undefined) return replied
  const { transfer, connection, announcement } = channel
  if (transfer || !announcement || !connection || session.control.flows[Direction.FromClient].missingBytes === 0)
    return null
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
