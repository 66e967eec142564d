import type { AddressTable } from './address-table.js'
import { Connection, Direction } from './connection.js'
import { type ConnectionRows, RowState } from './connection-rows.js'
import { FollowedConnection } from './followed-connection.js'

/** Follows the connection of a row from here on: what the row kept of the packets before makes up for most of what they told. */
export function promote(rows: ConnectionRows, row: number, addresses: AddressTable): FollowedConnection {
  const first = { frame: rows.firstFrame(row), time: rows.firstTime(row) }
  const connection = new Connection(
    rows.stream(row),
    addresses.version(rows.client(row)),
    { address: addresses.text(rows.client(row)), port: rows.clientPort(row) },
    { address: addresses.text(rows.server(row)), port: rows.serverPort(row) },
    first,
  )
  connection.midstream = !rows.is(row, RowState.Opened)
  const followed = new FollowedConnection(connection)
  if (rows.synAttempts(row) > 0) {
    connection.syns = [{ ...first }]
    connection.synAttempts = rows.synAttempts(row)
  }
  if (rows.is(row, RowState.ClientSeen)) {
    followed.resume(Direction.FromClient, rows.sequence(row, Direction.FromClient))
  }
  if (rows.is(row, RowState.ServerSeen)) {
    followed.resume(Direction.FromServer, rows.sequence(row, Direction.FromServer))
    // Its SYN,ACK went by unrecorded while the connection was ignored; the handshake was complete when payload came.
    if (connection.synAttempts > 0) connection.established = { ...first }
  }
  return followed
}
