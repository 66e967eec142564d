import type { Exchange, Reply } from '../model.js'
import { isCompletion } from '../reply-codes.js'
import { canonicalVerb } from '../verbs.js'

/** Longest path supported: POSIX hosts allow 4096 bytes. */
const MAX_PATH = 4096
/** Longest text searched for a path, where each character may be a doubled quote; longest path before `..` applies. */
const MAX_TEXT = 2 * MAX_PATH

/** The path between the first quotes, doubled ones standing for one (RFC 959 appendix II): `257 "/a ""b""" created`. */
function quotedPath(text: string): string | null {
  const line = text.slice(0, MAX_TEXT)
  const start = line.indexOf('"')
  if (start < 0) return null
  let path = ''
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] !== '"') path += line[at]!
    else if (line[at + 1] === '"') {
      path += '"'
      at++
    } else return path
  }
  return null
}

/** The session's working directory, as far as replies show it; `null` while unknown. */
export class WorkingDirectory {
  current: string | null = null

  /** The absolute path that a path names here; the path itself where that is unknown. */
  resolve(path: string): string {
    return join(this.current, path) ?? path
  }

  /** Returns true when the directory may have changed. */
  reply(exchange: Exchange, reply: Reply): boolean {
    if (!isCompletion(reply.code)) return false
    switch (canonicalVerb(exchange.command!)) {
      case 'PWD':
        if (reply.code === 257) this.current = quotedPath(reply.text) ?? this.current
        return false
      case 'CWD':
        this.current = statedPath(reply.text) ?? join(this.current, exchange.argument ?? '')
        return true
      case 'CDUP':
        this.current = statedPath(reply.text) ?? join(this.current, '..')
        return true
      case 'SMNT':
      case 'REIN':
      case 'USER':
      case 'PASS':
        this.current = null
        return true
      default:
        return false
    }
  }
}

/** `250 CWD successful. "/pub" is current directory.` (FileZilla), `250 OK. Current directory is /pub` (Pure-FTPd). */
function statedPath(text: string): string | null {
  const line = text.slice(0, MAX_TEXT)
  if (/" is (?:the |your |now )?(?:current|new|working)/i.test(line)) return quotedPath(line)
  return /\bCurrent directory is (\/.*)$/.exec(line)?.[1] ?? null
}

/**
 * The absolute path of what a path names in a directory, the directory itself for an empty one; `null` where it is not
 * known: the directory is not, or its host has other paths than POSIX.
 */
export function absolutePath(directory: string | null, path: string): string | null {
  return join(directory, path)
}

/** POSIX paths only: other hosts (z/OS, VMS, Windows) have their own rules. */
function join(base: string | null, path: string): string | null {
  if (path.length > MAX_PATH) return null
  const absolute = path.startsWith('/') ? path : base?.startsWith('/') ? `${base}/${path}` : null
  if (absolute === null || absolute.length > MAX_TEXT) return null
  const parts: string[] = []
  for (const part of absolute.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return '/' + parts.join('/')
}
