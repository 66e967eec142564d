import type { Dialogue, Exchange, Reply } from '../model.js'

/**
 * Names of TLS in AUTH: `TLS` in RFC 4217, `TLS-C` and `TLS-P` in its drafts, `SSL` in older clients. `SSL` and `TLS-P`
 * protect data connections without PROT.
 */
const TLS_MECHANISM = /^(?:TLS|SSL|TLS-C|TLS-P)$/

/** Whether AUTH asks for TLS, under any of its names; the others are Kerberos, by itself or under GSSAPI (RFC 2228). */
export function requestsTls({ command, argument }: Pick<Exchange, 'command' | 'argument'>): boolean {
  return command === 'AUTH' && TLS_MECHANISM.test(argument?.trim().toUpperCase() ?? '')
}

const PROTECTS_DATA = /^(?:SSL|TLS-P)$/

/** Commands and replies of RFC 2228 that wrap others once a mechanism such as GSSAPI is set up. */
const WRAPPERS = new Set(['MIC', 'CONF', 'ENC'])
const FIRST_WRAPPED_REPLY = 631
const LAST_WRAPPED_REPLY = 633

/** Base64 of a token, of which the shortest has a header of 16 bytes (RFC 4121 §4.2.6). */
const TOKEN = /^[A-Za-z0-9+/]{20,}={0,2}$/

/** Security exchange of the session (RFC 2228, RFC 4217): AUTH, ADAT, CCC as far as they are in clear text. */
export class SecurityExchange {
  readonly #dialogue: Dialogue
  readonly #hidden: () => void
  /** AUTH with a TLS mechanism received its 234: TLS begins with the next bytes of either side. */
  tlsAgreed = false
  /** A mechanism without TLS (GSSAPI) is set up since this reply: commands and replies may be wrapped. */
  #setUp: { frame: number; time: number } | null = null
  #wrapping = false

  /** `hidden` is called when the first wrapped command or reply hides what it contains. */
  constructor(dialogue: Dialogue, hidden: () => void) {
    this.#dialogue = dialogue
    this.#hidden = hidden
  }

  /** Returns true if the reply makes data connections protected. */
  reply(exchange: Exchange, reply: Reply): boolean {
    if (exchange.command === 'AUTH' && reply.code === 234) {
      const mechanism = exchange.argument?.trim().toUpperCase() ?? ''
      if (TLS_MECHANISM.test(mechanism)) {
        this.tlsAgreed = true
        this.#dialogue.security = 'explicit-tls'
        return PROTECTS_DATA.test(mechanism)
      }
      if (mechanism !== '') this.#agree(reply)
    } else if (exchange.command === 'ADAT' && (reply.code === 235 || reply.code === 234)) this.#agree(reply)
    return false
  }

  /**
   * Whether a command wraps another one; it is not an exchange of its own. A token shows that even where the capture
   * lacks the 235.
   */
  hidesCommand(verb: string, argument: string | null, frame: number, time: number): boolean {
    if (!WRAPPERS.has(verb)) {
      // A client that goes on in clear text hides nothing.
      if (this.#setUp && !this.#wrapping) this.#dialogue.opaqueFrom = null
      return false
    }
    if (!this.#setUp && !TOKEN.test(argument ?? '')) return false
    this.#wrap({ frame, time })
    return true
  }

  hidesReply({ code, frame, time }: Reply): boolean {
    if (code < FIRST_WRAPPED_REPLY || code > LAST_WRAPPED_REPLY || !this.#setUp) return false
    this.#wrap({ frame, time })
    return true
  }

  #agree({ frame, time }: Reply): void {
    this.#setUp ??= { frame, time }
    this.#dialogue.security = 'gssapi'
    this.#dialogue.opaqueFrom ??= { frame, time }
  }

  #wrap(at: { frame: number; time: number }): void {
    if (this.#wrapping) return
    this.#wrapping = true
    this.#setUp ??= at
    this.#dialogue.security = 'gssapi'
    this.#dialogue.opaqueFrom ??= { ...this.#setUp }
    this.#hidden()
  }
}
