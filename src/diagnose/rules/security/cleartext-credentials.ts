import { finalReply } from '../../../ftp/model.js'
import type { Endpoint } from '../../../tcp/connection.js'
import { clearLogins, isAnonymous } from '../../facts/credentials.js'
import { explicitTlsInClient, loginsUnderTlsOnly } from '../../remedies/tls-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { commandEvidence, endpointText, replyEvidence } from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

/** A login that was captured in clear text. */
export interface ClearTextLogin extends Fact {
  /** The password of an anonymous user is not a secret (RFC 1635). */
  kind: 'password' | 'anonymous'
  /** Address of the client. */
  client: string
  server: Endpoint
  user: Quote
  /** The server accepted the password. */
  accepted: boolean
  /** FEAT lists AUTH. */
  tlsOffered: boolean
}

export const cleartextCredentials = defineRule<ClearTextLogin>({
  id: 'cleartext-credentials',
  title: 'password sent in clear text',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  references: ['RFC 2577 §5', 'RFC 4217 §15.2.3', 'RFC 1635 (anonymous FTP)'],
  samples: { reports: 'made/cleartext-credentials.pcap', silent: 'made/cleartext-credentials--silent.pcap' },
  *check(session, facts) {
    const logins = clearLogins(session)
    const named = logins.filter(({ user }) => !isAnonymous(user))
    const anonymous = named.length === 0
    const candidates = anonymous ? logins : named
    const login = candidates.find(({ accepted }) => accepted) ?? candidates[0]
    if (!login) return
    const { user, pass } = login
    const reply = finalReply(pass)
    yield {
      fact: {
        kind: anonymous ? 'anonymous' : 'password',
        client: session.client.address,
        server: session.server,
        user: new Quote(user.argument ?? ''),
        accepted: login.accepted === true,
        tlsOffered: facts.authOffer !== null,
      },
      severity: anonymous ? 'info' : 'warning',
      confidence: 'high',
      evidence: [commandEvidence(pass), commandEvidence(user), ...(reply ? [replyEvidence(reply)] : [])],
    }
  },
  texts: {
    message({ kind, client, server: { address, port }, user, accepted, tlsOffered }) {
      const server = endpointText(address, port)
      if (kind === 'anonymous') {
        const login = `${client} logged in to ${server} as "${user}" without TLS`
        return `${login}; the password of an anonymous user is not a secret.`
      }
      const sent = `${client} sent the password of user "${user}" to ${server} in clear text`
      return `${sent}${accepted ? ', and the server accepted it' : ''}.${tlsOffered ? ' The server offers TLS.' : ''}`
    },
  },
  remedy: ({ kind, user }, context) =>
    kind === 'anonymous'
      ? ['no change needed unless the transferred files are confidential']
      : [
          explicitTlsInClient(context),
          loginsUnderTlsOnly(context),
          `change the password of "${user}", which was readable on the path`,
        ],
})
