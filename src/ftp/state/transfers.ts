import { bytesOf150, StatedSizes } from './stated-sizes.js'
import type { Announcement, Exchange, Reply, TransferCommand, TransferDirection } from '../model.js'
import type { Parameters } from './parameters.js'
import { isRefusal } from '../reply-codes.js'
import type { WorkingDirectory } from './working-directory.js'

/** Commands with a data connection: RFC 959 §4.1.3, RFC 3659 §7, GridFTP's ERET and ESTO, THMB (thumbnails draft). */
const DIRECTIONS: Record<string, TransferDirection> = {
  RETR: 'download',
  ERET: 'download',
  THMB: 'download',
  STOR: 'upload',
  STOU: 'upload',
  APPE: 'upload',
  ESTO: 'upload',
  LIST: 'listing',
  NLST: 'listing',
  MLSD: 'listing',
}

const FROM_START = { restartAt: 0, restartKnown: true }

/** Refusals caused by the data connection, not by the file: the announcement is used up. */
const DATA_CONNECTION_CODES = [425, 426]

/** Announcements considered for one transfer: clients do not send many in vain. */
const LOOK_BACK = 64

/** Characters of a 150 searched for the representation type. */
const MAX_TEXT = 512

/** Collects the transfer commands of a session, each with the announcement and the parameters in force. */
export class Transfers {
  readonly sizes = new StatedSizes()
  readonly #list: TransferCommand[]
  readonly #announcements: readonly Announcement[]
  readonly #parameters: Parameters
  readonly #directory: Pick<WorkingDirectory, 'current'>
  readonly #byExchange = new Map<Exchange, TransferCommand>()
  readonly #consumed = new Set<Announcement>()
  /** Announcements before this index belong to a login that REIN ended. */
  #floor = 0

  constructor(
    list: TransferCommand[],
    announcements: readonly Announcement[],
    parameters: Parameters,
    directory: Pick<WorkingDirectory, 'current'>,
  ) {
    this.#list = list
    this.#announcements = announcements
    this.#parameters = parameters
    this.#directory = directory
  }

  command(exchange: Exchange): void {
    const command = exchange.command!
    const direction = DIRECTIONS[command]
    if (!direction) return
    const { representation, mode, structure, protectedData } = this.#parameters.values
    const path = direction === 'listing' ? listedPath(exchange.argument) : exchange.argument
    const { restartAt, restartKnown } = direction === 'listing' ? FROM_START : this.#parameters.takeRestart()
    const transfer: TransferCommand = {
      exchange,
      command,
      path,
      directory: this.#directory.current,
      direction,
      representation,
      mode,
      structure,
      restartAt,
      restartKnown,
      announcement: this.#inForce(exchange),
      expectedBytes: null,
      expectedFrom: null,
      expectedFrame: null,
      protectedData,
      abortedBy: null,
    }
    if (transfer.announcement) this.#consumed.add(transfer.announcement)
    const isKnown = direction === 'download' && path !== null && restartKnown && !exchange.clipped
    const stated = isKnown ? this.sizes.of(path, representation) : null
    if (stated) {
      transfer.expectedBytes = Math.max(0, stated.bytes - restartAt)
      transfer.expectedFrom = stated.from
      transfer.expectedFrame = stated.frame
    }
    if (direction === 'upload' && path !== null) this.sizes.forget(path)
    this.#list.push(transfer)
    this.#byExchange.set(exchange, transfer)
  }

  reply(exchange: Exchange, reply: Reply): void {
    const transfer = this.#byExchange.get(exchange)
    if (!transfer) return
    const first = exchange.replies[0] === reply
    // A CWD that was sent before, without waiting for its reply, is in force by now.
    if (first) transfer.directory = this.#directory.current
    if (reply.preliminary) {
      // A server may reuse the last PORT (RFC 959 §3.2: the data port stays in effect until it is changed).
      transfer.announcement ??= this.#reusable(exchange)
      if (transfer.direction === 'download') this.#expect(transfer, reply)
      this.#representationOf(transfer, reply)
    } else if (first && isRefusal(reply.code)) {
      if (!DATA_CONNECTION_CODES.includes(reply.code) && transfer.announcement)
        this.#consumed.delete(transfer.announcement)
    }
  }

  /** An announcement was refused: a transfer pipelined after it falls back to the announcement before. */
  refused(announcement: Announcement): void {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const transfer = this.#list[i]!
      if (transfer.exchange.streamStart < announcement.exchange.streamStart) break
      if (transfer.announcement !== announcement || transfer.exchange.replies.length > 0) continue
      transfer.announcement = this.#inForce(transfer.exchange)
      if (transfer.announcement) this.#consumed.add(transfer.announcement)
    }
  }

  /** ABOR (RFC 959 §4.1.3) while `running` waits for its final reply. */
  aborted(running: Exchange, abort: Exchange): void {
    const transfer = this.#byExchange.get(running)
    if (transfer) transfer.abortedBy ??= abort
  }

  isTransfer(exchange: Exchange): boolean {
    return this.#byExchange.has(exchange)
  }

  reset(): void {
    this.#floor = this.#announcements.length
  }

  /** The latest announcement before a command that was not refused, unless a transfer has used it. */
  #inForce(command: Exchange): Announcement | null {
    const latest = this.#latest(command)
    return latest && !this.#consumed.has(latest) ? latest : null
  }

  #reusable(command: Exchange): Announcement | null {
    const latest = this.#latest(command)
    return latest?.mode === 'active' && latest.accepted ? latest : null
  }

  #latest(command: Exchange): Announcement | null {
    const floor = Math.max(this.#floor, this.#announcements.length - LOOK_BACK)
    for (let i = this.#announcements.length - 1; i >= floor; i--) {
      const announcement = this.#announcements[i]!
      if (announcement.exchange.streamStart > command.streamStart) continue
      // After one that was refused, or got an unexpected reply, the previous announcement stays in force.
      if (!announcement.refused && (announcement.accepted || announcement.reply === null)) return announcement
    }
    return null
  }

  #expect(transfer: TransferCommand, reply: Reply): void {
    const bytes = bytesOf150(reply.text)
    if (bytes === null || !transfer.restartKnown) return
    // Some servers state the size of the whole file, others what is left after the restart point: SIZE decides, else
    // assume the smaller.
    const isRest = transfer.expectedFrom !== null && transfer.expectedBytes === bytes
    transfer.expectedBytes = isRest ? bytes : Math.max(0, bytes - transfer.restartAt)
    transfer.expectedFrom = '150'
    transfer.expectedFrame = reply.frame
  }

  /** If TYPE was not captured, the text of the 150 decides: `Opening BINARY mode data connection`. */
  #representationOf(transfer: TransferCommand, reply: Reply): void {
    if (this.#parameters.typeKnown) return
    const word = /\b(BINARY|ASCII|IMAGE) mode\b/i.exec(reply.text.slice(0, MAX_TEXT))?.[1]
    if (word !== undefined) transfer.representation = word.toUpperCase() === 'ASCII' ? 'ascii' : 'image'
  }
}

/** The direction in which a verb transfers data; `undefined` for a verb that does not. */
export function transferDirection(verb: string): TransferDirection | undefined {
  return DIRECTIONS[verb]
}

/** LIST accepts options of ls, although no RFC says so: `LIST -la /pub`. */
export function listedPath(argument: string | null): string | null {
  const path = argument?.replace(/^(?:\s{0,8}-[A-Za-z1]{1,16}(?=\s|$))+\s?/, '') ?? ''
  return path === '' ? null : path
}
