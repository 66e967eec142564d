import { asksForTls } from '../../facts/server-words.js'
import { clearLoginsOnServer, explicitTlsInClient } from '../../remedies/tls-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  commandEvidence,
  type CommandFact,
  commandFact,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** A login that was refused because it was in clear text. */
export interface TlsRequired extends Fact, Ends {
  kind: 'login-refused'
  command: CommandFact
  reply: ReplyFact
  /** The client had sent AUTH but did not get TLS. */
  askedForTls: boolean
  /** FEAT offers AUTH. */
  offered: boolean
}

export const tlsRequired = defineRule<TlsRequired>({
  id: 'tls-required',
  title: 'server requires TLS',
  severity: 'error',
  side: 'client',
  level: 'cause',
  spares: ['passive-rejected'],
  references: ['RFC 4217 §4.2, §10.1', 'RFC 2228 §3 (AUTH), §5.1 (534)'],
  samples: { reports: 'made/tls-required.pcap', silent: 'made/tls-required--silent.pcap' },
  needs: ['refusal'],

  *check(session, { replies, auth, authOffer }) {
    const { opaqueFrom, login } = session.dialogue
    // A client that then starts TLS has corrected itself, and one whose login is accepted did not need TLS.
    if (opaqueFrom || login === 'accepted') return
    const said = replies.find(({ exchange, reply }) => asksForTls(exchange, reply))
    if (!said) return
    yield {
      fact: {
        kind: 'login-refused',
        ...endsOf(session),
        command: commandFact(said.exchange),
        reply: replyFact(said.reply),
        askedForTls: auth !== null,
        offered: authOffer !== null,
      },
      confidence: 'high',
      evidence: [
        replyEvidence(said.reply),
        commandEvidence(said.exchange),
        ...(auth ? [commandEvidence(auth), ...auth.replies.map((reply) => replyEvidence(reply))] : []),
      ],
    }
  },

  texts: {
    message({ client, server, command, reply, askedForTls }) {
      const said = `"${replyWords(reply)}" in reply to ${command.command}`
      const refused = `${endpointWords(server)} refuses a login without TLS: ${said}`
      const asked = askedForTls ? 'requested TLS but did not get it' : 'did not request TLS'
      return `${refused}. The client ${client} ${asked}.`
    },
  },

  remedy: ({ offered }, context) => [
    explicitTlsInClient(context),
    `or, at the cost of password protection, ${clearLoginsOnServer(context)}`,
    ...(offered ? ['the server offers AUTH in its FEAT reply'] : []),
  ],
})
