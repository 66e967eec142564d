import { defineRule, madeGood } from '../../legacy.js'
import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'

/** RFC 959 §4.2.2: 452 insufficient storage space in system, 552 exceeded storage allocation. */
const STORAGE_CODES = [452, 552]
const WRITES = new Set(['STOR', 'STOU', 'APPE', 'ALLO', 'MKD', 'XMKD', 'ESTO'])
/** vsftpd "426 Failure writing to local file.", ProFTPD "552 Transfer aborted. Disc quota exceeded", IIS "552 There is not enough space on the disk." */
const FULL =
  /no space|disc? (?:is )?full|quota|not enough (?:\w+ )?space|insufficient (?:\w+ )?(?:space|storage)|storage allocation|out of space/i
const WRITE_FAILED = /fail\w* (?:to )?writ|writ\w* (?:\w+ )?fail/i

/** Longest text that is searched. */
const MAX_WORDS = 512

export const storageFull = defineRule({
  id: 'storage-full',
  title: 'no space left on the server',
  severity: 'error',
  side: 'server',
  level: 'cause',
  remedy: [
    'On the server: free space, or raise the quota of the account (df, quota; ProFTPD mod_quotatab; Pure-FTPd -n; FSRM quotas on Windows)',
  ],
  references: ['RFC 959 §4.2.2 (452, 552)', 'RFC 959 §4.1.3 (ALLO)'],
  samples: { reports: 'made/storage-full.pcap', silent: 'made/storage-full--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const channels = new Map(session.channels.map((channel) => [channel.transfer?.command.exchange, channel]))
    for (const { exchange, reply, inWords } of refusals(session)) {
      const channel = channels.get(exchange)
      const moved = channel?.transfer?.bytes ?? 0
      const account = session.dialogue.user
      yield {
        ...(channel && madeGood(session, channel) ? { severity: 'warning' as const } : {}),
        confidence: inWords || STORAGE_CODES.includes(reply.code) ? 'high' : 'low',
        message: `The server could not store the file of "${commandLine(exchange)}"${
          moved > 0 ? ` after ${moved} bytes` : ''
        }: "${replyLine(reply)}"${account === null ? '' : ` (account ${account})`}.`,
        evidence: [replyEvidence(reply), commandEvidence(exchange)],
        rivals: inWords ? [] : ['transfer-refused'],
        ...(channel ? { channel } : {}),
      }
    }
  },
})

/** Replies that speak of storage; 552 is also used by some for names that are too long. */
function* refusals(session: Session): Generator<{ exchange: Exchange; reply: Reply; inWords: boolean }> {
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.command === null || !WRITES.has(exchange.command)) continue
    const reply = exchange.replies.find((r) => r.code >= 400)
    if (!reply) continue
    const inWords = FULL.test(reply.text.slice(0, MAX_WORDS))
    const wrote = (reply.code === 426 || reply.code === 451) && WRITE_FAILED.test(reply.text.slice(0, MAX_WORDS))
    if (inWords || STORAGE_CODES.includes(reply.code) || wrote) yield { exchange, reply, inWords }
  }
}
