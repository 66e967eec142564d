import { defineRule } from '../../legacy.js'
import { finalReply } from '../../../ftp/model.js'
import type { Session } from '../../../correlate/model.js'
import { type ReplyInExchange } from '../../facts/control.js'
import { commandEvidence, endpointText, replyEvidence, replyLine } from '../../words/evidence.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

const LOGIN_VERBS = new Set(['USER', 'PASS', 'ACCT'])

export const loginRejected = defineRule({
  id: 'login-rejected',
  title: 'login rejected',
  severity: 'error',
  side: 'client',
  level: 'symptom',
  spares: ['control-reset'],
  remedy: ['Correct user name and password, or the account on the server'],
  references: ['RFC 959 §4.1.1, §4.2.2 (530, 332, 532)'],
  samples: { reports: 'made/login-rejected.pcap', silent: 'made/login-rejected--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const { dialogue, control } = session
    const accepted = dialogue.login === 'accepted'
    // A log-in under TLS that follows is not seen.
    if (dialogue.opaqueFrom && !accepted) return
    const refusals = loginRefusals(session)
    const last = refusals.at(-1)
    if (!last) return
    const server = endpointText(control.responder.address, control.responder.port)
    const who = dialogue.user === null ? 'a user' : `user "${dialogue.user}"`
    const count = refusals.length === 1 ? '' : ` (${refusals.length} refusals)`
    const broken = accountTrouble(last.reply.text)
    yield {
      ...(accepted ? { severity: 'info' as const, title: 'login is accepted at a later attempt' } : {}),
      side: broken ? 'server' : 'client',
      // The user may have another try behind the end of the capture.
      confidence: session.cutOff && !accepted ? 'medium' : 'high',
      message: `${server} rejected the login of ${who} from ${control.initiator.address}: "${replyLine(last.reply)}"${count}${accepted ? ', and accepted a later attempt' : '. The network is not the cause'}.`,
      evidence: [
        replyEvidence(last.reply),
        commandEvidence(last.exchange),
        ...refusals.slice(0, -1).map((said) => replyEvidence(said.reply)),
      ],
      remedy: broken ?? [
        `check user name and password of ${who}`,
        `its log names the reason; what refuses a right password, ${serverRemedy(dialogue.serverSoftware, 'a shell that is not in /etc/shells, a list of users, anonymous access switched off', (s) => s.loginChecks)}`,
      ],
    }
  },
})

/** Refusals of USER, PASS or ACCT. 421 closes the connection for reasons of its own. */
function loginRefusals(session: Session): ReplyInExchange[] {
  return session.dialogue.exchanges.flatMap((exchange) => {
    if (exchange.command === null || !LOGIN_VERBS.has(exchange.command)) return []
    const reply = finalReply(exchange)
    return reply && reply.code >= 400 && reply.code !== 421 ? [{ exchange, reply }] : []
  })
}

/** The password was right, and what comes behind it fails. */
function accountTrouble(text: string): string[] | null {
  if (/chroot/i.test(text)) {
    return [
      "on the server (vsftpd): the user's home is writable inside chroot: allow_writeable_chroot=YES, or take the write permission off the home and set local_root or a folder below it",
    ]
  }
  if (/home|cannot change directory|can't change directory/i.test(text)) {
    return ["on the server: create the user's home folder, owned by the user and readable for the FTP server"]
  }
  return null
}
