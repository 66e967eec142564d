import type { ConnectionPath } from '../../correlate/session-path.js'
import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import { endpointText } from '../words/evidence.js'
import type { PathFacts } from './path-facts.js'
import { hopsPassed } from './vantage-clues.js'

/** A server that got a data connection of a session whose control connection another one has. */
export interface OtherServer {
  /** The servers' own addresses, and the captures made there. */
  servers: { control: string; controlFile: string; data: string; dataFile: string }
  /** Frame of the SYN there, and its time. */
  syn: number
  time: number
  /**
   * Frame of the RST that answered it, which has the hop limit that its host gave it, so that none but that host can
   * have sent it; `null` if there is none.
   */
  reset: number | null
}

/** The other server of a data connection, where each of the two was captured. */
export function otherServer(path: PathFacts, data: ConnectionPath): OtherServer | null {
  const { control } = path.path
  const [slot, controlSlot] = [data.slots.at(-1), control.slots.at(-1)]
  if (data.isTurned || slot === undefined || controlSlot === undefined) return null
  if (control.slots.includes(slot) || data.slots.includes(controlSlot)) return null
  const [there, usual] = [data.path.observations.at(-1)!, control.path.observations.at(-1)!]
  if (path.positions[controlSlot] !== 'server' || there.responder.address === usual.responder.address) return null
  const { log } = there
  const rows = Array.from({ length: log.size }, (_, row) => row).filter((row) => !log.isIcmp(row))
  const syn = rows.find((row) => log.direction(row) === Direction.FromInitiator && (log.flags(row) & TcpFlag.Syn) !== 0)
  const reset = rows.find(
    (row) =>
      log.direction(row) === Direction.FromResponder &&
      (log.flags(row) & TcpFlag.Rst) !== 0 &&
      hopsPassed(log.hopLimit(row)) === 0,
  )
  if (syn === undefined) return null
  return {
    servers: {
      control: usual.responder.address,
      controlFile: path.places[controlSlot]!.file,
      data: endpointText(there.responder.address, there.responder.port),
      dataFile: path.places[slot]!.file,
    },
    syn: log.frame(syn),
    time: log.time(syn),
    reset: reset === undefined ? null : log.frame(reset),
  }
}

/** The same, if it is known that this server itself refused the connection. */
export function serverThatRefused(path: PathFacts, data: ConnectionPath): OtherServer | null {
  const other = otherServer(path, data)
  return other && other.reset !== null ? other : null
}
