/** What the rules on the quality of a session's capture share. */
import { finalReply } from '../../ftp/model.js'
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Connection, Direction } from '../../tcp/connection.js'
import { unseenDirection } from './control.js'
import { type LostBytes, lostBytes } from './lost-bytes.js'

/** Payload bytes of one direction that the capture lacks. */
export interface Loss {
  connection: Connection
  direction: Direction
  bytes: number
  /** Of those: what the receiver asked for again, so that a first copy was lost on the path. */
  again: number
}

/** What the receivers have and the capture lacks, of a connection of which both directions were captured. */
export function lossesOf(connection: Connection): Loss[] {
  return total(connection, ({ received }) => received)
}

/** What the numbers of its sender show to have been sent, while nothing shows whether it arrived. */
export function unconfirmedLossesOf(connection: Connection): Loss[] {
  return total(connection, ({ kind }) => kind === 'unknown')
}

function total(connection: Connection, counts: (lost: LostBytes) => boolean): Loss[] {
  if (connection.flows.every(({ unseen }) => unseen.length === 0)) return []
  if (unseenDirection(connection) !== null) return []
  return [Direction.FromInitiator, Direction.FromResponder].flatMap((direction) => {
    const loss: Loss = { connection, direction, bytes: 0, again: 0 }
    for (const lost of lostBytes(connection, direction)) {
      if (!counts(lost)) continue
      loss.bytes += lost.bytes
      if (lost.asked) loss.again += lost.bytes
    }
    return loss.bytes > 0 ? [loss] : []
  })
}

/** Data connections of a session, each once. */
export function dataConnectionsOf(session: Session): readonly Connection[] {
  const connections: Connection[] = []
  for (const { connection } of session.channels) if (connection) connections.push(connection)
  return connections.length < 2 ? connections : [...new Set(connections)]
}

/** The data connection that was open when the capture ended and that no command had used; `null` if there is none. */
export function unusedAtEnd({ channels, cutOff }: Session): { channel: DataChannel; connection: Connection } | null {
  const channel = channels.at(-1)
  if (!cutOff || channel?.state !== 'established' || channel.transfer) return null
  const { connection } = channel
  return connection && !connection.closed ? { channel, connection } : null
}

/** The client requested something, and the capture does not show the result. */
export function hasOpenQuestions(session: Session): boolean {
  if (unusedAtEnd(session)) return true
  if (session.channels.some(({ transfer }) => transfer?.outcome === 'unknown')) return true
  const last = session.dialogue.exchanges.findLast((exchange) => exchange.command !== null)
  return last !== undefined && last.command !== 'QUIT' && finalReply(last) === null
}
