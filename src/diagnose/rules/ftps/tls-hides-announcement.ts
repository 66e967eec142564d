import type { DataChannel, Session } from '../../../correlate/model.js'
import type { FindingId } from '../../catalogue.js'
import type { Connection } from '../../../tcp/connection.js'
import { isPublic } from '../../../wire/address-scope.js'
import { PRIVILEGED_PORTS } from '../../facts/active.js'
import { workingNeighbors, type WorkingPorts } from '../../facts/neighbors.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { likelyAnnouncements } from '../../facts/tls.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { alternatives } from '../../remedies/alternatives.js'
import {
  avoidPortRemedy,
  lostReturnOf,
  openRangeRemedy,
  passiveModeRemedy,
  returnPathRemedy,
} from '../../remedies/mode-remedies.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  announcementEvidence as decryptedEvidence,
  at,
  endpointText,
  type Evidence,
  icmpEvidence,
  resetEvidence,
  synEvidence,
  tryingTime,
} from '../../words/evidence.js'
import { byteCount, seconds } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'
import { neighborWords, portOf, triesWords } from '../data-port.js'
import { silenceWords } from '../../words/silence.js'

/** A client that waits this long after an announcement, and then asks for another or leaves, got no data connection. */
const PATIENCE_NS = 5e9
/** A data connection is opened right after the reply that named its port. */
const PROMPT_NS = 10e9
/** After the last announcement a client that gives up sends a QUIT at most. */
const RECORDS_OF_QUIT = 2

/** An attempt to open a data connection that failed. */
export interface FailedAttempt extends Fact {
  kind: 'refused' | 'unreachable' | 'silent' | 'half-open'
  mode: DataChannel['mode']
  /** Address and port of the data connection, as text. */
  target: string
  tries: number
  /** From the first SYN to the last. */
  spanNs: number
  /** Passive ports near this one that worked. */
  neighbors: WorkingPorts | null
  /** What protects the control connection (RFC 2228, RFC 4217). */
  protection: 'TLS' | 'GSSAPI'
}

/** The lengths of the records indicate that a port was announced, and no data connection was captured. */
export interface NoAttempt extends Fact {
  kind: 'no-attempt'
  /** Length of the reply that is assumed to be the announcement. */
  replyBytes: number
  /** From there to the end of the session. */
  waitedNs: number
}

export type HiddenAnnouncement = FailedAttempt | NoAttempt

export const tlsHidesAnnouncement = defineRule<HiddenAnnouncement>({
  id: 'tls-hides-announcement',
  title: 'firewall or NAT cannot read the announcement under TLS',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  proves: 'firewall',
  concernsDataSyn: true,
  references: ['RFC 4217 §5, §15.3 (CCC)', 'RFC 2428 §3', 'RFC 2577'],
  samples: { reports: 'made/tls-hides-announcement.pcap', silent: 'made/tls-hides-announcement--silent.pcap' },
  needs: ['tls'],
  *check(session, facts) {
    const { tls, decryption } = session.dialogue
    if ((!facts.hidden && !decryption) || tls?.established === false) return
    const failed = session.channels.flatMap((channel) => failedAttempt(facts, channel) ?? [])
    if (failed.length > 0) yield* failed
    else if (facts.hidden) yield* noAttempt(facts)
  },
  texts: {
    message(fact) {
      if (fact.kind === 'no-attempt') {
        const seen = 'Under TLS the server sent a reply as long as a 227 or 229'
        const wait = `no data connection was captured in the ${seconds(fact.waitedNs)} until the end`
        return `${seen}, and ${wait}: no firewall or NAT on the path can read the announced port.`
      }
      const initiator = fact.mode === 'passive' ? "client's" : "server's"
      const failed = `The ${initiator} data connection to ${fact.target} ${failureWords(fact)}.`
      if (fact.neighbors) return failed + neighborWords({ target: fact.target, neighbors: fact.neighbors })
      if (fact.kind === 'half-open') return `${failed} The port is open; its SYN,ACK is lost on the way back.`
      return `${failed} The control connection is under ${fact.protection}, so no firewall or NAT on the path could read that port.`
    },
  },
  remedy(fact, context) {
    if (fact.kind === 'no-attempt') return passiveRemedy(context)
    if (fact.neighbors) return avoidPortRemedy(context, portOf(fact.target))
    if (fact.kind === 'half-open') return returnPathRemedy(lostReturnOf(context, fact.mode), context)
    return fact.mode === 'passive' ? passiveRemedy(context) : activeModeRemedy(context)
  },
})

