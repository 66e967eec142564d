import { DOT, isDigit } from '../../bytes/ascii.js'

/** First bytes of a server that identify protocols without lines. */
const HEAD = 16
/** Version of MySQL's handshake since 2002. */
const MYSQL_PROTOCOL = 10

/**
 * Recognizes a binary greeting in the first bytes of the server, independent of segmentation: MySQL and MariaDB send a
 * packet with a 3-byte length, sequence 0, protocol version 10 and the server's version in digits.
 */
export class BinaryBanner {
  readonly #head = new Uint8Array(HEAD)
  #length = 0

  /** Name of the protocol once it is certain, otherwise `null`. Looks at the first bytes only. */
  data(bytes: Uint8Array, start: number, end: number): string | null {
    if (this.#length === HEAD) return null
    while (start < end && this.#length < HEAD) this.#head[this.#length++] = bytes[start++]!
    return this.#length === HEAD ? this.#name() : null
  }

  #name(): string | null {
    const head = this.#head
    if (head[2] === 0 && head[3] === 0 && head[4] === MYSQL_PROTOCOL && isDigit(head[5]!) && head[6] === DOT)
      return 'MySQL'
    // SMB over TCP: session message, then 0xff or 0xfe "SMB".
    if (head[0] === 0 && (head[4] === 0xff || head[4] === 0xfe) && head[5] === 83 && head[6] === 77) return 'SMB'
    // TPKT of RDP.
    if (head[0] === 3 && head[1] === 0 && head[2] === 0 && head[5] === 0xd0) return 'RDP'
    return null
  }
}
