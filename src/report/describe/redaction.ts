/** Removes secrets from texts of the wire when they enter a report; the program's own texts contain none. */
import type { Redactor } from '../../diagnose/words/quote.js'

/** Replaces a secret in every report. */
const REDACTED = '***'

/** Commands whose argument is a secret: password, account (RFC 959 §4.1.1), security data (RFC 2228 §3). */
const SECRET_COMMANDS: ReadonlySet<string> = new Set(['PASS', 'ACCT', 'ADAT'])

/**
 * Number of secrets of one session that its texts are searched for; bounded, since a password-guessing client sends
 * thousands.
 */
const ECHOED_SECRETS = 256

/**
 * Shorter secrets are replaced only in the replies to the command that carried them: elsewhere a word like "no" is more
 * likely an ordinary word, and removing it would reveal the secret.
 */
const SHORTEST_ECHO = 4

interface Command {
  readonly command: string | null
  readonly argument: string | null
}

/** The part of a dialogue that determines its secrets. */
interface Spoken {
  readonly exchanges: readonly Command[]
  readonly user: string | null
}

/** The texts of one session as reports show them. */
export interface Redaction {
  /** Any text from the wire. */
  text: Redactor
  /** The argument of a command. */
  argument: (command: Command) => string | null
  /** The text of a reply to a command, which may repeat the command's secret, however short. */
  reply: (command: Command, text: string) => string
}

/** For reports that show secrets. */
export const SECRETS_SHOWN: Redaction = {
  text: (text) => text,
  argument: ({ argument }) => argument,
  reply: (_command, text) => text,
}

/** Hides the secrets of a session, including in replies and other texts that repeat one. */
export function redactionOf({ exchanges, user }: Spoken): Redaction {
  const secrets = new Set(exchanges.flatMap((exchange) => secretsIn(exchange, user)))
  const everywhere = longestFirst(
    [...secrets].filter((secret) => secret.length >= SHORTEST_ECHO).slice(0, ECHOED_SECRETS),
  )
  const text: Redactor = (each) => hide(each, everywhere)
  return {
    text,
    argument: (command) => (isSecret(command) ? REDACTED : command.argument),
    reply: (command, each) => text(isSecret(command) ? hide(each, longestFirst(secretsIn(command, user))) : each),
  }
}

function isSecret({ command, argument }: Command): boolean {
  return command !== null && SECRET_COMMANDS.has(command.toUpperCase()) && argument !== null && argument !== ''
}

function secretsIn(command: Command, user: string | null): string[] {
  if (!isSecret(command)) return []
  const argument = command.argument!
  // A leading minus is not part of the password: by convention it asks the server for short replies.
  const spellings = argument.startsWith('-') ? [argument, argument.slice(1)] : [argument]
  // A password equal to the user name is not searched for: the name is printed anyway, and *** in its place would
  // reveal the password.
  return spellings.filter((secret) => secret !== '' && secret.toLowerCase() !== user?.toLowerCase())
}

/** The text without the secrets that occur in it as whole words; the longest secrets come first. */
function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => hideOne(rest, secret), text)
}

function hideOne(text: string, secret: string): string {
  const first = text.indexOf(secret)
  if (first < 0) return text
  let shown = ''
  let from = 0
  for (let at = first; at >= 0; at = text.indexOf(secret, at + 1)) {
    if (at < from || LETTER.test(text.charAt(at - 1)) || LETTER.test(text.charAt(at + secret.length))) continue
    shown += text.slice(from, at) + REDACTED
    from = at + secret.length
  }
  return shown + text.slice(from)
}

const LETTER = /[\p{L}\p{N}]/u

function longestFirst(secrets: Iterable<string>): string[] {
  return [...secrets].sort((a, b) => b.length - a.length)
}
