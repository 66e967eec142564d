/** What the rules on the quality of a session's capture share. */
import type { Session } from '../correlate/model.js'
import { type Connection, Direction } from '../tcp/connection.js'
import { finalReplyOf, unseenDirection } from './control.js'
import { perSession } from './per-session.js'

/** Payload bytes of one direction that the receiver acknowledged and the capture lacks. */
export interface Loss {
  connection: Connection
  direction: Direction
  bytes: number
}

/** Losses of a connection of which both directions were captured. */
export function lossesOf(connection: Connection): Loss[] {
  if (unseenDirection(connection) !== null) return []
  return [Direction.FromClient, Direction.FromServer].flatMap((direction) => {
    const bytes = connection.flows[direction].acknowledgedUnseen
    return bytes > 0 ? [{ connection, direction, bytes }] : []
  })
}

/** Data connections of a session, each once. */
export const dataConnections = perSession((session): readonly Connection[] => {
  const connections = new Set<Connection>()
  for (const { connection } of session.channels) if (connection) connections.add(connection)
  return [...connections]
})

/** Something was asked for, and the capture does not show what came of it. */
export function hasOpenQuestions(session: Session): boolean {
  if (session.channels.some(({ transfer }) => transfer?.outcome === 'unknown')) return true
  const last = session.dialogue.exchanges.findLast((exchange) => exchange.command !== null)
  return last !== undefined && last.command !== 'QUIT' && finalReplyOf(last) === null
}
