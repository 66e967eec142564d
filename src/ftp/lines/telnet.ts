/**
 * Telnet commands on the control connection (RFC 854; FTP uses its NVT, RFC 959 §2.2). ABOR and STAT usually follow IAC
 * IP and the Synch signal IAC DM (RFC 959 §4.1.3), and some clients negotiate options.
 */

import { CR, LF } from '../../bytes/ascii.js'

export const IAC = 255
/** EOF (RFC 1184), the lowest command. */
const FIRST_COMMAND = 236
const SE = 240
const SB = 250
const WILL = 251
const DONT = 254

/** Long subnegotiations do not occur here: beyond this length it is text with a stray byte 255. */
const SUBNEGOTIATION_LIMIT = 256

/** Returned by `TelnetFilter.next` for a byte of a Telnet command. */
export const NO_DATA = -1
/** Added to a byte of text that is preceded by a byte 255 of text. */
export const AFTER_IAC = 256

type State = 'data' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command'

/** Removes Telnet commands from one direction, byte by byte, so that the result does not depend on segmentation. */
export class TelnetFilter {
  #state: State = 'data'
  #subnegotiated = 0
  /** Number of option negotiations: they alone, without any line, identify a Telnet server. */
  negotiations = 0

  /** True if the next byte is plain text unless it is IAC: the caller may skip the filter. */
  get plain(): boolean {
    return this.#state === 'data'
  }

  /** The text that this byte yields: 0 to 255, `NO_DATA`, or `AFTER_IAC` + byte for two bytes. */
  next(byte: number): number {
    switch (this.#state) {
      case 'data':
        if (byte !== IAC) return byte
        this.#state = 'command'
        return NO_DATA
      case 'command':
        return this.#command(byte)
      case 'option':
        this.#state = 'data'
        // A line end is not an option: the command was truncated, or was not one.
        return byte === LF || byte === CR ? byte : NO_DATA
      case 'subnegotiation':
        if (++this.#subnegotiated > SUBNEGOTIATION_LIMIT) this.#state = 'data'
        else if (byte === IAC) this.#state = 'subnegotiation-command'
        return NO_DATA
      case 'subnegotiation-command':
        this.#state = byte === SE ? 'data' : 'subnegotiation'
        return NO_DATA
    }
  }

  reset(): void {
    this.#state = 'data'
  }

  #command(byte: number): number {
    this.#state = 'data'
    if (byte === IAC) return IAC
    if (byte >= WILL && byte <= DONT) {
      this.negotiations++
      this.#state = 'option'
      return NO_DATA
    }
    if (byte === SB) {
      this.negotiations++
      this.#subnegotiated = 0
      this.#state = 'subnegotiation'
      return NO_DATA
    }
    // 236 (EOF) to 249 (GA) have no option. Lower values are not Telnet commands: 255 is a letter in Windows-1251 and
    // Latin-1, which servers that send file names unchanged do not double.
    return byte >= FIRST_COMMAND ? NO_DATA : AFTER_IAC + byte
  }
}
