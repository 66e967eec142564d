import type { Dialogue, Exchange, Fragment } from '../model.js'
import { canonicalVerb } from '../verbs.js'
import { foldedText } from './folded-text.js'
import { isTorn, type Torn } from './hide.js'
import { partsOf, secretArgument, type SecretArgument, spellingsOf, userName } from './secret-arguments.js'
import { secretLines } from './secret-lines.js'

/** What is secret in a dialogue. */
export interface DialogueSecrets {
  /** Every secret in every spelling, and the captured parts of those that were not captured completely. */
  all: ReadonlySet<string>
  /** Arguments that carry secrets. */
  arguments: ReadonlyMap<Exchange, SecretArgument>
  /** Lines that are secrets, with their words. */
  lines: ReadonlyMap<Exchange, readonly string[]>
  /** User names and their words, folded, but for those that are secrets. */
  names: ReadonlySet<string>
  /** Secrets with a hole in them. */
  torn: readonly Torn[]
  /** Frame of the first secret; Infinity without one. */
  firstFrame: number
}

/**
 * The secrets of a dialogue. A password that equals the name with which it was sent is none: the name is shown anyway,
 * and stars in its place would tell the password. It is one if it was sent with another name, too.
 */
export function secretsOf(dialogue: Dialogue): DialogueSecrets {
  const { exchanges, fragments } = dialogue
  const all = new Set<string>()
  const arguments_ = new Map<Exchange, SecretArgument>()
  const lines = new Map<Exchange, readonly string[]>()
  const names = new Set<string>()
  /** What merely may be a secret is none if it was a name before: `SITE PASSWD alice …`. */
  const suspect = (texts: readonly string[]) => {
    for (const each of texts) if (!names.has(foldedText(each))) all.add(each)
  }
  const suspicious = secretLines(exchanges)
  const torn = tornSecrets(fragments)
  let firstFrame = fragments[0]?.frame ?? Infinity
  let own: ReadonlySet<string> = new Set()
  let anonymous = false
  let fragment = 0
  const fragmentsUntil = (frame: number) => {
    for (; fragment < fragments.length && fragments[fragment]!.frame <= frame; fragment++) {
      const { text } = fragments[fragment]!
      suspect(spellingsOf(partsOf(text)))
    }
  }
  for (const exchange of exchanges) {
    const { command, argument } = exchange
    if (command === null) continue
    fragmentsUntil(exchange.frame)
    if (suspicious.has(exchange)) {
      const line = argument === null ? command : `${command}${exchange.form === 'glued' ? '' : ' '}${argument}`
      const inside = secretArgument(exchange.form === 'glued' ? 'PASS' : command, argument)?.secrets ?? []
      const words = [...spellingsOf(partsOf(line)), ...inside]
      lines.set(exchange, words)
      suspect(words)
    }
    const secret = suspicious.has(exchange) ? null : secretArgument(command, argument, anonymous)
    if (secret) {
      arguments_.set(exchange, secret)
      if (canonicalVerb(command) !== 'PASS') suspect(secret.secrets)
      else for (const each of secret.secrets) if (!own.has(foldedText(each))) all.add(each)
    }
    if (secret || suspicious.has(exchange)) firstFrame = Math.min(firstFrame, exchange.frame)
    if (command === 'USER') {
      own = namesOf(argument ?? '')
      // After a hole, a name may be what was torn.
      for (const name of own) if (fragment === 0 || !isTorn(name, torn)) names.add(name)
      anonymous = own.has('anonymous') || own.has('ftp')
    }
  }
  fragmentsUntil(Infinity)
  for (const each of all) names.delete(foldedText(each))
  return { all, arguments: arguments_, lines, names, torn, firstFrame }
}

/** Torn secrets that are searched for: each word of a text is compared with each. */
const MOST_TORN = 64

/** Words begin or end with fewer characters by chance; more are searched for. */
const LENGTH_OF_PART = 3

/** The last word before each hole with the first one after it, one of which may be missing. */
function tornSecrets(fragments: readonly Fragment[]): Torn[] {
  const torn: Torn[] = []
  if (fragments.length === 0) return torn
  for (const [at, { text }] of fragments.entries()) {
    const beginning = foldedText(/(\S+)\s*$/.exec(text)?.[1] ?? '')
    const end = foldedText(/^\s*(\S+)/.exec(fragments[at + 1]?.text ?? '')?.[1] ?? '')
    const useful = beginning === '' || end === '' ? beginning.length + end.length === LENGTH_OF_PART : true
    if (useful && torn.length < MOST_TORN) torn.push({ beginning, end })
  }
  return torn
}

/** The name of a USER, and what of it servers take for the name; folded. */
function namesOf(argument: string): Set<string> {
  if (/^[A-Za-z0-9]+$/.test(argument)) return new Set([argument.toLowerCase()])
  const name = userName(argument)
  const words = name.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return new Set([name, argument.trim(), name.split('@')[0]!, ...words].filter((each) => each !== '').map(foldedText))
}
