import { openRangeRemedy, passiveModeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf, type Evidence, type Observation } from '../../legacy.js'
import { vantageOf } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { icmpEvidence, at, endpointText, resetEvidence, synEvidence, tryingTime } from '../../words/evidence.js'
import { closingOf } from '../../facts/control.js'
import { hasFailed, isEstablished } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { isHidden, likelyAnnouncements } from '../../facts/tls.js'

/** A client that waits so long behind an announcement, and then asks for another or leaves, got no data connection. */
const PATIENCE_NS = 5e9
/** A data connection is dialled right behind the answer that named its port. */
const PROMPT_NS = 10e9

export const tlsHidesAnnouncement = defineRule({
  id: 'tls-hides-announcement',
  title: 'firewall or NAT cannot read the announcement under TLS',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  proves: 'firewall',
  concernsDataSyn: true,
  remedy: [
    'A fixed passive range on the server, opened and forwarded in every firewall and NAT before it; the outside address announced; passive mode (EPSV) in the client',
  ],
  references: ['RFC 4217 §2, §15.4', 'RFC 2428 §3', 'RFC 2577'],
  samples: { reports: 'made/tls-hides-announcement.pcap', silent: 'made/tls-hides-announcement--silent.pcap' },
  needs: ['tls'],

  *check(session) {
    if (!isHidden(session) || session.dialogue.tls?.established === false) return
    const failed = session.channels.filter((channel) => isHiddenAttempt(session, channel) && hasFailed(channel))
    for (const channel of failed) yield failedAttempt(session, channel)
    if (failed.length === 0) yield* noAttempt(session)
  },
})

/** A connection that was dialled for data, as far as its ports and its moment tell. */
function isHiddenAttempt(session: Session, { announcement, connection, mode }: DataChannel): boolean {
  const { control, dialogue } = session
  if (announcement || !connection) return false
  if (mode === 'active' && connection.initiator.port !== control.responder.port - 1 && connection.initiator.port < 1024)
    return false
  if (connection.responder.port < 1024) return false
  const records = dialogue.tls?.records ?? []
  return records.length === 0 || records.some(({ time }) => Math.abs(connection.first.time - time) < PROMPT_NS)
}

function failedAttempt(session: Session, channel: DataChannel): Observation {
  const connection = channel.connection!
  const { control, dialogue } = session
  const passive = channel.mode === 'passive'
  const target = endpointText(connection.responder.address, connection.responder.port)
  const later = session.channels.some((other) => other.id > channel.id && isEstablished(other))
  const reset = connection.resets.find((r) => r.answersSyn)
  const icmp = connection.icmpErrors[0]
  const answer = likelyAnnouncements(session).findLast(({ answer: record }) => record.time <= connection.first.time)
  const named = answer && connection.first.time - answer.answer.time < PROMPT_NS ? answer : null
  const what = reset
    ? 'was refused'
    : icmp
      ? 'was answered by an ICMP error'
      : `was tried ${connection.synAttempts} times in ${seconds(tryingTime(connection))} and not answered`
  const [first, ...others] = synEvidence(connection)
  const evidence: Evidence[] = [
    ...others,
    ...(reset ? [resetEvidence(reset, connection.responder.address)] : []),
    ...(icmp ? [icmpEvidence(icmp)] : []),
    ...(named && passive ? [at(named.answer, `record as long as a 227 or 229 (${named.length} bytes)`)] : []),
    ...(dialogue.opaqueFrom ? [at(dialogue.opaqueFrom, 'control connection under TLS from here')] : []),
  ]
  return {
    ...(later ? { severity: 'warning' as const } : {}),
    side: passive ? (vantageOf(session).at === 'server' ? 'server' : 'server-network') : 'client-network',
    confidence: session.channels.some((other) => isEstablished(other)) ? 'medium' : 'high',
    message: `The ${passive ? "client's" : "server's"} data connection to ${target} ${what}. The control connection is under TLS, so no firewall or NAT on the way could read that port from it.`,
    evidence: [first ?? at(connection.first, `first packet to ${target}`), ...evidence],
    remedy: passive
      ? passiveRemedy(session)
      : [
          `${passiveModeRemedy(contextOf(session))}; under TLS no NAT or firewall before it can admit the server`,
          `or a fixed range of ports for active mode in the client, forwarded to ${control.initiator.address}`,
          rulesCommand('client'),
        ],
    rivals: passive
      ? ['passive-port-unanswered', 'passive-private-address']
      : ['active-port-unanswered', 'active-private-address'],
    channel,
  }
}

/** Only the control connection is there: the lengths of its records say that a port was announced, and nobody came. */
function* noAttempt(session: Session): Generator<Observation> {
  const last = likelyAnnouncements(session).at(-1)
  if (!last || session.control.midstream) return
  const first = likelyAnnouncements(session)[0]!
  const since = first.answer.time
  const records = session.dialogue.tls?.records ?? []
  const after = records.filter(({ time }) => time > last.answer.time)
  // Whoever goes on working has what it wanted.
  if (
    after.length > 2 ||
    session.channels.some(({ connection }) => connection && connection.first.time >= since - PROMPT_NS)
  )
    return
  const end = closingOf(session.control) ?? { ...session.control.last, time: session.judgedAt }
  const waited = end.time - since
  if (waited < PATIENCE_NS) return
  const filtered = !session.surroundings.otherTraffic
  yield {
    side: vantageOf(session).at === 'client' ? 'client' : 'server-network',
    confidence: filtered ? 'low' : 'medium',
    message: `Under TLS the server gave an answer as long as a 227 or 229, and in the ${seconds(waited)} until the end no data connection to it was captured: no firewall or NAT on the way can read the port that it named.`,
    evidence: [
      at(last.answer, `reply of ${last.length} bytes to a command of 6: PASV or EPSV, by their lengths`),
      at(last.question, 'the command'),
      at(end, 'end of the session, without a data connection'),
    ],
    remedy: passiveRemedy(session),
    rivals: ['capture-filter-suspected', 'passive-not-attempted'],
  }
}

function passiveRemedy(session: Session): string[] {
  const { responder: server } = session.control
  const [range, open] = openRangeRemedy(contextOf(session))
  return [
    range!,
    open!,
    `where a NAT stands before the server, which cannot translate the 227 any more: ${serverRemedy(session.dialogue.serverSoftware, `${server.address} announced`, (s) => s.passiveAddress?.(server.address))}; or EPSV, which names no address`,
    'or CCC behind the login, where both sides allow it: the announcements are in clear text again (RFC 4217 §6)',
    rulesCommand('server'),
  ]
}
