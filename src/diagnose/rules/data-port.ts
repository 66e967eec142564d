/**
 * What the pairs of passive and active mode share: a data port that does not answer, refuses, or is unreachable. The
 * rules of each pair differ in whom they name and in what they advise.
 */
import type { Mode } from '../../ftp/model.js'
import type { Connection } from '../../tcp/connection.js'
import type { Attempt } from '../facts/attempt.js'
import type { SessionFacts } from '../facts/session-facts.js'
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

/** SYNs to the announced port without an answer, or whose answer was never acknowledged. */
export interface SilentPort extends Fact {
  kind: 'silent' | 'half-open'
  /** Address and port that were announced, as text. */
  target: string
  tries: number
  /** From the first SYN to the last, in nanoseconds. */
  span: number
  /** SYN,ACKs that were captured. */
  synAcks: number
  /** Captured at the host that should have answered. */
  atListener: boolean
}

export function* silentPorts(facts: SessionFacts, mode: Mode): Generator<Observation<SilentPort>> {
  for (const attempt of facts.attempts(mode)) {
    const { failure, listener, tries, span } = attempt
    if ((failure.result !== 'silent' && failure.result !== 'half-open') || attempt.hasty) continue
    const atListener = facts.vantage.at === listener
    yield {
      fact: {
        kind: failure.result,
        target: targetOf(attempt),
        tries,
        span,
        synAcks: failure.result === 'half-open' ? failure.synAcks : 0,
        atListener,
      },
      side: atListener ? listener : failure.result === 'half-open' ? 'path' : networkOf(listener),
      confidence: tries > 1 ? 'high' : 'medium',
      evidence: evidenceOf(attempt, synEvidence(attempt.connection)),
      channel: attempt.channel,
    }
  }
}

/** A RST in answer to the SYN. */
export interface RefusedPort extends Fact {
  kind: 'refused'
  target: string
  /** TTL of the RST, and that of the other packets with its source address; `null` where none was captured. */
  ttl: number
  usualTtl: number | null
  /** Another machine sent it: the TTLs differ. */
  foreign: boolean
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
  /** Who sent the ICMP error. */
  icmpFrom: string
  /** What it says: "host administratively prohibited". */
  icmp: string
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
      },
      side: kind === 'filter' ? networkOf(listener) : 'path',
      confidence: 'high',
      evidence: evidenceOf(attempt, [...firstSyn(connection), icmpEvidence(error)]),
      channel: attempt.channel,
    }
  }
}

/** Who sent the ICMP error, what it says, and why, as the end of a sentence. */
export function unreachableWords({ kind, icmp, icmpFrom }: UnreachablePort): string {
  return `${icmpFrom} with ICMP "${icmp}": ${CAUSES[kind]}`
}

const NO_ROUTE = 'there is no route to it'
const CAUSES = { filter: 'a filter rule rejects it', loop: 'packets run in a loop', route: NO_ROUTE, other: NO_ROUTE }

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
