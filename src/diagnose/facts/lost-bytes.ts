/** Where the bytes were lost that the capture lacks. */
import { type Connection, type Direction, type Flow, opposite } from '../../tcp/connection.js'
import type { UnseenBytes } from '../../tcp/unseen.js'

/**
 * `lost-on-path`: the receiver asked for them again, or never acknowledged them although it went on. `lost-by-capture`:
 * it has them, and never asked. `unknown`: it said neither.
 */
export type LossKind = 'lost-on-path' | 'lost-by-capture' | 'unknown'

export interface LostBytes extends UnseenBytes {
  kind: LossKind
}

/** A receiver delays an acknowledgment for at most 0.5 s (RFC 1122 §4.2.3.2). */
const ACK_DELAY_NS = 0.6e9
/** Where the handshake does not show it. */
const ROUND_TRIP_NS = 1e9

const NOTHING: readonly LostBytes[] = []

/** What the capture lacks of a direction, and where it was lost. */
export function lostBytes(connection: Connection, direction: Direction): readonly LostBytes[] {
  const flow = connection.flows[direction]
  if (flow.unseen.length === 0) return NOTHING
  const waited = waitsInVain(connection, direction)
  return flow.unseen.map((unseen) => ({ ...unseen, kind: kindOf(unseen, flow, waited) }))
}

/** The first bytes that the capture lacks and the receiver as well; `null` where it has any that the capture lacks. */
export function awaitedBytes(connection: Connection, direction: Direction): LostBytes | null {
  const flow = connection.flows[direction]
  return flow.unseen.length === 0 || hasUnseen(flow) ? null : (lostBytes(connection, direction)[0] ?? null)
}

/** The receiver has bytes that the capture lacks. */
export function hasUnseen({ unseen }: Flow): boolean {
  return unseen.some(({ received }) => received)
}

function kindOf({ asked, received, start }: UnseenBytes, { acknowledged }: Flow, waited: boolean): LossKind {
  if (asked) return 'lost-on-path'
  if (received) return 'lost-by-capture'
  // Beyond the first that it lacks, a receiver without SACK acknowledges nothing.
  return waited && start === Math.max(0, acknowledged) ? 'lost-on-path' : 'unknown'
}

/** The receiver went on for longer than an acknowledgment takes: it has nothing beyond what it acknowledged. */
function waitsInVain(connection: Connection, direction: Direction): boolean {
  const { flows, resets, established, roundTrip } = connection
  const { lastData, ahead } = flows[direction]
  const receiving = opposite(direction)
  // A RST need not acknowledge anything.
  if (resets.some((reset) => reset.direction === receiving)) return false
  const since = Math.max(lastData?.time ?? 0, ahead?.time ?? 0, established?.time ?? 0)
  return flows[receiving].lastTime - since > ACK_DELAY_NS + (roundTrip ?? ROUND_TRIP_NS)
}
