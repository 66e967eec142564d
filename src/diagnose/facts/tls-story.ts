import type { Epoch } from '../../capture/time.js'
import type { Sighting } from '../../tcp/connection.js'
import type { SessionFacts } from './session-facts.js'
import { type TlsConnection, tlsConnectionsOf } from './tls-connections.js'
import { type HandshakeFailure, handshakeFailure } from './tls-handshake.js'

/** What is known of TLS in a session, computed when it is first requested. */
export class TlsStory {
  readonly #facts: SessionFacts
  #connections: readonly TlsConnection[] | undefined
  #failure: HandshakeFailure | null | undefined

  constructor(facts: SessionFacts) {
    this.#facts = facts
  }

  /** The control connection first, then data connections, with the certificates that were sent. */
  get connections(): readonly TlsConnection[] {
    return (this.#connections ??= tlsConnectionsOf(this.#facts.session))
  }

  /** How the handshake of the control connection failed; `null` if it did not. */
  get failure(): HandshakeFailure | null {
    if (this.#failure === undefined) this.#failure = handshakeFailure(this.#facts)
    return this.#failure
  }
}

/** 2000: captures of hosts that do not know the date begin in 1970. */
const EARLIEST_CAPTURE = 946_684_800

/** The date of a packet in milliseconds since 1970; `null` where the clock of the capture is not known, or not set. */
export function dateOf({ time }: Sighting, epoch: Epoch | null): number | null {
  if (!epoch || epoch.seconds < EARLIEST_CAPTURE) return null
  return epoch.seconds * 1000 + (epoch.nanoseconds + time) / 1e6
}
