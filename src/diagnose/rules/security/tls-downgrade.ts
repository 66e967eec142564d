import { finalReply } from '../../../ftp/model.js'
import { defineRule, contextOf, type Evidence, type Observation } from '../../legacy.js'
import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { commandEvidence, replyEvidence, replyLine } from '../../words/evidence.js'
import {
  explicitTlsInClient,
  loginsUnderTlsOnly,
  protectedDataInClient,
  protectedDataOnServer,
} from '../../remedies/tls-remedies.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'

export const tlsDowngrade = defineRule({
  id: 'tls-downgrade',
  title: 'TLS protection is given up',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  remedy: ['Let the client require TLS instead of trying it; let the server refuse logins in clear text'],
  references: ['RFC 4217 §2, §6, §9, §15', 'RFC 2228 §3 (CCC, PROT)'],
  samples: { reports: 'made/tls-downgrade.pcap', silent: 'made/tls-downgrade--silent.pcap' },

  *check(session) {
    yield* authInVain(session)
    yield* laidOpen(session)
  },
})

/** AUTH was tried or offered, and USER followed in the clear. */
function* authInVain(session: Session): Generator<Observation> {
  const { exchanges, features, anonymous, security, clientHello } = session.dialogue
  if (security !== 'none' || clientHello || anonymous) return
  const login = exchanges.find(({ command }) => command === 'PASS')
  if (!login) return
  const auth = exchanges.findLast((e) => e.command === 'AUTH' && e.frame < login.frame)
  const answer = auth ? finalReply(auth) : null
  if (auth && answer && answer.code >= 400) {
    yield {
      confidence: 'high',
      message: `The client asked for TLS, got "${replyLine(answer)}", and sent the password in clear text all the same.`,
      evidence: [commandEvidence(login, 'in clear text'), commandEvidence(auth), replyEvidence(answer)],
      remedy: [explicitTlsInClient(contextOf(session)), loginsUnderTlsOnly(contextOf(session))],
    }
    return
  }
  const offer = features.find((feature) => /^AUTH\b/.test(feature))
  const feat = exchanges.find(({ command }) => command === 'FEAT')
  if (auth || offer === undefined || !feat || feat.frame > login.frame) return
  yield {
    severity: 'info',
    confidence: 'high',
    message: `The server offered ${offer} in its FEAT, and the client logged in in clear text.`,
    evidence: [commandEvidence(login, 'in clear text'), ...offerEvidence(feat, offer)],
    remedy: [explicitTlsInClient(contextOf(session)), loginsUnderTlsOnly(contextOf(session))],
  }
}

/** CCC, and PROT C under TLS: accepted on purpose, and worth knowing. */
function* laidOpen(session: Session): Generator<Observation> {
  const { dialogue } = session
  if (dialogue.security === 'none') return
  const clear = accepted(dialogue.exchanges, (e) => e.command === 'PROT' && e.argument?.trim().toUpperCase() === 'C')
  const back = dialogue.clearAgain
    ? (dialogue.exchanges.find((e) => e.frame > (dialogue.opaqueFrom?.frame ?? Infinity)) ?? null)
    : null
  if (clear) {
    yield {
      confidence: 'high',
      message: 'The session is under TLS, and PROT C leaves its data connections in clear text.',
      evidence: [commandEvidence(clear.exchange), replyEvidence(clear.reply)],
      remedy: [protectedDataInClient(contextOf(session)), protectedDataOnServer(contextOf(session))],
    }
  }
  if (back) {
    yield {
      severity: 'info',
      confidence: 'high',
      message:
        'The control connection returned from TLS to clear text (CCC) behind the login: commands, names and ports are readable and changeable on the way again.',
      evidence: [
        back.command === null
          ? { frame: back.frame, note: 'clear text again' }
          : commandEvidence(back, 'clear text again'),
      ],
      remedy: [
        'a fixed passive range that is open in the firewall makes CCC unnecessary (lftp: set ftp:ssl-use-ccc no)',
        rulesCommand('server'),
      ],
    }
  }
  yield* dataInClear(session)
}

/** Data in clear text although the control connection is under TLS, and nobody saw a PROT. */
function* dataInClear(session: Session): Generator<Observation> {
  if (session.dialogue.clearAgain) return
  const open = session.channels.find(
    ({ head: look, announcement }) =>
      announcement === null && look !== null && look.content.includes('clear') && !look.content.includes('tls'),
  )
  const connection = open?.connection
  const first = connection ? (connection.flows[0].firstData ?? connection.flows[1].firstData) : null
  if (!open || !first || open.to.port === null || open.to.port < 1024) return
  yield {
    confidence: 'medium',
    message:
      'The control connection is under TLS, and a data connection carries clear text: PROT C, or no PROT at all.',
    evidence: [
      { frame: first.frame, note: 'payload in clear text' },
      ...(session.dialogue.opaqueFrom
        ? [{ frame: session.dialogue.opaqueFrom.frame, note: 'control connection under TLS from here' }]
        : []),
    ],
    remedy: [protectedDataInClient(contextOf(session)), protectedDataOnServer(contextOf(session))],
    channel: open,
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

function offerEvidence(feat: Exchange, offer: string): Evidence[] {
  const reply = finalReply(feat)
  return reply ? [{ frame: reply.frame, note: `FEAT offers ${offer}` }] : []
}
