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

/** The responder's address and port as one key; ids of addresses stay below 2^26, so that it is exact as a double. */
export function responderKey(ends: Ends): number {
  return ends.responder * 0x10000 + ends.responderPort
}
