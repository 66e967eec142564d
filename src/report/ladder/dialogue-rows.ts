import type { DataChannelReport, ExchangeReport, ReplyReport, SessionReport } from '../contract.js'
import type { InferredExchangeReport } from '../inferred-exchange.js'
import { inferredWords } from '../inferred-words.js'
import type { LadderRow } from './model.js'

/**
 * Commands and replies; those that announce or use a data channel name it. A missing reply or connection is noted in
 * parentheses.
 */
export function dialogueRows({ exchanges, dataChannels, inferredExchanges }: SessionReport): LadderRow[] {
  const rows: LadderRow[] = (inferredExchanges ?? []).map(inferredRow)
  const announced = new Map<number, DataChannelReport>()
  for (const channel of dataChannels) if (channel.announcement) announced.set(channel.announcement.frame, channel)
  const transfers = new TransfersInOrder(dataChannels)
  for (const exchange of exchanges) {
    const { command, replies } = exchange
    const announcing = [exchange, ...replies].map(({ frame }) => announced.get(frame)).find((channel) => channel)
    const channel = announcing ?? (command === null ? undefined : transfers.next(exchange))
    const add = (at: ExchangeReport | ReplyReport, from: 'client' | 'server', words: string): void => {
      const announces = announcing !== undefined && announced.get(at.frame) === announcing
      const unused = announces && announcing.state === 'not-attempted'
      rows.push({
        frame: at.frame,
        time: at.time,
        channel: 'control',
        dataChannel: channel?.id ?? null,
        from,
        to: from === 'client' ? 'server' : 'client',
        label: unused ? `${words}   (no connection followed)` : words,
        lost: false,
        kind: announces ? 'announcement' : from === 'client' ? 'command' : 'reply',
        proof: false,
        skipped: 0,
      })
    }
    if (command !== null) add(exchange, 'client', commandWords(exchange))
    for (const reply of replies) add(reply, 'server', replyWords(reply))
  }
  return rows
}

function inferredRow(inferred: InferredExchangeReport): LadderRow {
  const { frame, time, direction } = inferred
  return {
    frame,
    time,
    channel: 'control',
    dataChannel: null,
    from: direction,
    to: direction === 'client' ? 'server' : 'client',
    label: inferredWords(inferred),
    lost: false,
    kind: direction === 'client' ? 'command' : 'reply',
    proof: false,
    skipped: 0,
  }
}

function commandWords({ command, argument, replies }: ExchangeReport): string {
  const words = argument === null || argument === '' ? command! : `${command!} ${argument}`
  return replies.length === 0 ? `${words}   (no reply)` : words
}

function replyWords({ code, text }: ReplyReport): string {
  const lines = text.split('\n')
  const more = lines.length > 1 ? ` … (${lines.length} lines)` : ''
  return `${String(code).padStart(3, '0')} ${lines[0]!}${more}`.trimEnd()
}

/** Data channels in the order in which transfer commands take them, which is how the contract lists them. */
class TransfersInOrder {
  readonly #waiting: DataChannelReport[]

  constructor(channels: readonly DataChannelReport[]) {
    this.#waiting = channels.filter(({ transfer }) => transfer !== null)
  }

  /** The channel of a transfer command; `undefined` for other commands. */
  next({ command, argument, frame }: ExchangeReport): DataChannelReport | undefined {
    const at = this.#waiting.findIndex(
      ({ transfer, announcement }) =>
        transfer!.command === command?.toUpperCase() &&
        (transfer!.direction === 'listing' || transfer!.path === argument) &&
        (announcement === null || announcement.frame <= frame),
    )
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]
  }
}
