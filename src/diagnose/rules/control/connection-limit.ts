import { defineRule, repliesOf, type Evidence, type Observation } from '../../legacy.js'
import { times } from '../../words/quantities.js'
import type { Session, SessionOfSameHosts } from '../../../correlate/model.js'
import { isOpened, parallelSessions } from '../../facts/control.js'
import {
  commandEvidence,
  endpointText,
  replyEvidence,
  replyLine,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { saysTooMany } from '../../facts/server-words.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** So many connections at the same time make a limit likelier than a server that stopped. */
const PARALLEL = 2

export const connectionLimit = defineRule({
  id: 'connection-limit',
  title: 'too many connections',
  severity: 'error',
  side: 'server',
  level: 'cause',
  remedy: ['Open fewer connections at the same time, or raise the limit'],
  references: ['RFC 959 §4.2.2 (421, 530)'],
  samples: { reports: 'made/connection-limit.pcap', silent: 'made/connection-limit--silent.pcap' },

  *check(session) {
    const said = [...repliesOf(session)].find(({ reply }) => saysTooMany(reply))
    if (!said) {
      yield* turnedAway(session)
      return
    }
    // A user who gets in at the second attempt was not kept out.
    if (session.dialogue.login === 'accepted' && said.reply.code !== 421) return
    const parallel = parallelSessions(session)
    yield {
      confidence: 'high',
      message: `${target(session)} turned ${session.client.address} away: "${replyLine(said.reply)}".${
        parallel.length > 0
          ? ` The client had ${parallel.length} other control connections open to it at that time.`
          : ''
      }`,
      evidence: [
        replyEvidence(said.reply),
        ...(said.exchange.command === null ? [] : [commandEvidence(said.exchange)]),
        ...siblingEvidence(parallel),
      ],
      remedy: remedies(session),
    }
  },
})

/** No word of the server: the SYN of one connection more than before got no answer, or a RST. */
function* turnedAway(session: Session): Generator<Observation> {
  const { control } = session
  const parallel = parallelSessions(session)
  if (isOpened(control) || control.synAckAttempts > 0 || parallel.length < PARALLEL) return
  if (control.icmpErrors.some((error) => error.quotesSyn)) return
  const reset = control.resets.find((r) => r.answersSyn)
  if (!reset && (control.synAttempts < 2 || control.flows[1].packets > 0)) return
  const [first, ...rest] = synEvidence(control) as [Evidence, ...Evidence[]]
  yield {
    side: 'server-network',
    confidence: 'medium',
    message: `${control.initiator.address} had ${parallel.length} control connections open to ${target(session)}; the SYN of the next one ${
      reset ? 'was refused with RST' : `got no answer (sent ${times(control.synAttempts)})`
    }: a firewall or the server admits ${parallel.length} at the same time.`,
    evidence: [
      first,
      ...rest,
      ...(reset ? [resetEvidence(reset, control.responder.address)] : []),
      ...siblingEvidence(parallel),
    ],
    remedy: [
      ...remedies(session),
      'or in a firewall before it: a limit per source address (iptables connlimit, nftables ct count, a limit of embryonic connections)',
    ],
    rivals: [reset ? 'control-refused' : 'control-unanswered'],
  }
}

function target(session: Session): string {
  return endpointText(session.server.address, session.server.port)
}

function siblingEvidence(siblings: readonly SessionOfSameHosts[]): Evidence[] {
  return siblings.slice(0, 5).map((sibling) => ({
    frame: sibling.firstFrame,
    note: `the one from port ${sibling.clientPort}, open at that time`,
  }))
}

function remedies(session: Session): string[] {
  return [
    'in the client: fewer connections at the same time (lftp: set net:connection-limit 2; FileZilla: site manager, limit number of simultaneous connections; curl: --parallel-max)',
    `or ${serverRemedy(session.dialogue.serverSoftware, 'a higher limit', (s) => s.limits)}`,
  ]
}
