import { gluedPassword } from '../../ftp/command.js'
import { isForeignName } from '../../ftp/secrets/other-protocols.js'
import { isSecretVerb, isWrapper, secretArgument } from '../../ftp/secrets/secret-arguments.js'
import { recogniseAnonymousPassword } from '../../ftp/software/client-software.js'
import { canonicalVerb, isKnownVerb } from '../../ftp/verbs.js'
import { type LineDraft, TOKEN } from './line-draft.js'
import type { TextAddresses } from './text-addresses.js'
import { isExtension, isVocabulary } from './vocabulary.js'

/** What stands before a verb, the verb, what ends it, and its argument. */
const COMMAND = /^([^!-~]*)([!-~]*)([^!-~\x80-\xff]?)([^]*)$/
const ANONYMOUS: ReadonlySet<string> = new Set(['anonymous', 'ftp'])
/** Verbs whose arguments are addresses and ports. */
const ANNOUNCING: ReadonlySet<string> = new Set(['PORT', 'LPRT', 'EPRT', 'PROXY', 'SPOR'])
/** Verbs whose arguments are keywords and numbers. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'TYPE MODE STRU ALLO REST PROT PBSZ AUTH OPTS FEAT HELP LANG EPSV PASV LPSV RANG CLNT CSID SPSV CPSV HASH'.split(' '),
)
/** Security data (RFC 2228 §3). */
const SECURITY_DATA: ReadonlySet<string> = new Set(['ADAT', 'MIC', 'CONF', 'ENC'])
/** What SITE takes before numbers and names. */
const SITE_WORD =
  /^\s*(?:CHMOD|UMASK|IDLE|HELP|UTIME|EXEC|QUOTA|ZONE|WHO|UTF8|NAMEFMT|LISTFMT|CHGRP|CHOWN|MKDIR|RMDIR|SYMLINK|CPFR|CPTO)\b/i
/** Options of LIST, and times before a name. */
const BEFORE_NAME = /^\s*(?:-[A-Za-z1]{1,16}(?=\s|$)|\d{14}(?:\.\d{1,9})?(?= ))/
/** What a person types who takes the server for a client. Of what is left of a lost line, no word stays. */
const TYPED: ReadonlySet<string> = new Set('ls dir get put open close bye exit bin binary ascii'.split(' '))
/** Ends of requests of other protocols, by which they are recognized. */
const REQUEST_END = / (?:HTTP|RTSP)\/\d\.\d(?=\r?\n?$)| SIP\/2\.0(?=\r?\n?$)/

/** Rewrites a command, or what a client sent in place of one: verbs and keywords stay, everything else does not. */
export function rewriteCommand(draft: LineDraft, addresses: TextAddresses): void {
  const { text } = draft
  if (keepRequest(draft)) return
  const [, before = '', verb = '', blank = '', rest = ''] = COMMAND.exec(text)!
  const verbAt = before.length
  const at = verbAt + verb.length + blank.length
  const end = at + rest.trimEnd().length
  const upper = verb.toUpperCase()
  const canonical = canonicalVerb(upper)
  const glued = isKnownVerb(canonical) ? null : gluedPassword(text.slice(verbAt).trimEnd())
  if (glued) {
    const secretAt = Math.max(verbAt + glued.verb.length, text.trimEnd().length - (glued.argument?.length ?? 0))
    draft.keep(0, verbAt + glued.verb.length)
    draft.replaceSecret(secretAt, text.trimEnd().length)
    return
  }
  const known =
    isKnownVerb(canonical) ||
    ANNOUNCING.has(canonical) ||
    isForeignName(verb) ||
    isWrapper(upper) ||
    TYPED.has(verb.toLowerCase())
  if (known) draft.keep(verbAt, verbAt + verb.length)
  const argument = text.slice(at, end)
  if (isSecretVerb(canonical) || SECURITY_DATA.has(canonical)) {
    if (recogniseAnonymousPassword(argument) === null) draft.replaceSecret(at, end)
    else draft.keep(at, end)
    return
  }
  addresses.replace(draft, 0, end, ANNOUNCING.has(canonical))
  if (canonical === 'EPRT') {
    const [from, to] = addressField(argument)
    addresses.replaceBegun(draft, at + from, at + to)
  }
  rewriteArgument(draft, canonical, at, end)
  replaceAll(draft, 0, text.length)
}

