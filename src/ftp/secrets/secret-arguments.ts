import { gluedPassword } from '../command.js'
import { canonicalVerb, isKnownVerb } from '../verbs.js'
import { inBase64, misread } from './misread.js'

/** Stands for a secret in every report. */
export const HIDDEN = '***'

/** The argument of a command that carries secrets. */
export interface SecretArgument {
  /** With stars for the secrets. */
  shown: string
  /** The secrets, in each spelling in which a server may take or repeat them; none is empty. */
  secrets: readonly string[]
}

/**
 * Commands whose whole argument is secret: password, account (RFC 959 §4.1.1), security data (RFC 2228 §3), the
 * encrypted login of IBM's and WS_FTP's servers, and what people type who take the server for something else.
 */
const SECRET_VERBS: ReadonlySet<string> = new Set([
  'PASS',
  'ACCT',
  'ADAT',
  'XAUT',
  'XPASS',
  'LOGIN',
  'LOGON',
  'AUTHINFO',
])
/** Verbs of no specification that set a password. */
const PASSWORD_VERB = /PASS|PASW|PSWD|PSWRD|PWRD|CHPW/
/** Words after SITE that take a password: change it, unlock a group, create a user, log in elsewhere. */
const PASSWORD_SITE = new RegExp(
  'PASS|PASW|PSW|PWRD|PWD$|PW$|' +
    '^(?:ADDUSER|USERADD|GADDUSER|ADDUSR|NEWUSER|MKUSER|CREATEUSER|USER|LOGIN|LOGON|AUTH|SU|SUDO|KEY|SECRET|PIN)$',
  'i',
)
/** A program of the server that SITE runs. */
const SITE_EXECUTE = /^\s*(?:EXEC|CMD|RUN|SH)\s+(?=\S)/i
/** What a proxy or a person puts before a command: `QUOTE PASS x`. */
const WRAPPERS: ReadonlySet<string> = new Set(['QUOTE', 'QUOT', 'LITERAL', 'LITE', 'RAW', 'RAWCMD', 'CMD', 'FTP>'])
/** Proxies: `OPEN host user password`. */
const OPENERS: ReadonlySet<string> = new Set(['OPEN', 'CONNECT', 'PROXYCONNECT'])

/** Frequent commands in whose argument only a URL can carry a secret. */
const HARMLESS: ReadonlySet<string> = new Set(
  'CWD RETR STOR APPE LIST NLST MLSD MLST SIZE MDTM DELE TYPE PORT EPRT EPSV REST OPTS PBSZ PROT MKD RNFR RNTO'.split(
    ' ',
  ),
)

/** The secrets in a command's argument; `null` without any. `anonymous`: what RFC 1635 asks for has no parts. */
export function secretArgument(command: string, argument: string | null, anonymous = false): SecretArgument | null {
  if (argument === null || (HARMLESS.has(command) && !argument.includes('@')) || argument.trim() === '') return null
  const verb = canonicalVerb(command.toUpperCase())
  if (isSecretVerb(verb) || (PASSWORD_VERB.test(verb) && !isKnownVerb(verb)))
    return { shown: HIDDEN, secrets: passwordSpellings(argument, anonymous) }
  if (WRAPPERS.has(verb)) return wrapped(argument)
  if (verb === 'SITE') return site(argument)
  if (verb === 'AUTH') return after(argument, 1)
  if (verb === 'USER') return after(argument, 1) ?? ofUser(argument)
  if (OPENERS.has(verb)) return after(argument, /^\s*\S+\s+\d+\s/.test(argument) ? 3 : 2) ?? ofUser(argument)
  return argument.includes('@') ? (userInfo(argument, URL_INFO) ?? userInfo(argument, USER_INFO_AT)) : null
}

/** Whether a verb precedes another command. */
export function isWrapper(verb: string): boolean {
  return WRAPPERS.has(verb)
}

/** Whether the whole argument of a verb is secret. */
export function isSecretVerb(verb: string): boolean {
  return SECRET_VERBS.has(verb)
}

/** The name that a USER names, without what a proxy or a person appends to it. */
export function userName(argument: string): string {
  return /^\s*([^\s:]*)/.exec(argument)![1]!
}

/** The same text without the passwords of its URLs (RFC 3986 §3.2.1). */
export function withoutUrlPasswords(text: string): string {
  return text.includes('://') ? text.replace(URL_INFO, `$1${HIDDEN}`) : text
}

/** `ftp://user:password@`: up to the last @ before the path. */
const URL_INFO = /([a-z][a-z0-9+.-]{0,16}:\/\/[^\s/:@]{0,256}:)([^\s/]{1,4096})(?=@)/gi
/**
 * `user:password`, perhaps with `@host`; not a port after the host. `:)` stays: alone it names no password, and it opens
 * the backdoor of vsftpd 2.3.4 wherever it is in the name.
 */
const USER_INFO = /^(\s*[^\s:@]{1,256}:\)?)(?=\S*[\p{L}\p{N}])(\S{1,4096}?)(?=(?:@[^\s@]*)?\s*$)/gu
/** A proxy's `user@host:password`; what has digits only is a port. */
const USER_INFO_AFTER = /^(\s*[^\s@]{1,256}@[^\s@:]{1,256}(?:@[^\s@:]{1,256})?:)(?!\d+\s*$)([^\s@:]{1,4096})(?=\s*$)/g
const USER_INFO_AT = /^(\s*[^\s:@/]{1,256}:)([^\s/]{1,4096})(?=@[^\s@]+$)/g

function userInfo(argument: string, pattern: RegExp): SecretArgument | null {
  const secrets = [...argument.matchAll(pattern)].map((match) => match[2]!)
  return secrets.length > 0 ? { shown: argument.replace(pattern, `$1${HIDDEN}`), secrets: spellingsOf(secrets) } : null
}

