import type { Dialogue, Exchange, Reply } from '../model.js'

/**
 * Names of TLS in AUTH: `TLS` in RFC 4217, `TLS-C` and `TLS-P` in its drafts, `SSL` in older clients. `SSL` and `TLS-P`
 * protect data connections without PROT.
 */
const TLS_MECHANISM = /^(?:TLS|SSL|TLS-C|TLS-P)$/
const PROTECTS_DATA = /^(?:SSL|TLS-P)$/

/** Commands and replies of RFC 2228 that wrap others once a mechanism such as GSSAPI is set up. */
const WRAPPERS = new Set(['MIC', 'CONF', 'ENC'])
const FIRST_WRAPPED_REPLY = 631
const LAST_WRAPPED_REPLY = 633

/** Security exchange of the session (RFC 2228, RFC 4217): AUTH, ADAT, CCC as far as they are in clear text. */
export class SecurityExchange {
  readonly #dialogue: Dialogue
  /** AUTH with a TLS mechanism received its 234: TLS begins with the next bytes of either side. */
  tlsAgreed = false
  /** A mechanism without TLS (GSSAPI) is set up: commands and replies are wrapped. */
  #wrapping = false

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue
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
      this.#wrap(reply)
    } else if (exchange.command === 'ADAT' && (reply.code === 235 || reply.code === 234)) this.#wrap(reply)
    return false
  }

  /** Whether a command wraps another one; it is not an exchange of its own. */
  hidesCommand(verb: string): boolean {
    return this.#wrapping && WRAPPERS.has(verb)
  }

  hidesReply(code: number): boolean {
    return this.#wrapping && code >= FIRST_WRAPPED_REPLY && code <= LAST_WRAPPED_REPLY
  }

  #wrap(reply: Reply): void {
    this.#wrapping = true
    this.#dialogue.opaqueFrom ??= { frame: reply.frame, time: reply.time }
  }
}
