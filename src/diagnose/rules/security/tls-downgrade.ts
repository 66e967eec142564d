import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, type Reply } from '../../../ftp/model.js'
import { requestsTls } from '../../../ftp/state/security.js'
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

/** The server refused AUTH, and the client sent its password nevertheless. */
export interface AuthRefused extends Fact {
  kind: 'auth-refused'
  reply: ReplyFact
}

/** The server offered AUTH, and the client did not ask for it. */
export interface OfferIgnored extends Fact {
  kind: 'offer-ignored'
  /** The label in the reply to FEAT. */
  feature: Quote
}

/** Under TLS: PROT C was accepted, the control connection left TLS, or data was captured in clear text. */
export interface GivenUp extends Fact {
  kind: 'prot-clear' | 'control-clear' | 'data-clear'
}

export type Downgrade = AuthRefused | OfferIgnored | GivenUp

export const tlsDowngrade = defineRule<Downgrade>({
  id: 'tls-downgrade',
  title: 'TLS protection is given up',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  references: ['RFC 4217 §5 (CCC), §6 (FEAT), §9, §15.3', 'RFC 2228 §3 (CCC, PROT)'],
  samples: { reports: 'made/tls-downgrade.pcap', silent: 'made/tls-downgrade--silent.pcap' },
  *check(_session, facts) {
    const clearLogin = loginWithoutTls(facts)
    if (clearLogin) yield clearLogin
    yield* givenUp(facts)
  },
  texts: {
    message(fact) {
      switch (fact.kind) {
        case 'auth-refused': {
          const refused = `The client requested TLS, got "${replyWords(fact.reply)}"`
          return `${refused}, and sent its password in clear text nevertheless.`
        }
        case 'offer-ignored':
          return `The server offered ${fact.feature} in its FEAT reply, but the client logged in without TLS.`
        case 'prot-clear':
          return 'The session is under TLS, but PROT C leaves its data connections in clear text.'
        case 'control-clear': {
          const exposed = 'commands, names and ports can again be read and modified on the path'
          return `The control connection returned from TLS to clear text (CCC) after the login: ${exposed}.`
        }
        case 'data-clear':
          return 'The control connection is under TLS, but a data connection is in clear text: PROT C, or no PROT.'
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
        'open a fixed passive range in the firewall, which makes CCC unnecessary (lftp: set ftp:ssl-use-ccc no)',
        rulesCommand('server'),
      ]
  }
}

/** AUTH was tried or offered, and the password was sent in clear text. */
function loginWithoutTls({
  session,
  authOffer,
  replies,
}: SessionFacts): Observation<AuthRefused | OfferIgnored> | null {
  const { exchanges, anonymous, security, clientHello } = session.dialogue
  if (security !== 'none' || clientHello || anonymous) return null
  const login = exchanges.find(({ command }) => command === 'PASS')
  if (!login) return null
  // Clients of Kerberos ask for GSSAPI by habit, and few servers have it: that alone gives up nothing.
  const auth = exchanges.findLast((each) => requestsTls(each) && each.frame < login.frame)
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

/** CCC, and PROT C under TLS: intended by both sides, and worth knowing. */
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
    // With PROT C decrypted, it is known why.
    if (!clear?.exchange.encrypted) yield* dataInClear(session)
    return
  }
  const first = exchanges.find(({ frame, encrypted }) => !encrypted && frame > opaqueFrom!.frame)
  if (first)
    yield {
      fact: { kind: 'control-clear' },
      severity: 'info',
      confidence: 'high',
      evidence: [first.command === null ? at(first, 'clear text again') : commandEvidence(first, 'clear text again')],
    }
}

/** Data in clear text although the control connection is under TLS, which hides whether there was a PROT. */
function* dataInClear({ channels, dialogue }: Session): Generator<Observation<GivenUp>> {
  const { opaqueFrom, security } = dialogue
  // Data under GSSAPI has a form of its own (RFC 2228 §6).
  if (!opaqueFrom || security === 'gssapi') return
  for (const channel of channels) {
    const { announcement, connection, head } = channel
    if (
      (announcement && !announcement.exchange.encrypted) ||
      !connection ||
      !head ||
      connection.first.time < opaqueFrom.time
    )
      continue
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
