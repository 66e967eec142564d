import type { AnomalyLog } from '../bytes/anomaly.js'
import type { SharedMemory } from '../bytes/shared-memory.js'
import type { AddressTable } from './address-table.js'
import { Connection, Direction } from './connection.js'
import { type ConnectionRows, RowState } from './connection-rows.js'
import { FollowedConnection } from './followed-connection.js'

/** Follows the connection of a row from here on: the row has kept most of what the packets before had shown. */
export function follow(
  rows: ConnectionRows,
  row: number,
  addresses: AddressTable,
  anomalies: AnomalyLog,
  shared: SharedMemory,
): FollowedConnection {
  const first = { frame: rows.firstFrame(row), time: rows.firstTime(row) }
  const connection = new Connection(
    rows.stream(row),
    addresses.version(rows.initiator(row)),
    { address: addresses.text(rows.initiator(row)), port: rows.initiatorPort(row) },
    { address: addresses.text(rows.responder(row)), port: rows.responderPort(row) },
    first,
  )
  connection.midstream = !rows.is(row, RowState.Opened)
  const followed = new FollowedConnection(connection, anomalies, shared)
  if (rows.synAttempts(row) > 0) {
    connection.syns = [{ ...first }]
    connection.synAttempts = rows.synAttempts(row)
  }
  if (rows.is(row, RowState.InitiatorSeen)) {
    followed.resume(Direction.FromInitiator, rows.sequence(row, Direction.FromInitiator))
  }
  if (rows.is(row, RowState.ResponderSeen)) {
    followed.resume(Direction.FromResponder, rows.sequence(row, Direction.FromResponder))
    // Its SYN,ACK went by unrecorded while the connection was ignored; the handshake was complete when payload came.
    if (connection.synAttempts > 0) connection.established = { ...first }
  }
  return followed
}
