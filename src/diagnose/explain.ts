/** Which findings remain: the roots, without what they explain. */
import type { DataChannel } from '../correlate/model.js'
import type { Finding, Level, Rule } from './rule.js'

/** From what is seen last to what came first; `remark` is outside the order. */
const RANK: Readonly<Record<Level, number>> = { remark: 0, aftermath: 1, symptom: 2, effect: 3, cause: 4 }

/** What the two findings concern: the same channel or both the whole session, or one of each. */
export type Scope = 'same' | 'channel-to-session' | 'session-to-channel'

/**
 * Whether a finding of one rule explains one of another, by their levels: the higher the lower. Across scopes only where that follows: a data
 * channel that failed explains how the session ended, but not its login; what broke the session explains its channels if it is a cause.
 */
export function explains(higher: Rule, lower: Rule, scope: Scope): boolean {
  if (higher.explains?.includes(lower.id)) return true
  if (higher.spares?.includes(lower.id) || higher.level === 'remark' || lower.level === 'remark') return false
  if (RANK[higher.level] <= RANK[lower.level]) return false
  if (scope === 'channel-to-session') return lower.level === 'aftermath' && RANK[higher.level] >= RANK.effect
  return scope !== 'session-to-channel' || higher.level === 'cause'
}

/** Where findings of one rule stand: on the session as a whole, and on these channels. */
interface Presence {
  whole: boolean
  channels: Set<DataChannel>
}

/** The findings that no other one explains; each is compared with the rules that found something, since there may be thousands of findings. */
export function unexplained(findings: readonly Finding[]): Finding[] {
  const present = new Map<Rule, Presence>()
  for (const { rule, channel, severity, harmless } of findings) {
    // What did no harm explains only what it names.
    if ((harmless || severity === 'info') && !rule.explains) continue
    let presence = present.get(rule)
    if (!presence) present.set(rule, (presence = { whole: false, channels: new Set() }))
    if (channel === null) presence.whole = true
    else presence.channels.add(channel)
  }
  return findings.filter(({ rule, channel }) => {
    for (const [other, presence] of present) if (other !== rule && reaches(other, presence, rule, channel)) return false
    return true
  })
}

function reaches(higher: Rule, { whole, channels }: Presence, lower: Rule, channel: DataChannel | null): boolean {
  if (channel === null) {
    if (whole && explains(higher, lower, 'same')) return true
    return channels.size > 0 && explains(higher, lower, 'channel-to-session')
  }
  if (channels.has(channel) && explains(higher, lower, 'same')) return true
  return whole && explains(higher, lower, 'session-to-channel')
}
