import { decodeText } from '../bytes/text.js'
import type { Dialogue, TransferCommand } from '../ftp/model.js'
import type { ContentOf } from './content/data-content.js'
import type { Answers } from './fit.js'
import { finalReply, payloadDirection } from './transfers.js'

/** Commands after which a name means another file. */
const MOVES: ReadonlySet<string> = new Set(['CWD', 'XCWD', 'CDUP', 'XCUP', 'REIN'])

/** `type=file;size=1024;modify=…; name` (RFC 3659 §7.2). */
const FACTS = /^(?:[^=;\s]+=[^;]*;)+ (.+)$/
const SIZE_FACT = /(?:^|;)size=(\d{1,15});/i
/** `-rw-r--r--  1 owner group  1024 Nov 21 06:18 name`, as most servers answer LIST. */
const UNIX_LINE = /^-[-rwxsStT]{9}[.+@]?\s+\d+\s+\S+\s+(?:\S+\s+)?(\d{1,15})\s+\w{3}\s+\d{1,2}\s+[\d:]{4,5}\s(.+)$/
/** `11-21-26  06:18AM   1024 name`, as IIS answers LIST. */
const DOS_LINE = /^\d\d-\d\d-(?:\d\d){1,2}\s+\d\d:\d\d(?:[AP]M)?\s+(\d{1,15})\s(.+)$/

/** Sizes of files by name, out of the complete lines of a listing's text. */
export function listedSizes(text: string): Map<string, number> {
  const sizes = new Map<string, number>()
  // The last piece is an empty string, or an incomplete line.
  for (const line of text.split('\n').slice(0, -1)) {
    const entry = listedFile(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (entry) sizes.set(entry.name, entry.size)
  }
  return sizes
}

function listedFile(line: string): { name: string; size: number } | null {
  const facts = FACTS.exec(line)
  if (facts) {
    const size = SIZE_FACT.exec(line)
    return size ? { name: facts[1]!, size: Number(size[1]) } : null
  }
  const entry = UNIX_LINE.exec(line) ?? DOS_LINE.exec(line)
  return entry ? { name: entry[2]!, size: Number(entry[1]) } : null
}

interface ListedSize {
  bytes: number
  /** Frame in which the listing began. */
  frame: number
}

/**
 * Expected sizes, from an earlier listing of the same folder, of downloads whose length neither SIZE nor a 150 stated;
 * as far as the listing's first bytes were kept.
 */
export function expectedFromListings(
  dialogue: Dialogue,
  answers: Answers,
  contentOf: ContentOf,
): Map<TransferCommand, ListedSize> {
  const expected = new Map<TransferCommand, ListedSize>()
  if (!dialogue.transfers.some(({ direction }) => direction === 'listing')) return expected
  const moves = dialogue.exchanges.filter(({ command }) => command !== null && MOVES.has(command))
  const listed = new Map<string, ListedSize>()
  let moved = 0
  for (const command of dialogue.transfers) {
    for (; moved < moves.length && moves[moved]!.frame < command.exchange.frame; moved++) listed.clear()
    if (command.direction === 'listing') remember(listed, command, answers, contentOf)
    else if (command.path === null) continue
    // An upload changes what the listing said.
    else if (command.direction === 'upload') listed.delete(command.path)
    else {
      const size = listed.get(command.path)
      if (!size || command.expectedBytes !== null || size.bytes < command.restartAt) continue
      expected.set(command, { bytes: size.bytes - command.restartAt, frame: size.frame })
    }
  }
  return expected
}

function remember(
  listed: Map<string, ListedSize>,
  command: TransferCommand,
  answers: Answers,
  contentOf: ContentOf,
): void {
  const { announcement, path } = command
  const isThisFolder = path === null || path === '.' || path.startsWith('-')
  const connection = announcement && answers.get(announcement)?.[0]?.connection
  if (!isThisFolder || !connection || (finalReply(command)?.code ?? 500) >= 400) return
  const direction = payloadDirection(command, announcement.mode)
  const { head, firstData } = contentOf(connection)?.content?.flows[direction] ?? connection.flows[direction]
  if (!head || !firstData) return
  for (const [name, bytes] of listedSizes(decodeText(head))) listed.set(name, { bytes, frame: firstData.frame })
}
