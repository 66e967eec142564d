import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { DataChannel, Session } from '../model.js'
import type { HeldPlace } from './held-places.js'

/** Clocks of hosts that nothing in the captures compares may be apart by this much. */
const CLOCK_ERROR_NS = 60e9

/**
 * Looks for connections to ports that a server announced and nobody opened there: to another host, captured at another
 * place, from the same client, at that time. A host that has announced the port itself is another FTP server of the
 * client, and so may one be whose own control connection with it was not read completely.
 */
export class DialledElsewhere {
  readonly #places: readonly HeldPlace[]
  /** By announced port; made when it is first asked for. */
  #openings: Map<number, Observation[]> | undefined

  constructor(places: readonly HeldPlace[]) {
    this.#places = places
  }

  /** The first opening of each passive data connection that never came to the session's own places. */
  of(sessions: readonly Session[], ownPlaces: readonly number[]): { channel: DataChannel; observation: Observation }[] {
    const [session] = sessions
    if (!session || this.#places.length < 2) return []
    return session.channels.flatMap((channel) => {
      const port = channel.announcement?.port ?? null
      if (channel.mode !== 'passive' || port === null || !channel.announcement?.accepted) return []
      if (sessions.some((each) => each.channels.some((other) => isDialled(other, port)))) return []
      const observation = this.#openingsTo(port).find(
        (each) =>
          !ownPlaces.includes(each.place) &&
          sessions.some((own) => isSplit(own, each)) &&
          isInTurn(session, channel, each.log.time(0), CLOCK_ERROR_NS) &&
          wasInVain(each) &&
          !this.#mayBeOfAnother(each, port),
      )
      return observation ? [{ channel, observation }] : []
    })
  }

  #openingsTo(port: number): readonly Observation[] {
    if (!this.#openings) {
      this.#openings = new Map()
      const announced = new Set(
        this.#places.flatMap(({ sessions }) => sessions.flatMap(({ channels }) => channels.map(portOf))),
      )
      for (const { digest } of this.#places) {
        for (const each of digest.observations) {
          const { responder, opened, log } = each
          if (!opened || log.size === 0 || !announced.has(responder.port)) continue
          const known = this.#openings.get(responder.port)
          if (known) known.push(each)
          else this.#openings.set(responder.port, [each])
        }
      }
    }
    return this.#openings.get(port) ?? []
  }

  /** A session of the same hosts at that place announced the port, or may have. */
  #mayBeOfAnother({ place, stream, initiator, responder }: Observation, port: number): boolean {
    return this.#places[place]!.sessions.some(({ client, server, control, dialogue, channels, tls, inferred }) => {
      if (control.tcpStream === stream || channels.some(({ connection }) => connection?.tcpStream === stream))
        return true
      if (client.address !== initiator.address || server.address !== responder.address) return false
      const isRead = !control.midstream && tls === null && inferred === null
      const isWhole = isRead && control.flows.every(({ missingBytes }) => missingBytes === 0)
      return !isWhole || dialogue.announcements.some((each) => each.port === port)
    })
  }
}

function portOf({ announcement }: DataChannel): number | null {
  return announcement?.port ?? null
}

function isDialled(channel: DataChannel, port: number): boolean {
  return portOf(channel) === port && (channel.connection !== null || channel.fromOtherHosts.length > 0)
}

/** From the session's client, to another host than its server. */
function isSplit({ client, server }: Session, { initiator, responder }: Observation): boolean {
  return initiator.address === client.address && responder.address !== server.address
}

/** Whether a time is after the announcement of a channel and before the next one, by clocks that differ by so much. */
export function isInTurn(
  { channels, control }: Session,
  { id, announcement }: DataChannel,
  time: number,
  clockError: number,
): boolean {
  const next = channels.find((each) => each.id > id && each.announcement)?.announcement?.time ?? control.last.time
  return time >= announcement!.time - clockError && time <= next + clockError
}

/** Whether the host that got a connection refused it, or never answered it. */
function wasInVain({ log }: Observation): boolean {
  for (let row = 0; row < log.size; row++) {
    const isAnswer = !log.isIcmp(row) && log.direction(row) === Direction.FromResponder
    if (isAnswer && (log.flags(row) & TcpFlag.Rst) === 0) return false
  }
  return true
}
