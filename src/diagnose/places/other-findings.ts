import { groupOf } from '../catalogue.js'
import type { DataChannel } from '../../correlate/model.js'
import { unexplained } from '../explain.js'
import { lacksDialogue } from '../facts/holes.js'
import type { Judgement } from '../judge.js'
import { type Finding, SEVERITIES } from '../rule.js'
import { conclude } from '../verdict.js'
import { hasMissed, type Whereabouts } from './whereabouts.js'

/**
 * The judgement of a session, with what the other places prove and its own place does not show. Where that explains
 * what its own place found to be the cause, the verdict is another.
 */
export function withOthers(chosen: Judgement, all: readonly (Judgement | null)[]): Judgement {
  const { facts, findings, verdict } = chosen
  const known = new Set(findings.map(({ id }) => id))
  const added: Finding[] = []
  for (const other of all) {
    if (!other || other === chosen) continue
    for (const finding of other.findings) {
      if (known.has(finding.id) || !isProven(finding, other)) continue
      const own = onChannelOf(finding, other, chosen)
      if (!own || isContradicted(own, chosen) || findings.some((each) => tellsTheSame(each, own))) continue
      known.add(own.id)
      added.push(own)
    }
  }
  if (added.length === 0) return chosen
  const merged = unexplained([...findings, ...added]).sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  )
  const { cause } = verdict
  const stands = cause === null || merged.includes(cause)
  return { ...chosen, findings: merged, verdict: stands ? verdict : conclude(facts, merged) }
}

/** The fate of its packets proves it, or all of its own place is there, and it is as certain as the cause. */
function isProven({ id, severity, where, confidence }: Finding, { session, facts }: Judgement): boolean {
  if (severity === 'info' || groupOf(id) === 'Capture quality') return false
  if (where) return where.proved
  const path = facts.path!
  return confidence !== 'low' && !facts.lacksWords && !lacksDialogue(session) && !hasMissed(path, path.slot)
}

/** The finding, as of the channel that the place of the verdict has; `null` if that place has no such channel. */
function onChannelOf(finding: Finding, other: Judgement, chosen: Judgement): Finding | null {
  const { channel } = finding
  if (!channel) return finding
  const slot = chosen.facts.path!.slot
  const there = other.facts.path!.channelElsewhere(channel).find((each) => each.slot === slot)
  return there ? { ...finding, channel: there.channel } : null
}

/** The place of the verdict shows that what the finding is about has worked. */
function isContradicted({ severity, channel, harmless }: Finding, { facts, verdict }: Judgement): boolean {
  if (severity !== 'error' || harmless) return false
  return channel ? hasWorked(channel, facts) : verdict.outcome === 'ok'
}

function hasWorked(channel: DataChannel, facts: Judgement['facts']): boolean {
  return facts.isFine(channel) || facts.madeGood(channel)
}

/** Both are of one packet that was lost. */
function tellsTheSame({ where: one }: Finding, { where: other }: Finding): boolean {
  if (one === null || other === null || !LOSSES.includes(one.kind) || !LOSSES.includes(other.kind)) return false
  return one.here.file === other.here.file && one.here.frame === other.here.frame && one.there.slot === other.there.slot
}

const LOSSES: readonly Whereabouts['kind'][] = ['lost', 'answer-lost']
