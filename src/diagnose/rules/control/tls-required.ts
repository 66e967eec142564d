import { defineRule, contextOf } from '../../legacy.js'
import { repliesOf } from '../../legacy.js'
import { commandEvidence, endpointText, replyEvidence, replyLine } from '../../words/evidence.js'
import { clearLoginsOnServer, explicitTlsInClient } from '../../remedies/tls-remedies.js'
import { asksForTls } from '../../facts/server-words.js'

export const tlsRequired = defineRule({
  id: 'tls-required',
  title: 'server requires TLS',
  severity: 'error',
  side: 'client',
  level: 'cause',
  spares: ['passive-rejected'],
  remedy: ['Switch explicit TLS (AUTH TLS) on in the client'],
  references: ['RFC 4217 §4, §12', 'RFC 2228 §3 (AUTH), §5.1 (534)'],
  samples: { reports: 'made/tls-required.pcap', silent: 'made/tls-required--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const { dialogue, control } = session
    // A client that then asks for TLS has understood, and one that gets in all the same was not required to.
    if (dialogue.opaqueFrom || dialogue.login === 'accepted') return
    const said = [...repliesOf(session)].find(({ exchange, reply }) => asksForTls(exchange, reply))
    if (!said) return
    const offers = dialogue.features.includes('AUTH')
    const tried = dialogue.exchanges.find((exchange) => exchange.command === 'AUTH')
    yield {
      confidence: 'high',
      message: `${endpointText(control.responder.address, control.responder.port)} refuses a login without TLS: "${replyLine(said.reply)}" to ${said.exchange.command!}. The client ${control.initiator.address} ${
        tried ? 'asked for TLS and did not get it' : 'did not ask for TLS'
      }.`,
      evidence: [
        replyEvidence(said.reply),
        commandEvidence(said.exchange),
        ...(tried ? [commandEvidence(tried), ...tried.replies.map((reply) => replyEvidence(reply))] : []),
      ],
      remedy: [
        explicitTlsInClient(contextOf(session)),
        `or, giving up the protection of passwords, ${clearLoginsOnServer(contextOf(session))}`,
        ...(offers ? ['the server offers AUTH in its FEAT reply'] : []),
      ],
    }
  },
})
