/** Why a server refused a command on a file or directory, by what was sent and by the server's words. */
import { type Dialogue, type Exchange, finalReply, type Reply } from '../../ftp/model.js'
import { isNotImplemented } from '../../ftp/reply-codes.js'
import { transferDirection } from '../../ftp/state/transfers.js'
import { canonicalVerb } from '../../ftp/verbs.js'
import { meaningOf } from './phrases.js'

export type RefusalReason =
  /** A restart beyond the end of the file. */
  | { kind: 'restart-beyond-end'; restart: number; size: number; sizeFrame: number }
  /** SIZE in TYPE A: some servers refuse it, since they would have to convert the file to count (RFC 3659 §4). */
  | { kind: 'size-in-ascii' }
  /** IBM i: a path in NAMEFMT 0, where names are `library/file.member`. */
  | { kind: 'name-format' }
  /** z/OS: a relative data set name, to which the server adds the prefix of the user. */
  | { kind: 'data-set-name' }
  /** LIST with options of ls, which the server took for a name. */
  | { kind: 'list-options' }
  /** The name has characters outside ASCII: `utf-8`, or `bytes` in another encoding. */
  | { kind: 'encoding'; sent: 'utf-8' | 'bytes' }
  /** The server's reply names only the part of the path before a blank. */
  | { kind: 'blank' }
  /** An absolute path, where the login began in `/`: the root of the account may be a directory of the host. */
  | { kind: 'root' }
  /** What the words say. */
  | { kind: RefusalMeaning }
  /** The code alone. */
  | { kind: 'not-implemented' }
  | { kind: 'unspecified' }

/** From the most specific to the most general wording. */
const MEANINGS = [
  ...(['not-empty', 'read-only', 'permission', 'exists', 'not-directory', 'is-directory', 'busy', 'name'] as const),
  'missing' as const,
]
export type RefusalMeaning = (typeof MEANINGS)[number]

/** The beginning of a long reply is sufficient. */
const MAX_WORDS = 512

/** The most telling reason for the refusal of `exchange` by `reply`. */
export function refusalReason(dialogue: Dialogue, exchange: Exchange, reply: Reply): RefusalReason {
  const verb = canonicalVerb(exchange.command ?? '')
  return (
    beyondEnd(dialogue, exchange) ??
    ofVerb(dialogue, verb, exchange, reply) ??
    ofName(dialogue, exchange.argument ?? '', reply) ??
    byWords(reply)
  )
}

function byWords(reply: Reply): RefusalReason {
  const meaning = meaningOf(reply.text, MEANINGS)
  if (meaning) return { kind: meaning }
  return { kind: isNotImplemented(reply.code) ? 'not-implemented' : 'unspecified' }
}

/** A REST beyond what SIZE said of the file. */
function beyondEnd(dialogue: Dialogue, exchange: Exchange): RefusalReason | null {
  const transfer = dialogue.transfers.find((each) => each.exchange === exchange)
  const restart = transfer ? transfer.restartAt : exchange.command === 'REST' ? Number(exchange.argument) : 0
  if (!(restart > 0)) return null
  const sized = dialogue.exchanges.findLast(
    ({ command, argument, time, replies }) =>
      command === 'SIZE' &&
      time < exchange.time &&
      (!transfer || argument === exchange.argument) &&
      replies.some(({ code }) => code === 213),
  )
  const reply = sized && finalReply(sized)
  const size = reply ? Number(/^\d{1,18}/.exec(reply.text)?.[0] ?? NaN) : NaN
  return reply && restart > size ? { kind: 'restart-beyond-end', restart, size, sizeFrame: reply.frame } : null
}

/** The first type letter of the last accepted TYPE before a packet. */
function typeBefore(dialogue: Dialogue, { time }: Exchange): string | null {
  const type = dialogue.exchanges.findLast(
    (each) => each.command === 'TYPE' && each.time < time && finalReply(each)?.code === 200,
  )
  return type?.argument?.[0]?.toUpperCase() ?? null
}

function ofVerb(dialogue: Dialogue, verb: string, exchange: Exchange, reply: Reply): RefusalReason | null {
  if (verb === 'SIZE') {
    const type = typeBefore(dialogue, exchange)
    const says = /\bASCII\b|\bTYPE A\b/i.test(reply.text.slice(0, MAX_WORDS))
    // ASCII is the default (RFC 959 §5.1), but a file that does not exist is refused in any type.
    if (says || (type === 'A' && meaningOf(reply.text, MEANINGS) !== 'missing')) return { kind: 'size-in-ascii' }
  }
  const option = transferDirection(verb) === 'listing' && /^\s{0,8}-[A-Za-z]/.test(exchange.argument ?? '')
  return option ? { kind: 'list-options' } : null
}

function ofName(dialogue: Dialogue, name: string, reply: Reply): RefusalReason | null {
  const words = reply.text.slice(0, MAX_WORDS)
  const server = dialogue.serverSoftware ?? ''
  if (name === '') return null
  if (server.startsWith('IBM i') && (name.includes('/') || /library|file\.member|NAMEFMT/i.test(words)))
    return /NAMEFMT|library|member|specified|not found|syntax/i.test(words) ? { kind: 'name-format' } : null
  if (
    server.startsWith('z/OS') &&
    !/^['/]/.test(name) &&
    meaningOf(reply.text, MEANINGS) !== 'permission' &&
    name.includes('.')
  )
    return { kind: 'data-set-name' }
  const meaning = meaningOf(reply.text, MEANINGS)
  if (meaning !== null && meaning !== 'missing' && meaning !== 'name') return null
  const first = name.split(' ', 1)[0]!
  if (first !== '' && first !== name && words.includes(first) && !words.includes(name)) return { kind: 'blank' }
  if (/\\x[89a-f][0-9a-f]/.test(name)) return { kind: 'encoding', sent: 'bytes' }
  if (/[^\p{ASCII}]/u.test(name)) return { kind: 'encoding', sent: 'utf-8' }
  const root = loginDirectory(dialogue, reply)
  return root === '/' && /^\/[^/]+\/[^/]/.test(name) ? { kind: 'root' } : null
}

/** The directory in which the session began: by the reply to PASS or USER, or to PWD before any CWD succeeded. */
function loginDirectory(dialogue: Dialogue, before: Reply): string | null {
  for (const { command, replies, time } of dialogue.exchanges) {
    if (command === null || time > before.time) continue
    const reply = replies.find(({ code }) => code >= 200 && code < 300)
    if (!reply) continue
    const words = reply.text.slice(0, MAX_WORDS)
    if (command === 'PASS' || command === 'USER') {
      const stated = /\b(?:current|working|home) directory is "?(\/[^\s"]*)/i.exec(words)?.[1]
      if (stated !== undefined) return stated
    }
    const verb = canonicalVerb(command)
    if (verb === 'PWD') return /^"([^"]*)"/.exec(words)?.[1] ?? null
    if (verb === 'CWD' || verb === 'CDUP') return null
  }
  return null
}
