import { seededKey } from '../bytes/seeded-key.js'

/** Both ends of a connection: the hosts as ids of the address table. */
export interface Ends {
  initiator: number
  initiatorPort: number
  responder: number
  responderPort: number
}

export function noEnds(): Ends {
  return { initiator: -1, initiatorPort: 0, responder: -1, responderPort: 0 }
}

/** The responder's address and port as one key of a Map; ids of addresses stay below 2^26. */
export function responderKey(ends: Ends): number {
  return seededKey(ends.responder, ends.responderPort)
}
