/** Passive ports of the same two hosts, to see whether a port fails alone. */
import type { Session } from '../../correlate/model.js'
import { inspectedPort } from './inspected-ports.js'
import { isEstablished } from './passive.js'

/** Passive ports on which data connections of the same client to the same server were established. */
export interface WorkingPorts {
  count: number
  low: number
  high: number
}

/** How far from a port its neighbors are: ports of one range, or of one run of a server that counts up. */
const NEAR = 200

/** Working neighbors without which a port that nothing is known of does not stand out. */
const MIN_NEIGHBORS = 3

/** Whether data connections to passive ports were established, by port: at any time. */
export type PortResults = ReadonlyMap<number, boolean>

/** All passive ports between the two hosts that were tried, in the session and in others. */
export function portResults(session: Session): PortResults {
  const results = new Map<number, boolean>()
  const note = (port: number, established: boolean): void => {
    results.set(port, established || results.get(port) === true)
  }
  for (const channel of session.channels)
    if (channel.mode === 'passive' && channel.connection)
      note(channel.connection.responder.port, isEstablished(channel))
  for (const { passive } of session.surroundings.sameHosts)
    for (const { port, established } of passive) note(port, established)
  return results
}

/** Passive ports near `port` that worked; `null` if the port is not the exception among them. */
export function workingNeighbors(results: PortResults, port: number): WorkingPorts | null {
  if (results.get(port) === true) return null
  let count = 0
  let [low, high] = [Infinity, -Infinity]
  for (let other = port - NEAR; other <= port + NEAR; other++) {
    const established = results.get(other)
    if (established) {
      count++
      low = Math.min(low, other)
      high = other
    }
    // A port that is treated specially fails for that reason; several others mean that the range is not open.
    else if (established === false && other !== port && !inspectedPort(other)) return null
  }
  const surrounded = count >= MIN_NEIGHBORS && low < port && port < high
  return surrounded || (count > 0 && inspectedPort(port)) ? { count, low, high } : null
}
