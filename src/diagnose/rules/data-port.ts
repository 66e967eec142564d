import { isOfOtherHop } from '../facts/reset-origin.js'
/**
 * What the corresponding rules for passive and active mode share: a data port that does not answer, refuses, or is
 * unreachable. The rules of each pair differ in the hosts that they name and in their remedies.
 */
import type { Mode } from '../../ftp/model.js'
import type { Connection } from '../../tcp/connection.js'
import type { Attempt } from '../facts/attempt.js'
import { inspectedPort } from '../facts/inspected-ports.js'
import { workingNeighbors, type WorkingPorts } from '../facts/neighbors.js'
import type { SessionFacts } from '../facts/session-facts.js'
import type { OlderTimestamp } from '../facts/timestamp-order.js'
import { timestampEvidence } from '../remedies/timestamp-remedies.js'
import type { Fact, Observation, Side } from '../rule.js'
import {
  announcementEvidence,
  endpointText,
  icmpEvidence,
  icmpCause,
  icmpText,
  replyEvidence,
  resetEvidence,
  synEvidence,
  type Evidence,
} from '../words/evidence.js'
import { type OpeningTimer, openingTimer } from './opening-timer.js'
import { seconds, times } from '../words/quantities.js'

/** SYNs to the announced port for which no answer was captured, or whose answer was never acknowledged. */
export interface SilentPort extends Fact {
  kind: 'silent' | 'half-open'
  /** Address and port that were announced, as text. */
  target: string
  tries: number
  /** From the first SYN to the last. */
  spanNs: number
  /** SYN,ACKs that were captured. */
  synAcks: number
  /** Captured at the host that should have answered. */
  atListener: boolean
  /** Captured at the host that sent the SYNs. */
  atInitiator: boolean
  /** Passive ports near this one that worked. */
  neighbors: WorkingPorts | null
  /** The server answered SYNs from the same address whose TCP timestamp is newer; `null` if that explains nothing. */
  timestamps: OlderTimestamp | null
  /** The timer of the server that ended its wait for the connection; `null` if none is known to fit. */
  timer: OpeningTimer | null
}

export function* silentPorts(facts: SessionFacts, mode: Mode): Generator<Observation<SilentPort>> {
  for (const attempt of facts.attempts(mode)) {
    const { failure, listener, tries, span } = attempt
    if ((failure.result !== 'silent' && failure.result !== 'half-open') || attempt.hasty) continue
    const atListener = facts.vantage.at === listener
    const serverSilent = mode === 'passive' && failure.result === 'silent'
    const timestamps = serverSilent ? facts.olderTimestamp(attempt.connection) : null
    yield {
      fact: {
        kind: failure.result,
        target: targetOf(attempt),
        tries,
        spanNs: span,
        synAcks: failure.result === 'half-open' ? failure.synAcks : 0,
        atListener,
        atInitiator: facts.vantage.at === (listener === 'server' ? 'client' : 'server'),
        neighbors: neighborsOf(facts, attempt),
        timestamps,
        timer: openingTimer(facts, { ...attempt, transfer: attempt.channel.transfer }),
      },
      side: atListener || timestamps ? listener : failure.result === 'half-open' ? 'path' : networkOf(listener),
      confidence: tries > 1 && !timestamps ? 'high' : 'medium',
      evidence: evidenceOf(attempt, [
        ...synEvidence(attempt.connection),
        ...(timestamps ? timestampEvidence(timestamps) : []),
      ]),
      channel: attempt.channel,
    }
  }
}

/** A RST in answer to the SYN. */
export interface RefusedPort extends Fact {
  kind: 'refused'
  target: string
  /** TTL of the RST, and of the other packets with its source address; `null` where none was captured. */
  ttl: number
  usualTtl: number | null
  /** Another host sent it: the TTLs differ. */
  foreign: boolean
  /** The listening host sent it: captured there, or the TTLs are equal. */
  byListener: boolean
  /** Passive ports near this one that worked. */
  neighbors: WorkingPorts | null
}

export function* refusedPorts(facts: SessionFacts, mode: Mode): Generator<Observation<RefusedPort>> {
  for (const attempt of facts.attempts(mode)) {
    const { connection, failure, listener } = attempt
    if (failure.result !== 'refused') continue
    const { reset, origin } = failure
    yield {
      fact: {
        kind: 'refused',
        target: targetOf(attempt),
        ttl: reset.hopLimit,
        usualTtl: origin.usual,
        foreign: origin.foreign,
        byListener: !origin.foreign && origin.usual !== null,
        neighbors: neighborsOf(facts, attempt),
      },
      side: origin.foreign ? networkOf(listener) : listener,
      confidence: 'high',
      evidence: evidenceOf(attempt, [...firstSyn(connection), resetEvidence(reset, connection.responder.address)]),
      channel: attempt.channel,
    }
  }
}

