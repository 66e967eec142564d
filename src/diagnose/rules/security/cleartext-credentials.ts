import { finalReply } from '../../../ftp/model.js'
import { defineRule, contextOf, type Evidence } from '../../legacy.js'
import { clearLogins } from '../../facts/credentials.js'
import { commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'
import { explicitTlsInClient, loginsUnderTlsOnly } from '../../remedies/tls-remedies.js'

export const cleartextCredentials = defineRule({
  id: 'cleartext-credentials',
  title: 'password sent in clear text',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  remedy: ['Use TLS (AUTH TLS), and change the password'],
  references: ['RFC 2577 §5', 'RFC 4217 §1', 'RFC 1635 (anonymous FTP)'],
  samples: { reports: 'made/cleartext-credentials.pcap', silent: 'made/cleartext-credentials--silent.pcap' },

  *check(session) {
    const { dialogue, control } = session
    const logins = clearLogins(session)
    const login = logins.find(({ accepted }) => accepted) ?? logins[0]
    if (!login) return
    const { user, pass } = login
    const { anonymous } = dialogue
    const offers = dialogue.features.includes('AUTH')
    const reply = finalReply(pass)
    const server = endpointText(control.responder.address, control.responder.port)
    const name = user.argument ?? ''
    yield {
      severity: anonymous ? 'info' : 'warning',
      confidence: 'high',
      message: anonymous
        ? `${control.initiator.address} logged in to ${server} as "${name}" without TLS; what an anonymous user gives as password is no secret.`
        : `${control.initiator.address} sent the password of user "${name}" to ${server} in clear text${
            reply && reply.code < 300 ? ', and the server accepted it' : ''
          }.${offers ? ' The server offers TLS.' : ''}`,
      evidence: [
        commandEvidence(pass),
        commandEvidence(user),
        ...(reply ? ([replyEvidence(reply)] satisfies Evidence[]) : []),
      ],
      remedy: anonymous
        ? ['nothing, unless what is transferred is confidential']
        : [
            explicitTlsInClient(contextOf(session)),
            loginsUnderTlsOnly(contextOf(session)),
            `change the password of "${name}", which was readable on the way`,
          ],
    }
  },
})
