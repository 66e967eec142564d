import type { Announcement } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { DataChannel, Exchanged } from './model.js'

/** Addresses of third hosts that are remembered. */
const MAX_REMEMBERED = 1024
/** PASV to one server and PORT to the other are the two halves of one command of the user. */
const TOGETHER_NS = 60e9

/** PORT to one server, which names the port that another one announced to the same client (RFC 959 §5.2). */
interface Half {
  server: string
  frame: number
  time: number
}

/** Transfers between two servers (FXP), of which each server's session shows a half. */
export class Exchanges {
  readonly #halves = new Map<string, Half>()

  /** An announcement of a session: only one in active mode that names another host matters. */
  note({ initiator, responder }: Connection, { mode, address, port, frame, time }: Announcement): void {
    if (mode !== 'active' || address === null || port === null || address === initiator.address) return
    const key = keyOf(initiator.address, address, port)
    this.#halves.delete(key)
    if (this.#halves.size >= MAX_REMEMBERED) this.#halves.delete(this.#halves.keys().next().value!)
    this.#halves.set(key, { server: responder.address, frame, time })
  }

  /** The passive announcements of a session that the client passed on to another server. */
  among({ initiator, responder }: Connection, channels: readonly DataChannel[]): Exchanged[] {
    if (this.#halves.size === 0) return []
    return channels.flatMap(({ mode, announcement }) => {
      if (mode !== 'passive' || !announcement?.accepted || announcement.port === null) return []
      const { address, port, time } = announcement
      for (const named of new Set([address ?? responder.address, responder.address])) {
        const half = this.#halves.get(keyOf(initiator.address, named, port))
        if (half && half.server !== responder.address && Math.abs(half.time - time) <= TOGETHER_NS)
          return [{ announcement, partner: half.server, frame: half.frame }]
      }
      return []
    })
  }
}

function keyOf(client: string, address: string, port: number): string {
  return `${client} ${address} ${port}`
}
