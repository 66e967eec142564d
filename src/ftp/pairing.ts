import type { Exchange, Reply } from './model.js'
import { isProxyHeader } from './proxy-header.js'
import { answeredDuringTransfer, fit, isCompletion, isPreliminary } from './reply-codes.js'

/** The server did not understand the command (RFC 959 §4.2.2: 500 to 503). */
const isUnknownCommand = ({ code }: Reply): boolean => code >= 500 && code <= 503

/** "No transfer in progress" (RFC 959 §4.2.1): in reply to ABOR, the transfer before it has no final reply. */
const NO_TRANSFER = 225

/** Open commands considered for one reply. */
const LOOK_AHEAD = 64

interface OpenCommand {
  exchange: Exchange
  verb: string
  /** It received a 1yz: another reply follows. */
  preliminary: boolean
  /**
   * It may have no reply: an invalid line, bytes not captured, one reply for it and ABOR together, or a PROXY protocol
   * header.
   */
  doubtful: boolean
  /** A PROXY protocol header, to which only a server that does not know it replies. */
  header: boolean
}

/**
 * Pairs replies with commands: each answers the oldest open command (RFC 959 §5.4), and a preliminary one keeps it
 * open. Where replies or commands are missing from the capture, reply codes rule out the commands that they cannot
 * answer, so that the pairing does not stay shifted for the rest of the session.
 */
export class Pairing {
  readonly #limit: number
  readonly #open: OpenCommand[] = []
  #greeted = false
  /** Nothing is missing as far as is known: at the greeting, and after a reply that fits its command. */
  #synchronised = false
  /** Something was missing at some point. */
  #lossy = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The oldest open command that satisfies a predicate. */
  findOpen(accept: (exchange: Exchange) => boolean): Exchange | null {
    return this.#open.find((command) => accept(command.exchange))?.exchange ?? null
  }

  /** A command was sent. Returns false when the oldest open command had to be dropped for it. */
  command(exchange: Exchange): boolean {
    const [only] = this.#open
    // A client that works in lock-step and sends the next command has read a reply; after a header, the greeting.
    if (only?.doubtful && !only.header && this.#open.length === 1) this.#open.length = 0
    const header = isProxyHeader(exchange)
    this.#open.push({
      exchange,
      verb: exchange.command ?? '',
      preliminary: false,
      doubtful: header,
      header,
    })
    if (this.#open.length <= this.#limit) return true
    this.#open.shift()
    return false
  }

  /**
   * The exchange that a reply answers; `null` for an unsolicited reply. `received` is the offset in the client's stream
   * up to which the server had received when it sent the reply, -1 if unknown.
   */
  reply(reply: Reply, received = -1): Exchange | null {
    if (!this.#greeted && (reply.code === 220 || reply.code === 120)) {
      // Commands may be sent before the greeting, and 120 comes before it (RFC 959 §5.4).
      this.#greeted = reply.code === 220
      this.#synchronised = true
      return null
    }
    this.#greeted = true
    if (this.#open.length > 1 && this.#open[0]!.header && !isUnknownCommand(reply)) this.#open.shift()
    const index = this.#find(reply, this.#receivedBy(received))
    if (index < 0) return null
    const command = this.#open[index]!
    if (fit(command.verb, reply.code) === 'fits') this.#synchronised = true
    this.#dropBefore(index, command)
    if (isPreliminary(reply.code)) command.preliminary = true
    else this.#answered(command, reply)
    return command.exchange
  }

  /** A line arrived where a reply was due, but it is not valid. */
  unreadableReply(): void {
    const [oldest] = this.#open
    if (oldest) oldest.doubtful = true
  }

  repliesLost(): void {
    this.#lossy = true
    for (const command of this.#open) command.doubtful = true
  }

  commandsLost(): void {
    this.#lossy = true
    this.#synchronised = false
  }

  reset(): void {
    this.#open.length = 0
    this.#synchronised = false
  }

  /**
   * How many of the open commands the server may have answered. While nothing is missing their order decides, whatever
   * the numbers of a made capture say; next to a gap, an acknowledgment shows what the server knew.
   */
  #receivedBy(received: number): number {
    if (!this.#lossy || received < 0) return this.#open.length
    const later = this.#open.findIndex(({ exchange }) => exchange.streamStart >= received)
    return later < 0 ? this.#open.length : later
  }

  #find(reply: Reply, count: number): number {
    const oldest = this.#open[0]
    if (!oldest || count === 0) return -1
    if (reply.code === NO_TRANSFER) {
      const abort = this.#open.slice(0, count).findIndex(({ verb }) => verb === 'ABOR')
      if (abort >= 0) return abort
    }
    if (this.#accepts(oldest, reply) !== 'foreign') return 0
    const end = Math.min(count, LOOK_AHEAD)
    for (let i = 1; i < end; i++) if (this.#accepts(this.#open[i]!, reply) === 'fits') return i
    // Foreign to every open command: the reply to one that was not captured, or a server with its own codes.
    return this.#synchronised ? 0 : -1
  }

  #accepts(command: OpenCommand, reply: Reply): ReturnType<typeof fit> {
    // A second 1yz of a transfer is the first of the next one, if that is open; otherwise `#find` returns to the first.
    if (command.preliminary && isPreliminary(reply.code)) return 'foreign'
    return fit(command.verb, reply.code)
  }

  /** Commands before the answered one got no reply, except a transfer that continues meanwhile. */
  #dropBefore(index: number, command: OpenCommand): void {
    if (index === 0) return
    const running = this.#open[0]!.preliminary && answeredDuringTransfer(command.verb)
    this.#open.splice(running ? 1 : 0, running ? index - 1 : index)
  }

  #answered(command: OpenCommand, reply: Reply): void {
    const index = this.#open.indexOf(command)
    this.#open.splice(index, 1)
    // Some servers send a single reply to a transfer and the ABOR that ended it.
    const next = this.#open[index]
    if (command.preliminary && isCompletion(reply.code) && next?.verb === 'ABOR') next.doubtful = true
  }
}
