import type { Session } from '../../../correlate/model.js'
import { finalReply } from '../../../ftp/model.js'
import type { ReplyInExchange } from '../../facts/control.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { commandEvidence, replyEvidence, type ReplyFact, replyFact, replyWords } from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

/** USER, PASS or ACCT refused. */
export interface RejectedLogin extends Fact, Ends {
  /** Whether a later login succeeded. */
  kind: 'rejected' | 'accepted-later'
  /** The argument of USER; `null` if it was not captured. */
  user: Quote | null
  /** The last refusal, and how many there were. */
  reply: ReplyFact
  refusals: number
  /** What is wrong with the account if the password was correct. */
  account: 'chroot' | 'home' | null
}

const LOGIN_VERBS: ReadonlySet<string | null> = new Set(['USER', 'PASS', 'ACCT'])

export const loginRejected = defineRule<RejectedLogin>({
  id: 'login-rejected',
  title: 'login rejected',
  severity: 'error',
  side: 'client',
  level: 'symptom',
  spares: ['control-reset'],
  references: ['RFC 959 §4.1.1, §4.2.2 (530, 332, 532)'],
  samples: { reports: 'made/login-rejected.pcap', silent: 'made/login-rejected--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const { login, opaqueFrom, user } = session.dialogue
    const accepted = login === 'accepted'
    // A subsequent login under TLS is not visible.
    if (opaqueFrom && !accepted) return
    const refusals = loginRefusals(session)
    const last = refusals.at(-1)
    if (!last) return
    const account = accountTrouble(last.reply.text)
    yield {
      fact: {
        kind: accepted ? 'accepted-later' : 'rejected',
        ...endsOf(session),
        user: user === null ? null : new Quote(user),
        reply: replyFact(last.reply),
        refusals: refusals.length,
        account,
      },
      severity: accepted ? 'info' : 'error',
      side: account ? 'server' : 'client',
      // The user may try again after the end of the capture.
      confidence: session.cutOff && !accepted ? 'medium' : 'high',
      evidence: [
        replyEvidence(last.reply),
        commandEvidence(last.exchange),
        ...refusals.slice(0, -1).map(({ reply }) => replyEvidence(reply)),
      ],
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'accepted-later' ? 'login accepted at a later attempt' : null),
    message({ kind, client, server, user, reply, refusals }) {
      const rejected = `${endpointWords(server)} rejected the login of ${userWords(user)} from ${client}`
      const count = refusals === 1 ? '' : ` (${refusals} refusals)`
      const outcome = kind === 'rejected' ? '. The network is not the cause' : ', and accepted a later attempt'
      return `${rejected}: "${replyWords(reply)}"${count}${outcome}.`
    },
  },

  remedy({ user, account }, { serverSoftware }) {
    if (account) return [ACCOUNT_REMEDIES[account]]
    const reasons = 'check for a shell that is not in /etc/shells, a list of allowed users, disabled anonymous access'
    const checks = serverRemedy(serverSoftware, reasons, (s) => s.loginChecks)
    return [
      `check the user name and password of ${userWords(user)}`,
      `the server's log gives the reason; settings that reject even a correct password, ${checks}`,
    ]
  },
})

function userWords(user: string | null): string {
  return user === null ? 'a user' : `user "${user}"`
}

/** Refusals of USER, PASS or ACCT. A 421 closes the connection for other reasons. */
function loginRefusals({ dialogue }: Session): ReplyInExchange[] {
  return dialogue.exchanges.flatMap((exchange) => {
    const reply = LOGIN_VERBS.has(exchange.command) ? finalReply(exchange) : null
    return reply && reply.code >= 400 && reply.code !== 421 ? [{ exchange, reply }] : []
  })
}

/** The password was correct, but a step after it failed. */
function accountTrouble(text: string): RejectedLogin['account'] {
  if (/chroot/i.test(text)) return 'chroot'
  return /home|cannot change directory|can't change directory/i.test(text) ? 'home' : null
}

const ACCOUNT_REMEDIES = {
  chroot:
    "on the server (vsftpd): the user's home directory is writable in the chroot: set allow_writeable_chroot=YES, " +
    'or remove its write permission and set local_root or use a directory below it',
  home: "on the server: create the user's home directory, owned by the user and readable by the FTP server",
}
