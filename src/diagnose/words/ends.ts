/** Addresses and ports in facts, and as reports write them. */
import type { Session } from '../../correlate/model.js'
import type { Endpoint } from '../../tcp/connection.js'
import { endpointText } from './evidence.js'

/** The ends of a control connection, as a part of facts. */
export interface Ends {
  /** Address of the client. */
  client: string
  server: Endpoint
}

export function endsOf({ client, server }: Session): Ends {
  return { client: client.address, server }
}

/** `address:port`. */
export function endpointWords({ address, port }: Endpoint): string {
  return endpointText(address, port)
}