function failureWords(fact: Shown<FailedAttempt>): string {
  const { kind, tries, spanNs } = fact
  if (kind === 'refused') return 'was refused'
  if (kind === 'unreachable') return 'was answered with an ICMP error'
  const tried = `was attempted ${triesWords({ tries, spanNs })}`
  return kind === 'half-open' ? `${tried} and never established` : `${tried}; ${silenceWords(fact)}`
}

/** A connection that was opened for data, judging by its ports and its time. */
function isForData(
  { control, dialogue }: Session,
  { announcement, mode }: DataChannel,
  connection: Connection,
): boolean {
  // One that was decrypted: what it announces is known here, and was hidden on the path.
  if (announcement) return announcement.exchange.encrypted
  const { initiator, responder } = connection
  if (mode === 'active') {
    if (initiator.port !== control.responder.port - 1 && initiator.port < PRIVILEGED_PORTS) return false
    if (isDefaultPort(responder.port, control.initiator.port)) return false
  }
  if (responder.port < PRIVILEGED_PORTS) return false
  const records = dialogue.tls?.records ?? []
  return records.length === 0 || records.some(({ time }) => Math.abs(connection.first.time - time) < PROMPT_NS)
}

/**
 * The client's default data port (RFC 959 §3.2), which servers dial that accepted no PORT: that of its control
 * connection, with ProFTPD the one below it.
 */
const isDefaultPort = (dialled: number, control: number): boolean => dialled === control || dialled === control - 1

function failedAttempt(facts: SessionFacts, channel: DataChannel): Observation<FailedAttempt> | null {
  const { session, vantage } = facts
  const { connection, mode } = channel
  const failure = facts.failure(channel)
  if (!connection || !failure || !isForData(session, channel, connection)) return null
  const passive = mode === 'passive'
  const target = endpointText(connection.responder.address, connection.responder.port)
  const established = session.channels.filter(isEstablished)
  const later = established.some(({ id }) => id > channel.id)
  const [first, ...others] = synEvidence(connection)
  const answer: Evidence[] = [
    ...(failure.result === 'refused' ? [resetEvidence(failure.reset, connection.responder.address)] : []),
    ...(failure.result === 'unreachable' ? [icmpEvidence(failure.error)] : []),
  ]
  return {
    fact: {
      kind: failure.result,
      mode,
      target,
      tries: connection.synAttempts,
      spanNs: tryingTime(connection),
      neighbors: passive ? workingNeighbors(facts.portResults, connection.responder.port) : null,
      protection: session.dialogue.security === 'gssapi' ? 'GSSAPI' : 'TLS',
    },
    // What else is wrong with a decrypted announcement is known, and other findings say it.
    ...(later || isUnreachable(channel, session) ? { severity: 'warning' as const } : {}),
    side: passive ? (vantage.at === 'server' ? 'server' : 'server-network') : 'client-network',
    confidence: established.length > 0 ? 'medium' : 'high',
    evidence: [
      first ?? at(connection.first, `first packet to ${target}`),
      ...others,
      ...answer,
      ...announcementEvidence(session, channel, connection.first.time),
      at(session.dialogue.opaqueFrom!, 'control connection under TLS from here'),
    ],
    rivals: rivalsOf(channel),
    channel,
  }
}

