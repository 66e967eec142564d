import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { means } from '../../facts/phrases.js'
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
export interface StorageFull extends Fact {
  /** What shows it: the server's text, the code alone, or only that writing failed. */
  kind: 'words' | 'code' | 'write-failed'
  command: CommandFact
  reply: ReplyFact
  /** The quota counts files; otherwise bytes. */
  ofFiles: boolean
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
          ofFiles: means(reply.text, 'quota') && reply.text.split('\n').some(limitsFiles),
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
  remedy({ kind, ofFiles }) {
    if (ofFiles)
      return [
        'on the server: delete files, or raise the number of files that the account may have (quota, df -i; ProFTPD ' +
          'mod_quotatab; Pure-FTPd: Quota (-n maxfiles:maxsize) or pure-pw usermod -n)',
      ]
    const room =
      'on the server: free up space, or raise the quota of the account (df, quota; ProFTPD mod_quotatab; ' +
      'Pure-FTPd: Quota (-n maxfiles:maxsize) or pure-pw usermod -N; FSRM quotas on Windows)'
    return kind === 'write-failed'
      ? [room, 'if there is space: look for a read-only file system or disk errors (dmesg, the system log)']
      : [room]
  },
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
  if (means(text, 'no-room') || (means(text, 'quota') && code >= 450)) return 'words'
  if (STORAGE_CODES.includes(code)) return means(text, 'write-failed') ? 'write-failed' : 'code'
  return (code === 426 || code === 451) && means(text, 'write-failed') ? 'write-failed' : null
}

/** Pure-FTPd reports both quotas: "1 files used (5%) - authorized: 20 files", "2 Kbytes used (0%) - authorized: …". */
const PARTLY_USED = /\(\d{1,2}%\)/

function limitsFiles(line: string): boolean {
  return means(line, 'quota-of-files') && !PARTLY_USED.test(line)
}