/** An ICMP error in answer to the SYN. */
export interface UnreachablePort extends Fact {
  kind: 'filter' | 'route' | 'loop' | 'other'
  target: string
  /** The host that could not be reached. */
  address: string
  /** Sender of the ICMP error. */
  icmpFrom: string
  /** Its meaning: "host administratively prohibited". */
  icmp: string
  /** Passive ports near this one that worked. */
  neighbors: WorkingPorts | null
}

export function* unreachablePorts(facts: SessionFacts, mode: Mode): Generator<Observation<UnreachablePort>> {
  for (const attempt of facts.attempts(mode)) {
    const { connection, failure, listener } = attempt
    if (failure.result !== 'unreachable') continue
    const { error } = failure
    const kind = icmpCause(error)
    yield {
      fact: {
        kind,
        target: targetOf(attempt),
        address: connection.responder.address,
        icmpFrom: error.from,
        icmp: icmpText(error),
        neighbors: neighborsOf(facts, attempt),
      },
      side: kind === 'filter' ? networkOf(listener) : 'path',
      confidence: 'high',
      evidence: evidenceOf(attempt, [...firstSyn(connection), icmpEvidence(error)]),
      channel: attempt.channel,
    }
  }
}

/** Ports that worked beside one that failed, as a sentence with a space before it; empty if there are none. */
export function neighborWords({ target, neighbors }: { target: string; neighbors: WorkingPorts | null }): string {
  if (!neighbors) return ''
  const port = portOf(target)
  const { count, low, high } = neighbors
  const ports =
    count === 1
      ? `Passive port ${low} of the same server works`
      : `${count} other passive ports of the same server, between ${low} and ${high}, work`
  const inspected = inspectedPort(port)
  const known = `; ${port} is a port of ${inspected?.protocol}, which devices on the path treat specially`
  return ` ${ports}${inspected ? known : ''}.`
}

/** The port at the end of an endpoint as text. */
export function portOf(target: string): number {
  return Number(target.slice(target.lastIndexOf(':') + 1))
}

function neighborsOf(facts: SessionFacts, { listener, connection }: Attempt): WorkingPorts | null {
  return listener === 'server' ? workingNeighbors(facts.portResults, connection.responder.port) : null
}

/** Where the SYN,ACK of a port that is open was lost, as a sentence. */
export function lostReturnWords({ atInitiator }: SilentPort, from: 'client' | 'server'): string {
  const to = from === 'client' ? 'server' : 'client'
  return atInitiator
    ? `The port is open, and the SYN,ACK reached the ${to}'s side: the ${to} host or its own firewall dropped it.`
    : `The port is open; packets from the ${from} to the ${to} are lost on the way back.`
}

/** How often SYNs were sent, and for how long: `3 times in 7.0 s`. */
export function triesWords({ tries, spanNs }: { tries: number; spanNs: number }): string {
  return tries > 1 ? `${times(tries)} in ${seconds(spanNs)}` : times(tries)
}

/** What the TTL of the RST shows about its sender, as a sentence. */
export function resetSenderWords(
  { ttl, usualTtl, foreign }: RefusedPort,
  host: 'client' | 'server',
  sender: { other: string; same: string },
): string {
  if (foreign && !isOfOtherHop(ttl, usualTtl)) return `The ${host} did not send the RST: ${sender.other}.`
  if (foreign) return `The RST has TTL ${ttl}, the ${host}'s other packets have TTL ${usualTtl}: ${sender.other}.`
  if (usualTtl === null)
    return `No other packet with the source address of the RST was captured to compare its TTL of ${ttl} with.`
  return `The RST's TTL of ${ttl} matches the ${host}'s other packets: ${sender.same}.`
}

/** Why an ICMP error was sent, as the end of a sentence. */
export function unreachableWords({ kind }: UnreachablePort): string {
  switch (kind) {
    case 'filter':
      return 'a filter rule rejects it'
    case 'route':
      return 'there is no route to it'
    case 'loop':
      return 'packets run in a routing loop'
    case 'other':
      return 'the SYN was not delivered'
  }
}

function targetOf({ connection: { responder } }: Attempt): string {
  return endpointText(responder.address, responder.port)
}

function firstSyn(connection: Connection): Evidence[] {
  return synEvidence(connection).slice(0, 1)
}

function networkOf(host: 'client' | 'server'): Side {
  return host === 'client' ? 'client-network' : 'server-network'
}

/** From the announcement to the reply that the attempt led to. */
function evidenceOf({ announcement, reply }: Attempt, packets: readonly Evidence[]): [Evidence, ...Evidence[]] {
  return [announcementEvidence(announcement), ...packets, ...(reply ? [replyEvidence(reply)] : [])]
}
