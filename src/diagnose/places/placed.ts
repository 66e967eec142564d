import type { PathFacts } from '../facts/path-facts.js'
import { type FindingId, groupOf } from '../catalogue.js'
import type { Finding, Side } from '../rule.js'
import { type Whereabouts, whereaboutsOf } from './whereabouts.js'

/**
 * A finding with where its packets went, as the other places show it: what a fate proves is certain, and lies between
 * the two places that it names.
 */
export function placed(finding: Finding, path: PathFacts): Finding {
  if (finding.severity === 'info' || groupOf(finding.id) === 'Capture quality') return finding
  if (finding.rule.tellsWhere?.(finding.fact)) return finding
  const where = whereaboutsOf(finding, path)
  const known = cameToServer(finding, path) ? withoutBalancer(finding) : finding
  if (!where) return known
  return {
    ...known,
    ...(where.kind === 'answer-lost' && where.proved && { fact: { ...finding.fact, answerLost: true } }),
    where,
    side: sideOf(where, finding),
    confidence: where.proved ? 'high' : finding.confidence,
    rivals: rivalsOf(where, known),
  }
}

/** Whether the capture at the server, which has the control connection, has the finding's data connection as well. */
function cameToServer({ channel }: Finding, path: PathFacts): boolean {
  const connection = channel?.connection ? path.connectionPath(channel.connection) : null
  return connection?.slots.some((slot) => path.positions[slot] === 'server') ?? false
}

function withoutBalancer(finding: Finding): Finding {
  const rivals = finding.rivals.filter((id) => id !== 'load-balancer-split')
  return rivals.length === finding.rivals.length ? finding : { ...finding, rivals }
}

/** Without those that the fate of the packet excludes. */
function rivalsOf(where: Whereabouts, { rivals, rule }: Finding): Finding['rivals'] {
  if (wasLost(where)) return rivals.filter((id) => !DID_NOTHING.has(id))
  // It would have sent its SYN past the capture beside it.
  if (where.kind === 'arrived' && where.proved && rule.awaits === where.here.at)
    return rivals.filter((id) => !SYN_LOST.has(id))
  return rivals
}

const SYN_LOST: ReadonlySet<FindingId> = new Set<FindingId>(['active-port-unanswered', 'passive-port-unanswered'])

/** Causes that consist in an end that received everything and sent nothing. */
const DID_NOTHING: ReadonlySet<FindingId> = new Set<FindingId>([
  'active-not-attempted',
  'command-unanswered',
  'greeting-missing',
  'passive-not-attempted',
])

function wasLost({ kind, proved }: Whereabouts): boolean {
  return proved && (kind === 'lost' || kind === 'answer-lost')
}

const NETWORK: readonly Side[] = ['client-network', 'path', 'server-network']

/**
 * Who has to act. A cause that a rule can name is where the rule sees it; of what merely failed, between two captures,
 * one of the networks; at the end of the path, the host.
 */
function sideOf({ kind, here, there }: Whereabouts, { side, rule }: Finding): Side {
  if (rule.level === 'cause') return side
  if (kind === 'arrived') return here.at === 'client' || here.at === 'server' ? here.at : side
  if ((side === 'client' || side === 'server') && kind === 'changed') return side
  const ends = [here.at, there.at]
  const [atClient, atServer] = [ends.includes('client'), ends.includes('server')]
  if (atClient && !atServer) return 'client-network'
  if (atServer && !atClient) return 'server-network'
  return NETWORK.includes(side) ? side : 'path'
}
