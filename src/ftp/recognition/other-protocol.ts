import { BinaryBanner } from './banner.js'
import { BinaryRequest } from './binary-request.js'
import type { Command } from '../command.js'
import { protocolOfClientLine, protocolOfServerLine } from './detect.js'
import type { Dialogue, Exchange, Reply } from '../model.js'

const FIRST_OF_TEXT = 0x20

/** Looks for another protocol at the start of a connection, and withdraws it if the connection turns out to be FTP. */
export class OtherProtocol {
  readonly #dialogue: Dialogue
  readonly #banner = new BinaryBanner()
  /** Made for a client whose first byte is none of text. */
  #request: BinaryRequest | null = null
  #clientBytes = 0
  #replies = 0
  #commands = 0

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue
  }

  serverBytes(bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (this.#replies === 0) this.#found(this.#banner.data(bytes, start, end), frame)
  }

  clientBytes(bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (this.#clientBytes === 0 && start < end && bytes[start]! < FIRST_OF_TEXT) this.#request = new BinaryRequest()
    this.#clientBytes += end - start
    if (this.#request) this.#found(this.#request.data(bytes, start, end), frame)
  }

  /** Option negotiation before any reply: FTP servers do it later, if at all. */
  telnetNegotiation(frame: number): void {
    if (this.#replies === 0) this.#found('Telnet', frame)
  }

  /** A server line outside a reply. An SSH banner in the middle of FTP means nothing. */
  serverLine(text: string, frame: number): void {
    if (this.#replies === 0) this.#found(protocolOfServerLine(text), frame)
  }

  clientLine({ verb, argument }: Command, frame: number): void {
    // IRC's PASS comes before NICK (RFC 1459 §4.1.1).
    const first = this.#commands === 0
    this.#commands = first && verb === 'PASS' ? 0 : this.#commands + 1
    if (first) this.#found(protocolOfClientLine(argument === null ? verb : `${verb} ${argument}`), frame)
  }

  reply(exchange: Exchange, reply: Reply): void {
    this.#replies++
    const { otherProtocol } = this.#dialogue
    if (!otherProtocol) return
    // Telnet options and then a reply: an FTP server that negotiates. A host that names SMTP in its greeting may still
    // be FTP: 331 or 230 to USER proves it.
    const loggingIn = exchange.command === 'USER' && (reply.code === 331 || reply.code === 230)
    if (otherProtocol.name === 'Telnet' || loggingIn) this.#dialogue.otherProtocol = null
  }

  #found(name: string | null, frame: number): void {
    if (name !== null) this.#dialogue.otherProtocol ??= { name, frame }
  }
}