/** An address that is not the listener's own, or a private one for a host outside. */
function isUnreachable({ announcement, mode }: DataChannel, { client, server }: Session): boolean {
  const [listener, initiator] = mode === 'passive' ? [server, client] : [client, server]
  const address = announcement?.address ?? null
  if (address === null) return false
  return address !== listener.address || (!isPublic(address) && isPublic(initiator.address))
}

function rivalsOf({ announcement, mode }: DataChannel): readonly FindingId[] {
  if (mode === 'passive') {
    return announcement ? ['passive-port-unanswered'] : ['passive-port-unanswered', 'passive-private-address']
  }
  return announcement ? ['active-port-unanswered'] : ['active-port-unanswered', 'active-private-address']
}

/** The announcement as decrypted, or the last record before a given time that is as long as one. */
function announcementEvidence(session: Session, { announcement, mode }: DataChannel, time: number): Evidence[] {
  if (announcement) return [decryptedEvidence(announcement, 'under TLS')]
  if (mode === 'active') return []
  const likely = likelyAnnouncements(session).findLast(({ answer }) => answer.time <= time)
  if (!likely || time - likely.answer.time >= PROMPT_NS) return []
  const what = likely.code === null ? 'record as long as a 227 or 229' : `${likely.code}, inferred from its length`
  return [at(likely.answer, `${what} (${byteCount(likely.length)})`)]
}

/** Only the control connection was captured: the lengths of its records indicate that a port was announced. */
function* noAttempt({ session, closing, filtered, vantage }: SessionFacts): Generator<Observation<NoAttempt>> {
  const likely = likelyAnnouncements(session)
  const [first, last] = [likely[0], likely.at(-1)]
  if (!first || !last || session.control.midstream) return
  const since = first.answer.time
  const after = session.dialogue.tls!.records.filter(({ time }) => time > last.answer.time)
  // A client that goes on working got its data.
  if (after.length > RECORDS_OF_QUIT) return
  // One to a third host may be what an inferred 227 names.
  const channels = [...session.channels, ...(session.inferred?.session.channels ?? [])]
  if (channels.some(({ connection }) => connection && connection.first.time >= since - PROMPT_NS)) return
  const end = closing ?? { ...session.control.last, time: session.judgedAt }
  const waitedNs = end.time - since
  if (waitedNs < PATIENCE_NS) return
  yield {
    fact: { kind: 'no-attempt', replyBytes: last.length, waitedNs },
    side: vantage.at === 'client' ? 'client' : 'server-network',
    confidence: filtered ? 'low' : 'medium',
    evidence: [
      at(last.answer, `reply of ${last.length} bytes to a command of 6 bytes: PASV or EPSV, judging by the lengths`),
      at(last.question, 'the command'),
      at(end, 'end of the session, without a data connection'),
    ],
    rivals: ['capture-filter-suspected', 'passive-not-attempted'],
  }
}

function activeModeRemedy(context: RemedyContext): string[] {
  const passive = passiveModeRemedy(context)
  return [
    ...alternatives(
      passive && `${passive}; under TLS no NAT or firewall in front of it can open the port for the server`,
      `in the client: a fixed port range for active mode, forwarded to ${context.session.client.address}`,
    ),
    rulesCommand('client'),
  ]
}

function passiveRemedy(context: RemedyContext): string[] {
  const { address } = context.session.server
  const [range, open] = openRangeRemedy(context)
  const announced = serverRemedy(context.serverSoftware, `announce ${address}`, (s) => s.passiveAddress?.(address))
  return [
    range!,
    open!,
    // A 227 cannot name an IPv6 address (RFC 2428 §1).
    ...(context.facts.overIpv6
      ? []
      : [
          `if a NAT is in front of the server, which can no longer translate the 227: ${announced}`,
          'or use EPSV, which announces no address',
        ]),
    'or use CCC after the login, if both sides allow it: announcements are then in clear text again (RFC 4217 §5)',
    rulesCommand('server'),
  ]
}
