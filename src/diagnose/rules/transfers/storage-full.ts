import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'
import { Quote } from '../../words/quote.js'

/** RFC 959 §4.2.2: 452 insufficient storage space in system, 552 exceeded storage allocation. */
const STORAGE_CODES = [452, 552]
const WRITES = new Set(['STOR', 'STOU', 'APPE', 'ALLO', 'MKD', 'XMKD', 'ESTO'])
/**
 * vsftpd "426 Failure writing to local file.", ProFTPD "552 Transfer aborted. Disc quota exceeded", IIS "552 There is
 * not enough space on the disk."
 */
const FULL = new RegExp(
  [
    'no space|disc? (?:is )?full|quota|not enough (?:\\w+ )?space|insufficient (?:\\w+ )?(?:space|storage)',
    'storage allocation|out of space',
  ].join('|'),
  'i',
)
const WRITE_FAILED = /fail\w* (?:to )?writ|writ\w* (?:\w+ )?fail/i

/** Maximum length of the text that is searched. */
const MAX_WORDS = 512

export interface StorageFull extends Fact {
  /** What shows it: the server's text, the code alone, or only that writing failed. */
  kind: 'words' | 'code' | 'write-failed'
  command: CommandFact
  reply: ReplyFact
  /** Bytes already transferred. */
  bytes: number
  /** The account whose quota may be exceeded. */
  account: Quote | null
}

export const storageFull = defineRule<StorageFull>({
  id: 'storage-full',
  title: 'no space left on the server',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 959 §4.2.2 (452, 552)', 'RFC 959 §4.1.3 (ALLO)'],
  samples: { reports: 'made/storage-full.pcap', silent: 'made/storage-full--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const { user } = session.dialogue
    const channels = new Map(session.channels.map((channel) => [channel.transfer?.command.exchange, channel]))
    for (const { exchange, reply, kind } of refusals(session)) {
      const channel = channels.get(exchange)
      yield {
        fact: {
          kind,
          command: commandFact(exchange),
          reply: replyFact(reply),
          bytes: channel?.transfer?.bytes ?? 0,
          account: user === null ? null : new Quote(user),
        },
        confidence: kind === 'write-failed' ? 'low' : 'high',
        evidence: [replyEvidence(reply), commandEvidence(exchange)],
        rivals: kind === 'words' ? [] : ['transfer-refused'],
        ...(channel ? { channel } : {}),
      }
    }
  },

  texts: {
    message({ command, reply, bytes, account }) {
      const after = bytes > 0 ? ` after ${byteCount(bytes)}` : ''
      const whose = account === null ? '' : ` (account ${account})`
      return `The server could not complete "${commandWords(command)}"${after}: "${replyWords(reply)}"${whose}.`
    },
  },
  remedy: () => [
    'on the server: free up space, or raise the quota of the account (df, quota; ProFTPD mod_quotatab; Pure-FTPd -n; ' +
      'FSRM quotas on Windows)',
  ],
})

/** Replies about storage; some servers also use 552 for names that are too long. */
function* refusals(session: Session): Generator<{ exchange: Exchange; reply: Reply; kind: StorageFull['kind'] }> {
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.command === null || !WRITES.has(exchange.command)) continue
    const reply = exchange.replies.find(({ code }) => code >= 400)
    const kind = reply && kindOf(reply)
    if (reply && kind) yield { exchange, reply, kind }
  }
}

function kindOf({ code, text }: Reply): StorageFull['kind'] | null {
  const words = text.slice(0, MAX_WORDS)
  if (FULL.test(words)) return 'words'
  if (STORAGE_CODES.includes(code)) return 'code'
  return (code === 426 || code === 451) && WRITE_FAILED.test(words) ? 'write-failed' : null
}
