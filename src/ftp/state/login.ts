import type { Direction } from '../../tcp/connection.js'
import { type Dialogue, type Exchange, FROM_CLIENT, type Reply } from '../model.js'
import { canonicalVerb, isKnownVerb } from '../verbs.js'
import { isPositive, isRefusal } from '../reply-codes.js'

const LOGIN_VERBS = new Set(['USER', 'PASS', 'ACCT', 'ADAT'])
/**
 * Refusals that do not judge the credentials: 421 closes the connection, 451 is an error of the server, 500 to 504
 * reject the command (§4.2.2).
 */
const NO_JUDGEMENT = new Set([421, 451, 500, 501, 502, 503, 504])
/** Verbs that no server executes before login. */
const NEED_LOGIN = new Set(
  'RETR STOR STOU APPE LIST NLST MLSD CWD CDUP PWD MKD RMD DELE RNFR RNTO SIZE MDTM MLST'.split(' '),
)

/** Replies that no server sends before login, whatever the command (RFC 959 §5.4). */
const AFTER_LOGIN = new Set([125, 150, 226, 227, 228, 229, 230, 232, 250, 257])
const NOT_LOGGED_IN = 530

/** Whether no server executes a verb before login. */
export function needsLogin(verb: string | null): boolean {
  return verb !== null && NEED_LOGIN.has(canonicalVerb(verb))
}

/** RFC 959 §5.4, RFC 2228 §5.1. */
function isLoggedIn(code: number): boolean {
  return code === 230 || code === 232
}

/** A long form of PASS without argument may be the password alone. */
function verbOf({ command, argument }: Exchange): string {
  const verb = canonicalVerb(command!)
  return verb === 'PASS' && argument === null ? command! : verb
}

/** The user who logs in, and the result (RFC 959 §4.1.1, §5.4). */
export class LoginState {
  readonly #dialogue: Dialogue
  /** The login was accepted by the security exchange (RFC 2228 §3, 235): USER may follow, protected or not. */
  #authenticated = false
  /** Bytes are missing from the capture, perhaps the commands of the login or their replies. */
  #lossy: boolean
  /** Only `hidden` made the result unknown. */
  #onlyHidden = false

  constructor(dialogue: Dialogue, lossy: boolean) {
    this.#dialogue = dialogue
    this.#lossy = lossy
  }

  command(exchange: Exchange): void {
    const dialogue = this.#dialogue
    if (exchange.command === 'USER') {
      dialogue.user = exchange.argument
      // RFC 1635 §3.
      dialogue.anonymous = /^(?:anonymous|ftp)$/i.test(exchange.argument?.trim() ?? '')
    }
    if (exchange.command === 'USER' && this.#authenticated) {
      this.#authenticated = false
      dialogue.login = 'unknown'
    }
    if (dialogue.login === 'none' && (LOGIN_VERBS.has(verbOf(exchange)) || this.#cameLate(exchange))) {
      dialogue.login = 'unknown'
    }
  }

  reply(exchange: Exchange, reply: Reply): void {
    const { login } = this.#dialogue
    const verb = verbOf(exchange)
    if (this.#lossy && !LOGIN_VERBS.has(verb)) this.#afterGap(reply)
    if (LOGIN_VERBS.has(verb)) {
      if (isLoggedIn(reply.code) || (reply.code === 202 && verb !== 'USER')) this.#dialogue.login = 'accepted'
      else if (verb === 'ADAT' && reply.code === 235) {
        this.#authenticated = login !== 'accepted'
        this.#dialogue.login = 'accepted'
      } else if (isRefusal(reply.code) && !NO_JUDGEMENT.has(reply.code) && login !== 'accepted')
        this.#dialogue.login = 'rejected'
    } else if (isLoggedIn(reply.code) && !isKnownVerb(verb)) {
      // The server took the line for a password.
      this.#dialogue.login = 'accepted'
    } else if (login !== 'accepted' && login !== 'rejected' && isPositive(reply.code) && NEED_LOGIN.has(verb)) {
      // Captured from the middle, or the reply to PASS is missing: a command succeeded that requires a login.
      this.#dialogue.login = 'accepted'
    }
  }

  /** A reply without its command: with something missing, what follows shows how the login ended. */
  unsolicited(reply: Reply): void {
    if (this.#lossy) this.#afterGap(reply)
  }

  /** Bytes of a direction were not captured. */
  lost(direction: Direction): void {
    this.#lossy = true
    if (direction === FROM_CLIENT && this.#dialogue.login === 'none') this.#dialogue.login = 'unknown'
  }

  #afterGap({ code }: Reply): void {
    const { login } = this.#dialogue
    if (login === 'accepted') return
    if (AFTER_LOGIN.has(code)) this.#dialogue.login = 'accepted'
    else if (code === NOT_LOGGED_IN) this.#dialogue.login = 'rejected'
  }

  /** The session did not begin with its greeting, and the client acts as if logged in. */
  #cameLate(exchange: Exchange): boolean {
    return needsLogin(exchange.command) && !this.#greeted
  }

  get #greeted(): boolean {
    const greeting = this.#dialogue.exchanges[0]?.replies[0]?.code
    return greeting === 220 || greeting === 120
  }

  /** Commands are hidden: a login may be among them. */
  hidden(): void {
    if (this.#dialogue.login !== 'none') return
    this.#dialogue.login = 'unknown'
    this.#onlyHidden = true
  }

  /** What `hidden` was about is decrypted. */
  revealed(): void {
    if (this.#onlyHidden && this.#dialogue.login === 'unknown') this.#dialogue.login = 'none'
    this.#onlyHidden = false
  }
}