function ofUser(argument: string): SecretArgument | null {
  if (!argument.includes(':')) return null
  return userInfo(argument, URL_INFO) ?? userInfo(argument, USER_INFO) ?? userInfo(argument, USER_INFO_AFTER)
}

/** Everything after the first words. */
function after(argument: string, words: number): SecretArgument | null {
  const match = (words === 1 ? AFTER_ONE : words === 2 ? AFTER_TWO : AFTER_THREE).exec(argument)
  if (!match) return null
  const secrets = partsOf(match[2]!)
  const first = userInfo(match[1]!.trimEnd(), URL_INFO) ?? userInfo(match[1]!.trimEnd(), USER_INFO_AT)
  return {
    shown: `${first?.shown ?? match[1]!.trimEnd()} ${HIDDEN}`,
    secrets: [...spellingsOf(secrets), ...(first?.secrets ?? [])],
  }
}

const AFTER_ONE = /^(\s*\S+\s+)(\S[^]*)$/
const AFTER_TWO = /^(\s*\S+\s+\S+\s+)(\S[^]*)$/
const AFTER_THREE = /^(\s*\S+\s+\S+\s+\S+\s+)(\S[^]*)$/

/** Of a line of more words, the last ones may be the secret. */
const MOST_TAILS = 4

/** All that may be the secret in a line that is or contains one: words, what follows them, values. */
export function partsOf(text: string): string[] {
  const tails = Array.from(text.matchAll(/\s+(?=\S)/g), ({ index, 0: blanks }) => text.slice(index + blanks.length))
  const words = text.match(/\S+/g) ?? []
  const values = words.map((word) => word.slice(word.indexOf('=') + 1)).filter((value) => value !== '')
  return [text, ...tails.slice(0, MOST_TAILS), ...words, ...values]
}

function site(argument: string): SecretArgument | null {
  const executed = SITE_EXECUTE.exec(argument)?.[0] ?? ''
  if (executed !== '') {
    const inner = site(argument.slice(executed.length))
    return inner && { shown: executed + inner.shown, secrets: inner.secrets }
  }
  const word = /^\s*([^\s:=]+)/.exec(argument)?.[1] ?? ''
  if (!PASSWORD_SITE.test(word)) return userInfo(argument, URL_INFO)
  return after(argument.replace(/^(\s*[^\s:=]+)[:=]/, '$1 '), 1)
}

function wrapped(argument: string): SecretArgument | null {
  const [, verb = '', rest = ''] = /^\s*(\S*)\s?([^]*)$/.exec(argument)!
  const glued = gluedPassword(argument.trimStart())
  const inner = glued ? secretArgument(glued.verb, glued.argument) : secretArgument(verb, rest)
  return inner && { shown: `${glued?.verb ?? verb} ${inner.shown}`, secrets: inner.secrets }
}

/** The spellings of a password, and the parts that a server may take apart. */
function passwordSpellings(argument: string, anonymous: boolean): string[] {
  const whole = argument.trim()
  if (anonymous || (SIMPLE.test(whole) && !/^W(?:OR)?D/i.test(whole))) return spellingsOf([whole])
  const slashes = whole.split('/')
  // `old/new/new` (z/OS); `password@password` of a proxy and the server beyond; `name password` of people.
  const changed = slashes.length === 2 || slashes.length === 3 ? slashes : []
  const at = whole.lastIndexOf('@')
  const proxied = at < 0 ? [] : [whole.slice(0, at), whole.slice(at + 1)].filter((part) => !part.includes('.'))
  // Of `PASSWORDx` the argument is `WORDx`.
  const glued = /^(?:WORD|WD)[:=]?(.+)$/is.exec(whole)?.[1] ?? ''
  return spellingsOf([whole, ...changed, ...proxied, ...(/\s/.test(whole) ? partsOf(whole) : []), glued])
}

/** Characters of a secret that are spelled in other encodings: more than are searched for. */
const LONGEST_RECODED = 256
/** The base64 of fewer is too short to be told from words. */
const SHORTEST_RECODED = 4

/** What is left of Telnet commands in a line (RFC 854): a data mark that was sent as urgent data. */
const TELNET = /\\xf[0-9a-f]/g

/** What most secrets are: spelled in one way. */
const SIMPLE = /^[A-Za-z0-9]+$/
/** What may stand between a verb and its argument, or around one. */
const AROUND = /^[:=,;|"'`<([{]+|[,;"'`>)\]}]+$/g

/**
 * Trimmed; without bytes of Telnet; without the minus that asks the server for short replies, a convention of BSD;
 * without separators, quotes and brackets around it; with each quote doubled, as a path in a 257 has it (RFC 959
 * appendix II); in base64 (RFC 4648 §4), as SASL has it.
 */
export function spellingsOf(secrets: readonly string[]): string[] {
  const all = new Set<string>()
  for (const secret of secrets) {
    if (SIMPLE.test(secret)) {
      all.add(secret)
      if (secret.length >= SHORTEST_RECODED) all.add(inBase64(secret.slice(0, LONGEST_RECODED)))
      continue
    }
    const whole = secret.trim()
    const bare = whole.replace(/^-+/, '').trim()
    for (const each of [whole, bare, bare.replace(AROUND, '').trim(), bare.replace(TELNET, '').trim()]) {
      if (each === '' || all.has(each)) continue
      all.add(each)
      if (each.includes('"')) all.add(each.replaceAll('"', '""'))
      const beginning = each.slice(0, LONGEST_RECODED)
      for (const other of misread(beginning)) all.add(other)
    }
    if (bare.length >= SHORTEST_RECODED) all.add(inBase64(bare.slice(0, LONGEST_RECODED)))
  }
  return [...all]
}
