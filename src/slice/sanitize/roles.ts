import type { Session } from '../../correlate/model.js'
import type { Connection } from '../../tcp/connection.js'
import { parseAddress } from '../../wire/address.js'
import { bytesKey, packetKey } from '../session-packets.js'

/** What one direction of a connection carries. */
export type Role =
  /** Lines of an FTP client, and of a server. */
  | 'client'
  | 'server'
  | 'listing'
  | 'file'
  /** A data connection under TLS. */
  | 'records'
  /** Part of a session, but nothing that is understood. */
  | 'other'

/** The roles of the connections of sessions by the keys of their packets (`packetKey`). */
export type Roles = Map<string, Role>

/** Adds the connections of a session. */
export function addRoles(roles: Roles, session: Session): void {
  const { client, control, channels, surroundings } = session
  for (const { connection, fromOtherHosts, transfer, tls, head } of channels) {
    const isTls = tls !== null || head?.content.includes('tls') === true
    const role = isTls ? 'records' : transfer?.command.direction === 'listing' ? 'listing' : 'file'
    if (connection) put(roles, connection, role, role)
    for (const each of fromOtherHosts) put(roles, each, 'file', 'file')
  }
  for (const each of [...surroundings.ident, surroundings.backdoorShell]) if (each) put(roles, each, 'other', 'other')
  const { address, port } = control.initiator
  const opened = client.address === address && client.port === port
  put(roles, control, opened ? 'client' : 'server', opened ? 'server' : 'client')
}

function put(roles: Roles, { initiator, responder }: Connection, own: Role, others: Role): void {
  const [a, b] = [keyOf(initiator.address), keyOf(responder.address)]
  roles.set(packetKey(a, initiator.port, b, responder.port), own)
  roles.set(packetKey(b, responder.port, a, initiator.port), others)
}

function keyOf(address: string): string {
  const bytes = parseAddress(address)!
  return bytesKey(bytes, 0, bytes.length)
}
