import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, type Reply } from '../../../ftp/model.js'
import { PRIVILEGED_PORTS } from '../../facts/active.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import {
  explicitTlsInClient,
  loginsUnderTlsOnly,
  protectedDataInClient,
  protectedDataOnServer,
} from '../../remedies/tls-remedies.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  at,
  commandEvidence,
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

/** The server refused AUTH, and the client sent its password all the same. */
interface AuthRefused extends Fact {
  kind: 'auth-refused'
  reply: ReplyFact
}

/** The server offered AUTH, and the client did not ask for it. */
interface OfferIgnored extends Fact {
  kind: 'offer-ignored'
  /** The label in the reply to FEAT. */
  feature: Quote
}

/** Under TLS: PROT C was accepted, the control connection left TLS, or data was captured in clear text. */
interface GivenUp extends Fact {
  kind: 'prot-clear' | 'control-clear' | 'data-clear'
}

const SENT_ALL_THE_SAME = 'and sent the password in clear text all the same'
const DATA_IN_CLEAR = 'a data connection carries clear text'

type Downgrade = AuthRefused | OfferIgnored | GivenUp

export const tlsDowngrade = defineRule<Downgrade>({
  id: 'tls-downgrade',
  title: 'TLS protection is given up',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  references: ['RFC 4217 §2, §6, §9, §15', 'RFC 2228 §3 (CCC, PROT)'],
  samples: { reports: 'made/tls-downgrade.pcap', silent: 'made/tls-downgrade--silent.pcap' },
  *check(_session, facts) {
    const clearLogin = loginWithoutTls(facts)
    if (clearLogin) yield clearLogin
    yield* givenUp(facts)
  },
  texts: {
    message(fact) {
      switch (fact.kind) {
        case 'auth-refused':
          return `The client asked for TLS, got "${replyWords(fact.reply)}", ${SENT_ALL_THE_SAME}.`
        case 'offer-ignored':
          return `The server offered ${fact.feature} in its FEAT, and the client logged in in clear text.`
        case 'prot-clear':
          return 'The session is under TLS, and PROT C leaves its data connections in clear text.'
        case 'control-clear': {
          const exposed = 'commands, names and ports are readable and changeable on the way again'
          return `The control connection returned from TLS to clear text (CCC) behind the login: ${exposed}.`
        }
        case 'data-clear':
          return `The control connection is under TLS, and ${DATA_IN_CLEAR}: PROT C, or no PROT at all.`
      }
    },
  },
  remedy: ({ kind }, context) => remedyOf(kind, context),
})

function remedyOf(kind: Downgrade['kind'], context: RemedyContext): string[] {
  switch (kind) {
    case 'auth-refused':
    case 'offer-ignored':
      return [explicitTlsInClient(context), loginsUnderTlsOnly(context)]
    case 'prot-clear':
    case 'data-clear':
      return [protectedDataInClient(context), protectedDataOnServer(context)]
    case 'control-clear':
      return [
        'a fixed passive range that is open in the firewall makes CCC unnecessary (lftp: set ftp:ssl-use-ccc no)',
        rulesCommand('server'),
      ]
  }
}

/** AUTH was tried or offered, and the password followed in the clear. */
function loginWithoutTls({
  session,
  authOffer,
  replies,
}: SessionFacts): Observation<AuthRefused | OfferIgnored> | null {
  const { exchanges, anonymous, security, clientHello } = session.dialogue
  if (security !== 'none' || clientHello || anonymous) return null
  const login = exchanges.find(({ command }) => command === 'PASS')
  if (!login) return null
  const auth = exchanges.findLast(({ command, frame }) => command === 'AUTH' && frame < login.frame)
  const answer = auth ? finalReply(auth) : null
  if (auth && answer && answer.code >= 400)
    return {
      fact: { kind: 'auth-refused', reply: replyFact(answer) },
      confidence: 'high',
      evidence: [commandEvidence(login, 'in clear text'), commandEvidence(auth), replyEvidence(answer)],
    }
  const features = replies.find(({ exchange, reply }) => exchange.command === 'FEAT' && reply.code === 211)
  if (auth || authOffer === null || !features || features.exchange.frame > login.frame) return null
  return {
    fact: { kind: 'offer-ignored', feature: new Quote(authOffer) },
    severity: 'info',
    confidence: 'high',
    evidence: [commandEvidence(login, 'in clear text'), phraseEvidence(features.reply, 'FEAT offers ', authOffer)],
  }
}

/** CCC, and PROT C under TLS: accepted on purpose, and worth knowing. */
function* givenUp({ session }: SessionFacts): Generator<Observation<GivenUp>> {
  const { exchanges, security, clearAgain, opaqueFrom } = session.dialogue
  if (security === 'none') return
  const clear = accepted(exchanges, (each) => each.command === 'PROT' && each.argument?.trim().toUpperCase() === 'C')
  if (clear)
    yield {
      fact: { kind: 'prot-clear' },
      confidence: 'high',
      evidence: [commandEvidence(clear.exchange), replyEvidence(clear.reply)],
    }
  if (!clearAgain) {
    yield* dataInClear(session)
    return
  }
  const first = exchanges.find(({ frame }) => frame > opaqueFrom!.frame)
  if (first)
    yield {
      fact: { kind: 'control-clear' },
      severity: 'info',
      confidence: 'high',
      evidence: [first.command === null ? at(first, 'clear text again') : commandEvidence(first, 'clear text again')],
    }
}

/** Data in clear text although the control connection is under TLS, which hides whether there was a PROT. */
function* dataInClear({ channels, dialogue: { opaqueFrom } }: Session): Generator<Observation<GivenUp>> {
  if (!opaqueFrom) return
  for (const channel of channels) {
    const { announcement, connection, head } = channel
    if (announcement || !connection || !head || connection.first.time < opaqueFrom.time) continue
    const first = connection.flows[0].firstData ?? connection.flows[1].firstData
    if (!first || connection.responder.port < PRIVILEGED_PORTS) continue
    if (!head.content.includes('clear') || head.content.includes('tls')) continue
    yield {
      fact: { kind: 'data-clear' },
      confidence: 'medium',
      evidence: [at(first, 'payload in clear text'), at(opaqueFrom, 'control connection under TLS from here')],
      channel,
    }
    return
  }
}

function accepted(
  exchanges: readonly Exchange[],
  wanted: (exchange: Exchange) => boolean,
): { exchange: Exchange; reply: Reply } | null {
  for (const exchange of exchanges) {
    const reply = wanted(exchange) ? finalReply(exchange) : null
    if (reply && reply.code < 300) return { exchange, reply }
  }
  return null
}
