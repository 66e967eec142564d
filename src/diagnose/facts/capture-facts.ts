/** What the rules on the quality of a session's capture share. */
import { finalReply } from '../../ftp/model.js'
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Connection, Direction } from '../../tcp/connection.js'
import { unseenDirection } from './control.js'
import { unseenBytes } from './holes.js'

/** Payload bytes of one direction that the receiver acknowledged and the capture lacks. */
export interface Loss {
  connection: Connection
  direction: Direction
  bytes: number
}

/** Losses of a connection of which both directions were captured. */
export function lossesOf(connection: Connection): Loss[] {
  if (unseenDirection(connection) !== null) return []
  return [Direction.FromInitiator, Direction.FromResponder].flatMap((direction) => {
    const bytes = connection.flows[direction].acknowledgedUnseen
    return bytes > 0 ? [{ connection, direction, bytes }] : []
  })
}

/** Payload bytes that were neither captured nor acknowledged: the numbers of their sender show that they were sent. */
export function unconfirmedLossesOf(connection: Connection): Loss[] {
  if (unseenDirection(connection) !== null) return []
  return [Direction.FromInitiator, Direction.FromResponder].flatMap((direction) => {
    const bytes = unseenBytes(connection.flows[direction])
    return bytes > 0 ? [{ connection, direction, bytes }] : []
  })
}

/** Data connections of a session, each once. */
export function dataConnectionsOf(session: Session): readonly Connection[] {
  const connections = new Set<Connection>()
  for (const { connection } of session.channels) if (connection) connections.add(connection)
  return [...connections]
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
