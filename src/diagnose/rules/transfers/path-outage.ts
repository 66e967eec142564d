import { FROM_CLIENT, FROM_SERVER } from '../../../ftp/model.js'
import type { Sighting } from '../../../tcp/connection.js'
import { retransmittedAfter } from '../../facts/control.js'
import { controlFlowOf, type Payload, type Role } from '../../facts/payload.js'
import type { PathFacts } from '../../facts/path-facts.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { type SilentPath, silentPath, type Vain } from '../../facts/silent-path.js'
import { hasMissed } from '../../places/whereabouts.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, type CommandFact, commandEvidence, commandFact, commandWords } from '../../words/evidence.js'
import { amount, seconds, times } from '../../words/quantities.js'

export interface Outage extends Fact {
  kind: 'both-connections'
  /** The host from which nothing more was captured, its role, and the one that kept sending. */
  silent: string
  role: Role
  other: string
  command: CommandFact
  /** Bytes transferred. */
  bytes: number
  /** Packets sent to it on both connections since, and how long nothing answered them. */
  retransmissions: number
  silenceNs: number
}

/** Two captures show that nothing passed between them any more. */
export interface Cut extends Fact {
  kind: 'cut'
  /** The captures before and after the place, from the client's side on. */
  from: string
  to: string
  /** Packets that each host sent in vain, and from the first to the last of all, by the longer of both times. */
  client: number
  server: number
  silenceNs: number
}

/** One capture shows that a host's packets were lost between them, and nothing answered what was sent later. */
export interface CutOff extends Fact {
  kind: 'cut-off'
  from: string
  to: string
  /** Whose packets were lost, and how many; who sent those that nothing answered, and how many. */
  lostOf: Role
  lost: number
  unansweredOf: Role | 'both'
  unanswered: number
  /** From the first to the last, by the clock that shows the longer time. */
  silenceNs: number
}

/** Retransmissions on the control connection, at least; on the data connection one more sign is enough. */
const REPETITIONS = 2
const SILENCE_NS = 5e9
/** After this much silence an idle timer may have expired: then the control connection alone proves nothing. */
const TIMER_NS = 60e9

export const pathOutage = defineRule<Outage | Cut | CutOff>({
  id: 'path-outage',
  title: 'path or host failed during the transfer',
  severity: 'error',
  side: 'path',
  level: 'cause',
  tellsWhere: ({ kind }) => kind !== 'both-connections',
  explains: ['capture-ends-inside', 'command-unanswered', 'control-idle-dropped', 'packet-loss', 'transfer-stalled'],
  references: ['RFC 9293 §3.8.3 (user timeout)', 'RFC 1122 §4.2.3.5 (R2)'],
  samples: { reports: 'made/path-outage.pcap', silent: 'made/path-outage--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    const cut = facts.path && cutBetween(facts.path)
    if (cut) yield cut
    if (cut || facts.unseen !== null || session.control.midstream) return
    for (const payload of facts.payloads) {
      if (payload.transfer.outcome !== 'unknown' || payload.taker.packets === 0) continue
      for (const role of ['server', 'client'] as const) yield* outage(facts, payload, role)
    }
  },

  texts: {
    message(fact) {
      if (fact.kind === 'cut') {
        const { from, to, client, server, silenceNs } = fact
        return (
          `Between ${from} and ${to} nothing passed any more, in either direction, on the data and on the control ` +
          `connection: ${client} packets of the client and ${server} of the server were lost in ${seconds(silenceNs)}.`
        )
      }
      if (fact.kind === 'cut-off') {
        const { from, to, lostOf, lost, unansweredOf, unanswered, silenceNs } = fact
        const later = unansweredOf === 'both' ? 'of both hosts' : `of the ${unansweredOf}`
        return (
          `Between ${from} and ${to} nothing passed any more, on the data or on the control connection: ${lost} packets ` +
          `of the ${lostOf} were lost, and nothing answered ${unanswered} ${later}, for ${seconds(silenceNs)}.`
        )
      }
      const { silent, role, other, command, bytes, retransmissions, silenceNs } = fact
      const during = `During "${commandWords(command)}", after ${amount(bytes)}`
      const both = `nothing more came from ${silent} (the FTP ${role}) on the data and on the control connection`
      const tried = `${other} retransmitted ${times(retransmissions)} in ${seconds(silenceNs)} without an answer`
      const together = 'Both fell silent at once: the path or the host failed, not an idle timer.'
      return `${during}, ${both}; ${tried}. ${together}`
    },
  },
  remedy(fact) {
    const isJoined = fact.kind !== 'both-connections'
    const where = isJoined ? `${fact.from} and ${fact.to}` : `${fact.other} and ${fact.silent}`
    const crashed = isJoined ? '' : `, and on ${fact.silent} for a crash, a reboot or suspend`
    return [
      `between ${where}: look for a link, Wi-Fi, VPN or router that failed at that time${crashed}`,
      'then resume the transfer with REST if the server allows it',
    ]
  },
})

