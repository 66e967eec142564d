/**
 * What `passive-address-mismatch` and `active-address-mismatch` share: an announcement that names an address other than
 * that of the announcing host in the control connection.
 */
import type { DataChannel, Session } from '../../correlate/model.js'
import { endsOf } from '../facts/announced-address.js'
import { isEstablished } from '../facts/passive.js'
import type { Fact, Severity } from '../rule.js'
import { endpointText } from '../words/evidence.js'

export type Result =
  /** The data connection was established, to the announced address or its translation by a NAT. */
  | 'connected'
  /** It was established to the address of the control connection: the other host ignored the announced one. */
  | 'ignored'
  /** The transfer was completed without it: between two servers (RFC 959 §5.2), or over one that was not captured. */
  | 'completed'
  /** The server refused the announcement. */
  | 'refused'
  | 'failed'
  /** No connection was captured. */
  | 'not-seen'

export interface OtherAddress extends Fact {
  kind: Result
  /** The announced address and port, as text. */
  announced: string
  /** Address of the announcing host in the control connection. */
  peer: string
}

export function otherAddressFact(session: Session, channel: DataChannel): OtherAddress {
  const { address, port } = channel.announcement!
  return {
    kind: resultOf(channel),
    announced: endpointText(address, port),
    peer: endsOf(session, channel).listener,
  }
}

/** Where everything worked, the address is only information. */
export function severityOf({ kind }: OtherAddress): Severity {
  return hasWorked(kind) ? 'info' : 'error'
}

export function hasWorked(kind: Result): boolean {
  return kind === 'connected' || kind === 'ignored' || kind === 'completed'
}

function resultOf(channel: DataChannel): Result {
  const { announcement, connection, match, transfer } = channel
  if (announcement!.refused) return 'refused'
  if (isEstablished(channel) && transfer?.outcome !== 'failed')
    return match === 'control-address' ? 'ignored' : 'connected'
  if (transfer?.outcome === 'completed') return 'completed'
  return connection ? 'failed' : 'not-seen'
}
