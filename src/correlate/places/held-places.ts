import type { AnomalyLog } from '../../bytes/anomaly.js'
import { DigestBudget, MOST_OF_ALL } from '../../paths/digest/digest-budget.js'
import { PlaceDigest } from '../../paths/digest/place-digest.js'
import type { PortRoles } from '../../tcp/initiator.js'
import type { Packet, PacketKind } from '../../wire/packet.js'
import type { Session } from '../model.js'

/** Memory of the sessions that are held of one place until all places have been read. */
export const MOST_HELD_BYTES = 64 * 1024 * 1024

/** What one place of capture saw: its sessions, and a digest of its packets. */
export interface HeldPlace {
  /** Index of its first file among those of the input. */
  firstFile: number
  sessions: Session[]
  digest: PlaceDigest
}

export interface HeldPlacesOptions {
  roles: PortRoles
  anomalies: AnomalyLog
  /** Number of places of the whole input; `null` if unknown: then they share the memory as they need it. */
  count: number | null
  /** Takes the oldest sessions when there is no room for more: they are judged by what their own place saw. */
  giveUp: (session: Session) => void
  mostBytes?: number
}

/** Holds what each place saw, until all places have been read and their sessions can be joined. */
export class HeldPlaces {
  readonly list: HeldPlace[] = []
  readonly #options: HeldPlacesOptions
  readonly #shared = new DigestBudget()
  #bytes = 0
  /** Sessions of the current place that were given up. */
  #givenUp = 0

  constructor(options: HeldPlacesOptions) {
    this.#options = options
    this.begin(0, 0)
  }

  /** The following packets and sessions are of the next place; `firstStream` is the number of its first connection. */
  begin(firstFile: number, firstStream: number): void {
    this.end()
    this.#bytes = 0
    const { roles, count } = this.#options
    const budget = count === null ? this.#shared : new DigestBudget({ bytes: MOST_OF_ALL / count })
    const digest = new PlaceDigest(this.list.length, roles, budget, firstStream)
    this.list.push({ firstFile, sessions: [], digest })
  }

  packet(kind: PacketKind, packet: Packet): void {
    this.list.at(-1)!.digest.packet(kind, packet)
  }

  /** A session of the current place is over. */
  session(session: Session): void {
    const { sessions } = this.list.at(-1)!
    sessions.push(session)
    this.#bytes += sizeOf(session)
    const { mostBytes = MOST_HELD_BYTES, anomalies, giveUp } = this.#options
    while (this.#bytes > mostBytes && this.#givenUp < sessions.length) {
      const oldest = sessions[this.#givenUp]!
      this.#givenUp++
      this.#bytes -= sizeOf(oldest)
      anomalies.record(
        'places-sessions-full',
        oldest.control.first.frame,
        () => `places: more than ${mostBytes} bytes of sessions at one place; the oldest are judged without the others`,
      )
      giveUp(oldest)
    }
  }

  /** The current place has ended, or all have. */
  end(): void {
    const place = this.list.at(-1)
    if (!place) return
    place.sessions.splice(0, this.#givenUp)
    this.#givenUp = 0
    const { forgotten, dropped } = place.digest.lost
    if (forgotten + dropped === 0) return
    this.#options.anomalies.record(
      'places-packets-full',
      null,
      () =>
        `places: ${forgotten} connections and ${dropped} packets of one place are not compared with those of others`,
    )
  }
}

/** Approximate memory of a session with its connections. */
function sizeOf({ dialogue, channels }: Session): number {
  let text = 0
  for (const { argument, replies } of dialogue.exchanges) {
    text += argument?.length ?? 0
    for (const reply of replies) text += reply.text.length
  }
  return 6000 + 400 * dialogue.exchanges.length + text + 4000 * channels.length
}
