/** Which findings remain: the root causes, without the findings that they explain. */
import type { DataChannel } from '../correlate/model.js'
import { groupOf } from './catalogue.js'
import type { Finding, Level, Rule } from './rule.js'

/** From what is seen last to what came first; `remark` is outside the order. */
const RANK: Readonly<Record<Level, number>> = { remark: 0, aftermath: 1, symptom: 2, effect: 3, cause: 4 }

/** What the two findings concern: the same channel or both the whole session, or one of each. */
export type Scope = 'same' | 'channel-to-session' | 'session-to-channel'

/**
 * Whether a finding of one rule explains one of another, by their levels: a higher level explains a lower one. Across
 * scopes only where that follows: a data channel that failed explains how the session ended, but not its login; what
 * broke the session explains its channels if it is a cause.
 */
export function explains(higher: Rule, lower: Rule, scope: Scope): boolean {
  if (higher.explains?.includes(lower.id)) return true
  // A list is an exception to the levels, in both directions: no two rules explain each other.
  if (lower.explains?.includes(higher.id)) return false
  if (higher.spares?.includes(lower.id) || higher.level === 'remark' || lower.level === 'remark') return false
  if (RANK[higher.level] <= RANK[lower.level]) return false
  if (scope === 'channel-to-session') return lower.level === 'aftermath' && RANK[higher.level] >= RANK.effect
  return scope !== 'session-to-channel' || higher.level === 'cause'
}

/** What the findings of one rule concern: the session as a whole, and these channels. */
interface Presence {
  whole: boolean
  channels: Set<DataChannel>
}

/** The findings that no other finding explains. */
export function unexplained(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings]
  // What may only be missing from the capture explains nothing else.
  const proven = without(findings, findings.filter(isCaptureFault))
  return without(proven, proven)
}

const isCaptureFault = ({ id }: Finding): boolean => groupOf(id) === 'Capture quality'

/**
 * The findings that `reasons` do not explain; each is compared with the rules that found something, since there may be
 * thousands of findings.
 */
function without(findings: readonly Finding[], reasons: readonly Finding[]): Finding[] {
  const present = new Map<Rule, Presence>()
  const harmless = new Map<Rule, Presence>()
  for (const { rule, channel, severity, harmless: didNoHarm } of reasons)
    note(didNoHarm || severity === 'info' ? harmless : present, rule, channel)
  return findings.filter(({ rule, channel }) => {
    for (const [other, presence] of present)
      if (other !== rule && reaches(other, presence, rule, channel, explains)) return false
    for (const [other, presence] of harmless)
      if (other !== rule && reaches(other, presence, rule, channel, names)) return false
    return true
  })
}

function note(presences: Map<Rule, Presence>, rule: Rule, channel: DataChannel | null): void {
  let presence = presences.get(rule)
  if (!presence) presences.set(rule, (presence = { whole: false, channels: new Set() }))
  if (channel === null) presence.whole = true
  else presence.channels.add(channel)
}

/** A harmless finding explains only what its rule names. */
const names: typeof explains = (higher, lower) => higher.explains?.includes(lower.id) ?? false

function reaches(
  higher: Rule,
  { whole, channels }: Presence,
  lower: Rule,
  channel: DataChannel | null,
  relation: typeof explains,
): boolean {
  if (channel === null) {
    if (whole && relation(higher, lower, 'same')) return true
    return channels.size > 0 && relation(higher, lower, 'channel-to-session')
  }
  if (channels.has(channel) && relation(higher, lower, 'same')) return true
  return whole && relation(higher, lower, 'session-to-channel')
}