/** Nothing passed a stretch of the path any more. */
function cutBetween(path: PathFacts): Observation<Cut | CutOff> | null {
  const found = silentPath(path)
  if (!found || found.quietNs > TIMER_NS || found.silenceNs < SILENCE_NS) return null
  const { slot, between, client, server } = found
  if (between.some((_, end) => hasMissed(path, slot + end))) return null
  const lost = [...client, ...server].filter((each) => each.lost)
  return new Set(lost.map(({ role }) => role)).size === 2 ? inBothDirections(found) : inOneDirection(found, lost)
}

/** Packets of both hosts entered it, and none left it. */
function inBothDirections({ between: [from, to], client, server, silenceNs }: SilentPath): Observation<Cut> {
  return {
    fact: { kind: 'cut', from, to, client: client.length, server: server.length, silenceNs },
    confidence: 'high',
    evidence: [
      at(client[0]!, "the first of the client's packets that were lost"),
      at(server[0]!, "the first of the server's packets that were lost"),
      ...[client, server].flatMap((vain) => (vain.length > 1 ? [at(vain.at(-1)!, 'the last one')] : [])),
    ],
  }
}

/** What one host sent was lost, and nothing answered what was sent after that. */
function inOneDirection(found: SilentPath, lost: readonly Vain[]): Observation<CutOff> {
  const { between, silenceNs } = found
  const [from, to] = between
  const lostOf = lost[0]!.role
  const unanswered = [...found.client, ...found.server].filter((each) => !each.lost)
  const roles = new Set(unanswered.map(({ role }) => role))
  const [other] = unanswered
  return {
    fact: {
      kind: 'cut-off',
      from,
      to,
      lostOf,
      lost: lost.length,
      unansweredOf: roles.size > 1 || !other ? 'both' : other.role,
      unanswered: unanswered.length,
      silenceNs,
    },
    confidence: 'high',
    evidence: [
      at(lost[0]!, `the first of the ${lostOf}'s packets that were lost`),
      ...[true, false].flatMap((isControl) => {
        const first = unanswered.find((each) => each.isControl === isControl)
        return first ? [at(first, `answered by nothing, on the ${isControl ? 'control' : 'data'} connection`)] : []
      }),
      ...(lost.length > 1 ? [at(lost.at(-1)!, 'the last one that was lost')] : []),
    ],
  }
}

/** Nothing came from one host on either connection although the other one kept sending on both, or on one. */
function* outage(facts: SessionFacts, payload: Payload, role: Role): Generator<Observation<Outage>> {
  const { session } = facts
  const { control } = session
  const { channel, connection, flow, taker, sender, from, to, bytes, transfer } = payload
  const own = role === sender ? flow : taker
  const others = role === sender ? taker : flow
  if (own.fin || own.packets === 0 || connection.resetCount > 0) return
  const since = Math.max(own.lastTime, controlFlowOf(session, role).lastTime)
  const direction = role === 'server' ? FROM_CLIENT : FROM_SERVER
  const onControl = retransmittedAfter(control, direction, since)
  const onData = others.retransmitted.filter(({ time }) => time > since)
  const last = [...onControl, ...onData].reduce<Sighting | null>(
    (latest, each) => (latest && latest.time >= each.time ? latest : each),
    null,
  )
  if (!last || onControl.length < REPETITIONS) return
  const silenceNs = last.time - since
  // A data connection that had been silent for long may have lost its state in the same middlebox.
  const prompt = onData[0]?.time ?? onControl[0]!.time
  if (silenceNs < SILENCE_NS || prompt - since > TIMER_NS || since - own.lastTime > TIMER_NS) return
  const { exchange } = transfer.command
  const ends = role === sender ? { silent: from, other: to } : { silent: to, other: from }
  yield {
    fact: {
      kind: 'both-connections',
      ...ends,
      role,
      command: commandFact(exchange),
      bytes,
      retransmissions: onControl.length + onData.length,
      silenceNs,
    },
    confidence: onData.length > 0 ? 'high' : 'medium',
    evidence: [
      at(onControl[0]!, 'retransmission on the control connection, not acknowledged'),
      ...onData.slice(0, 1).map((each) => at(each, 'retransmission on the data connection, not acknowledged')),
      at(last, `the last one, after ${seconds(silenceNs)} of silence`),
      at(flow.lastData ?? connection.established ?? connection.first, 'last new bytes of the transfer'),
      commandEvidence(exchange),
    ],
    rivals: onData.length > 0 ? [] : ['control-idle-dropped'],
    channel,
  }
}