function rewriteArgument(draft: LineDraft, verb: string, at: number, end: number): void {
  const argument = draft.text.slice(at, end)
  if (verb === 'USER') {
    if (ANONYMOUS.has(argument.trim().toLowerCase())) draft.keep(at, end)
  } else if (ANNOUNCING.has(verb) || KEYWORDS.has(verb)) keepKnown(draft, at, end)
  else if (verb === 'SITE') {
    const word = SITE_WORD.exec(argument)?.[0] ?? ''
    draft.keep(at, at + word.length)
    if (word !== '' && secretArgument(verb, argument) === null) keepNumbers(draft, at, at + firstNumber(argument))
  } else if (isKnownVerb(verb)) {
    const option = BEFORE_NAME.exec(argument)?.[0] ?? ''
    draft.keep(at, at + option.length)
    keepExtension(draft, at, end)
  }
}

/** The words of the client by which servers' replies to it are searched; in lower case. */
export function wordsOfCommand(text: string): string[] {
  const [, , verb = '', , rest = ''] = COMMAND.exec(text)!
  const canonical = canonicalVerb(verb.toUpperCase())
  if (ANNOUNCING.has(canonical) || KEYWORDS.has(canonical)) return []
  if (ANONYMOUS.has(rest.trim().toLowerCase())) return []
  const searched = (isKnownVerb(canonical) ? rest : text).trim().toLowerCase()
  // With blanks or punctuation it is a name of words that may be known, one by one.
  return [searched, ...(searched.match(TOKEN) ?? [])]
}

/** First line of another protocol: what it is recognized by. */
function keepRequest(draft: LineDraft): boolean {
  const end = REQUEST_END.exec(draft.text)
  if (end) draft.keep(end.index, end.index + end[0].length)
  const identification = /^SSH-\d\.\d+-/.exec(draft.text)?.[0]
  if (identification === undefined) return false
  draft.keep(0, identification.length)
  replaceAll(draft, 0, draft.text.length)
  return true
}

/** Keywords, single letters and numbers. */
function keepKnown(draft: LineDraft, from: number, to: number): void {
  for (const token of draft.tokens(from, to))
    if (token.word.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)/).every((part) => /^\d+$/.test(part) || isVocabulary(part)))
      draft.keep(token.from, token.to)
}

function keepNumbers(draft: LineDraft, from: number, to: number): void {
  for (const token of draft.tokens(from, to)) if (/^\d+$/.test(token.word)) draft.keep(token.from, token.to)
}

/** Where the argument of a SITE command with a number has its first blank after that. */
function firstNumber(argument: string): number {
  return /^\s*\S+\s+\S+/.exec(argument)?.[0].length ?? argument.length
}

/** What kind of file a name says it is. */
export function keepExtension(draft: LineDraft, from: number, to: number): void {
  const extension = /[^./\\\s]\.([A-Za-z0-9]{1,8})[;*'"]?$/.exec(draft.text.slice(from, to).trimEnd())
  if (!extension || !isExtension(extension[1]!.toLowerCase())) return
  const at = from + extension.index + 2
  draft.keep(at, at + extension[1]!.length)
}

function replaceAll(draft: LineDraft, from: number, to: number): void {
  for (const token of draft.tokens(from, to)) draft.replace(token.from, token.to)
}

/** Where the address is in the argument of EPRT, as far as it goes (RFC 2428 §2). */
function addressField(argument: string): [from: number, to: number] {
  const delimiter = argument[0]
  const second = delimiter === undefined ? -1 : argument.indexOf(delimiter, 1)
  if (second < 0) return [argument.length, argument.length]
  const third = argument.indexOf(delimiter!, second + 1)
  return [second + 1, third < 0 ? argument.length : third]
}
