/** What `passive-private-address` and `active-private-address` share: a private address announced to a host outside. */
import type { DataChannel, Session } from '../../correlate/model.js'
import type { Fact } from '../rule.js'
import { endpointText } from '../words/evidence.js'

export interface PrivateAddress<Kind extends string> extends Fact {
  kind: Kind
  /** The private address and port, as text. */
  announced: string
  /** Addresses of the control connection. */
  client: string
  server: string
}

export function privateAddressFact<Kind extends string>(
  { client, server }: Session,
  { announcement }: DataChannel,
  kind: Kind,
): PrivateAddress<Kind> {
  const announced = endpointText(announcement!.address, announcement!.port)
  return { kind, announced, client: client.address, server: server.address }
}
