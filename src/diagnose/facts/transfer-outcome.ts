import type { DataChannel, Session, TransferOutcome } from '../../correlate/model.js'
import { type Exchange, finalReply, FROM_CLIENT } from '../../ftp/model.js'

/** What became of a transfer. */
export interface TransferEnd {
  outcome: TransferOutcome
  /** The replies to it, with its command where that was captured; `null` where neither was. */
  exchange: Exchange | null
}

/** A transfer begins: RFC 959 §4.2.2. */
const OPENING = [125, 150]

/**
 * Outcome of each channel's transfer; a channel that was not used as far as the capture shows has none. If the capture
 * lacks the command, the replies to it decide: they follow the announcement and answer no captured command. Otherwise
 * the payload shows that there was a transfer.
 */
export function transferEnds(session: Session): Map<DataChannel, TransferEnd> {
  const ends = repliedEnds(session)
  const commandsMissing = session.control.flows[FROM_CLIENT].missingBytes > 0
  for (const channel of session.channels) {
    const { transfer, connection, announcement } = channel
    if (transfer) ends.set(channel, { outcome: transfer.outcome, exchange: transfer.command.exchange })
    else if (ends.has(channel) || !commandsMissing || !announcement || !connection) continue
    else if (connection.flows.some((flow) => flow.end > 0)) ends.set(channel, { outcome: 'unknown', exchange: null })
  }
  return ends
}

function repliedEnds({ channels, dialogue }: Session): Map<DataChannel, TransferEnd> {
  const ends = new Map<DataChannel, TransferEnd>()
  const announcing = new Map<Exchange, DataChannel>()
  for (const channel of channels) if (channel.announcement) announcing.set(channel.announcement.exchange, channel)
  let latest: DataChannel | null = null
  for (const exchange of dialogue.exchanges) {
    latest = announcing.get(exchange) ?? latest
    if (exchange.command !== null || !latest || latest.transfer) continue
    if (!exchange.replies.some(({ code }) => OPENING.includes(code))) continue
    const reply = finalReply(exchange)
    ends.set(latest, { outcome: !reply ? 'unknown' : reply.code < 400 ? 'completed' : 'failed', exchange })
    latest = null
  }
  return ends
}
