/** Which capture would settle what this one leaves open. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { groupOf } from '../groups.js'
import type { FindingId } from '../finding-ids.js'
import type { Group } from '../registry.js'
import type { Finding } from '../rule.js'
import { type Vantage, vantageOf } from '../facts/vantage.js'

/** Faults of the capture itself, and the capture that has not got them. */
const BETTER_CAPTURE: Partial<Record<FindingId, (session: Session) => string>> = {
  'capture-one-sided': () =>
    'A capture of both directions, on one of the two hosts or on a mirror port that copies both, would settle it.',
  'capture-starts-inside': () => 'A capture that is started before the client connects would settle it.',
  'capture-ends-inside': () => 'A capture that goes on until the client has closed, or has given up, would settle it.',
  'capture-loss': () =>
    'A capture that loses no packets would settle it (tcpdump -B 65536 -w FILE, or one on another host).',
  'capture-snap-length': () => 'A capture of whole packets (tcpdump -s 0) would settle it.',
  'capture-filter-suspected': ({ control }) =>
    `A capture of all TCP and ICMP between the two hosts would settle it, not of the control port alone: tcpdump -w FILE "host ${control.responder.address} and (tcp or icmp or icmp6)".`,
}

/** For a verdict that is not sure: where to capture, and what to look for there. `null` where nothing is open. */
export function settledBy(
  session: Session,
  outcome: string,
  confidence: string,
  findings: readonly Finding[],
  cause: Finding | null,
): string | null {
  if (outcome === 'ok' || confidence === 'high') return null
  // A fault of the capture comes first: another one at a better place would have it too.
  const fault = [cause?.id, ...(outcome === 'undetermined' || confidence === 'low' ? findings.map((f) => f.id) : [])]
  for (const id of fault) {
    const better = id && BETTER_CAPTURE[id]
    if (better) return better(session)
  }
  if (!cause) return session.cutOff ? BETTER_CAPTURE['capture-ends-inside']!(session) : null
  const there = otherSide(vantageOf(session).at, cause)
  const where =
    there === 'both'
      ? 'Captures beside the client and beside the server at the same time'
      : `A capture beside the ${there} at the same time`
  return `${where} would settle it: ${question(session, cause, there)}.`
}

/** Where the capture is missing: across from this one. */
function otherSide(at: Vantage, cause: Finding): 'client' | 'server' | 'both' {
  if (at === 'client') return 'server'
  if (at === 'server') return 'client'
  if (cause.side === 'client' || cause.side === 'client-network') return 'client'
  if (cause.side === 'server' || cause.side === 'server-network') return 'server'
  return 'both'
}

/** What the other capture has to be asked. */
function question(session: Session, cause: Finding, there: 'client' | 'server' | 'both'): string {
  const { channel } = cause
  const group = groupOf(cause.id)
  if (channel && (group === 'Passive' || group === 'Active' || cause.id === 'tls-hides-announcement'))
    return dataQuestion(session, channel, there)
  const open = unansweredCommand(session)
  if (cause.id === 'command-unanswered' && open)
    return there === 'client'
      ? `does the answer to ${open.command} (here #${open.frame}) arrive there`
      : `does ${open.command} (here #${open.frame}) arrive there, and is it answered`
  return QUESTIONS[group]
}

function dataQuestion(session: Session, channel: DataChannel, there: 'client' | 'server' | 'both'): string {
  const initiator = channel.mode === 'passive' ? 'client' : 'server'
  const port = channel.to.port === null ? '' : ` to port ${channel.to.port}`
  // Addresses may have been translated in between; the port is what both sides have in common.
  const syn = `the ${initiator}'s SYN${port}`
  if (there === initiator) return `does ${syn} leave it, and what answers`
  if (there !== 'both') return `does ${syn} arrive there, and what answers`
  return `where does ${syn} get lost, or its answer (announced in #${channel.announcement?.frame ?? session.control.first.frame})`
}

function unansweredCommand({ dialogue }: Session): { command: string; frame: number } | null {
  const open = dialogue.exchanges.findLast(({ command, replies }) => command !== null && replies.length === 0)
  return open ? { command: open.command!, frame: open.frame } : null
}

const QUESTIONS: Record<Group, string> = {
  'Control connection': 'which packets of the control connection arrive there, and what answers them',
  Passive: 'does the SYN of the data connection arrive there, and what answers',
  Active: 'does the SYN of the data connection leave, and what answers',
  FTPS: 'which packets of the data connection arrive there (or the log of the server, which knows what TLS hides)',
  Transfers: 'which segments of the data connection arrive there, and who stops first',
  'Boxes on the way': 'does the announcement arrive there as it was sent here',
  Security: 'who opens the connections there',
  'Capture quality': 'what this capture lacks',
}
